"""Where coming time is not covered: open places, needs that nobody meets, too few in the house, not given out yet.

Only who can be there counts: somebody who stepped back, who left the house's work, or who went home is not there for
the rest of a shift. Nothing here says who is missing; a gap is about the house.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import day_begins, instant_of, local
from respite.staffing.models import Shift, ShiftPattern
from respite.staffing.policy.gaps import Level, Span, levels, too_few, without
from respite.staffing.policy.patterns import Need, in_force, needs_of, turns
from respite.staffing.policy.shifts import LONGEST_SHIFT, ShiftKind
from respite.staffing.policy.tags import language_in
from respite.staffing.queries.credentials import Held, tag_name
from respite.staffing.queries.duty import DutyDays
from respite.staffing.queries.patterns import patterns_between
from respite.staffing.queries.shifts import can_be_there
from respite.staffing.queries.tags import held_by, holds

#: A shift that is not given out so long before it begins is a gap.
PUBLISHED_BEFORE = timedelta(days=14)
#: Whoever goes home so shortly before the end of their shift leaves no gap.
NEARLY_OVER = timedelta(minutes=30)
#: A stretch begins at most a day back, at a noon; a shift over it began at most so long before that.
BACK = 2 * LONGEST_SHIFT


@dataclass(frozen=True, slots=True)
class Missing:
    """Of those on, `there` hold the tag and `least` are to."""

    tag: str
    least: int
    there: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of coming time that is not covered as it should be.

    Mostly it is one shift with all its places: `taken` of `places` have somebody who can be there. With no `places` at
    all, no shift stands there, and fewer than `least` would be in the house. `key` stays the same while the gap does.
    """

    key: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    published: bool = True
    places: int = 0
    taken: int = 0
    open_shifts: tuple[uuid.UUID, ...] = ()  # places that nobody has, or nobody who can be there
    missing: tuple[Missing, ...] = ()
    needs: tuple[Need, ...] = ()
    below_least: bool = False
    least: int = 0
    there: int = 0  # fewest in the house at any time of it


@dataclass(frozen=True, slots=True)
class Taken:
    shift_id: uuid.UUID
    person_id: uuid.UUID | None
    kind: str
    pattern_id: uuid.UUID | None
    day: date | None
    starts_at: datetime
    ends_at: datetime
    went_at: datetime | None
    published: bool
    there: bool

    @property
    def present(self) -> Span:
        """The time for which somebody on it can be there."""
        return self.starts_at, self.ends_at if self.went_at is None else min(self.ends_at, self.went_at)

    @property
    def stays(self) -> bool:
        """Whether somebody has it who can be there until its end, or nearly."""
        return self.there and self.ends_at - self.present[1] <= NEARLY_OVER

    @property
    def counts(self) -> Span:
        """The time for which the house counts on them."""
        return (self.starts_at, self.ends_at) if self.stays else self.present


def gaps_between(session: Session, house: House, begin: datetime, end: datetime, now: datetime) -> list[Gap]:
    """The gaps that touch the time from `begin`, before `end`, and are not over, the first one first."""
    begin = max(begin, now)
    if begin >= end:
        return []
    places = taken_between(session, house.id, begin - BACK, end + LONGEST_SHIFT)
    first, last = (local(at, house.timezone).date() for at in (begin - BACK, end))
    patterns = patterns_between(session, house.id, first, last + timedelta(days=1))
    look = _Look(session, house, places, {each.id: each for each in patterns}, now)
    turns_found = list(look.turns())
    found = [gap for gap in turns_found if gap.starts_at < end and gap.ends_at > begin]
    found += look.floor(begin, end, [(g.starts_at, g.ends_at) for g in turns_found if g.kind == ShiftKind.FLOOR])
    return sorted(found, key=lambda gap: (gap.starts_at, gap.kind != ShiftKind.FLOOR, gap.ends_at, gap.key))


class _Look:
    def __init__(
        self,
        session: Session,
        house: House,
        places: Sequence[Taken],
        patterns: Mapping[uuid.UUID, ShiftPattern],
        now: datetime,
    ) -> None:
        self.house, self.places, self.patterns, self.now = house, places, patterns, now
        self.duty = DutyDays(session, house)
        self.held: dict[uuid.UUID, list[Held]] = {}
        if any(pattern.needs or pattern.everyone for pattern in patterns.values()):
            self.held = held_by(session, house.id, {p.person_id for p in places if p.person_id})

    def turns(self) -> Iterable[Gap]:
        """Shifts with all their places that lack something."""
        together: dict[tuple[object, ...], list[Taken]] = defaultdict(list)
        for place in self.places:
            if place.ends_at > self.now:
                of = place.pattern_id if place.day else None
                together[of, place.day, place.kind, place.starts_at, place.ends_at].append(place)
        for turn in together.values():
            gap = self._turn(turn)
            if gap is not None:
                yield gap

    def _turn(self, turn: list[Taken]) -> Gap | None:
        one = turn[0]
        published = any(place.published for place in turn)
        if not published and one.starts_at - self.now >= PUBLISHED_BEFORE:
            return None
        pattern = self._pattern_of(one)
        still = [place for place in turn if place.stays]
        needs = needs_of(pattern.needs) if pattern is not None else ()
        fewest = self._fewest(one) if one.kind == ShiftKind.FLOOR else 0
        least = self._least(one.starts_at) if one.kind == ShiftKind.FLOOR else 0
        gap = Gap(
            key=f"{one.pattern_id}:{one.day}" if pattern is not None else f"shift:{min(p.shift_id for p in turn)}",
            kind=one.kind,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            published=published,
            places=len(turn),
            taken=len(still),
            open_shifts=tuple(place.shift_id for place in turn if not place.stays),
            missing=tuple(self._missing(pattern, one, still)) if pattern is not None and published else (),
            needs=needs,
            below_least=published and fewest < least,
            least=least,
            there=fewest,
        )
        return gap if not published or gap.open_shifts or gap.missing else None

    def _pattern_of(self, place: Taken) -> ShiftPattern | None:
        """The pattern that asks for it; none for one put on by hand, or that its pattern asks for no more."""
        pattern = self.patterns.get(place.pattern_id) if place.pattern_id else None
        return pattern if pattern is not None and place.day and in_force(pattern, place.day) else None

    def _missing(self, pattern: ShiftPattern, one: Taken, still: list[Taken]) -> Iterable[Missing]:
        day = local(one.starts_at, self.house.timezone).date()
        on = {place.person_id for place in still if place.person_id}
        beside = on | {
            place.person_id
            for place in self.places
            if place.person_id
            and place.there
            and place.published
            and place.kind == one.kind
            and place.present[0] <= one.starts_at
            and one.ends_at <= place.present[1]
        }
        for need in needs_of(pattern.needs):
            there = sum(holds(self.held, person_id, need.tag, day) for person_id in beside)
            if there < need.least:
                yield Missing(need.tag, need.least, there)
        for tag in pattern.everyone:
            there = sum(holds(self.held, person_id, tag, day) for person_id in on)
            if there < len(on):
                yield Missing(tag, len(on), there)

    def floor(self, begin: datetime, end: datetime, taken: Sequence[Span]) -> Iterable[Gap]:
        """Time outside those shifts in which fewer than the house's least would be in it."""
        since = begin - LONGEST_SHIFT
        over = [p.present for p in self.places if p.kind == ShiftKind.FLOOR and p.ends_at <= self.now]
        asked = without(self._hours_of_the_house(since, end), over)
        cuts = self._noons(since, end)
        short = [
            each
            for span in without(asked, taken)
            for each in too_few(levels(self._expected(), *span, cuts=cuts), self._least, cuts=cuts)
        ]
        for each in short:
            if each.end > begin:
                yield Gap(
                    key=f"floor:{each.begin:%Y%m%dT%H%M}",
                    kind=ShiftKind.FLOOR,
                    starts_at=each.begin,
                    ends_at=each.end,
                    below_least=True,
                    least=self._least(each.begin),
                    there=each.count,
                )

    def _hours_of_the_house(self, begin: datetime, end: datetime) -> list[Span]:
        """When somebody has to be in it: at all times where people sleep, else while a pattern says so."""
        floor = [each for each in self.patterns.values() if each.kind == ShiftKind.FLOOR]
        first, last = local(begin, self.house.timezone).date(), local(end, self.house.timezone).date()
        before, after = first - timedelta(days=1), last + timedelta(days=1)
        if not self.house.has_beds:
            open_spans = [(b, e) for each in floor for _day, b, e in turns(each, before, after, self.house.timezone)]
            return [(each.begin, each.end) for each in _joined(open_spans, begin, end)]
        days = [before + timedelta(days=n) for n in range((after - before).days)]
        counting = [
            (day_begins(day, self.house.timezone), day_begins(day + timedelta(days=1), self.house.timezone))
            for day in days
            if any(in_force(each, day) for each in floor)
        ]
        return [(each.begin, each.end) for each in _joined(counting, begin, end)]

    def _expected(self) -> list[Span]:
        """Everybody who is to be in the house; a place that is not given out yet counts as one that will be."""
        return [
            place.counts
            for place in self.places
            if place.kind == ShiftKind.FLOOR and (place.there or not place.published)
        ]

    def _fewest(self, one: Taken) -> int:
        spans = [p.counts for p in self.places if p.kind == ShiftKind.FLOOR and p.there and p.published]
        return min((each.count for each in levels(spans, max(one.starts_at, self.now), one.ends_at)), default=0)

    def _least(self, at: datetime) -> int:
        return self.duty.on(local(at, self.house.timezone).date()).floor_least

    def _noons(self, begin: datetime, end: datetime) -> list[datetime]:
        first, last = (local(at, self.house.timezone).date() for at in (begin, end))
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [instant_of(datetime.combine(day, time(12)), self.house.timezone) for day in days]


def _joined(spans: Sequence[Span], begin: datetime, end: datetime) -> list[Level]:
    """The time over which at least one of the spans stands, in as few stretches as can be."""
    return too_few([Level(each.begin, each.end, -each.count) for each in levels(spans, begin, end)], lambda _at: 0)


def taken_between(session: Session, house_id: uuid.UUID, begin: datetime, end: datetime) -> list[Taken]:
    """Every place of the list, of drafts too, and whether somebody has it who can be there."""
    found = session.execute(
        sa.select(
            Shift.id,
            Shift.person_id,
            Shift.kind,
            Shift.pattern_id,
            Shift.day,
            Shift.starts_at,
            Shift.ends_at,
            Shift.went_at,
            Shift.published_at.is_not(None),
            sa.case((can_be_there(), True), else_=False),
        )
        .where(Shift.house_id == house_id, Shift.ends_at > begin, Shift.starts_at < end)
        .order_by(Shift.starts_at, Shift.id)
    )
    return [Taken(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Ahead:
    """The gaps of the next two weeks, with the house's own names for what is needed."""

    gaps: tuple[Gap, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


NOTHING_OPEN = Ahead()


def gaps_ahead(session: Session, house: House, now: datetime) -> Ahead:
    found = gaps_between(session, house, now, now + PUBLISHED_BEFORE, now)
    tags = {each.tag for gap in found for each in gap.missing if language_in(each.tag) is None}
    return Ahead(tuple(found), {tag: tag_name(session, house.id, tag) for tag in tags})
