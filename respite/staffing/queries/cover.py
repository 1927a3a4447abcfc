"""Cover as it really was: who came and went, minute by minute, against what the house asked for.

It counts people in the house and tags they hold, never who they are: no name stands here, and nobody's minutes are
compared with anybody's plan.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import day_begins, local
from respite.staffing.models import Shift, ShiftPattern, ShiftStep
from respite.staffing.policy.patterns import needs_of, turns
from respite.staffing.policy.shifts import LONGEST_SHIFT, ShiftKind
from respite.staffing.policy.worked import MINUTE, present
from respite.staffing.queries.duty import DutyDays
from respite.staffing.queries.patterns import patterns_between
from respite.staffing.queries.tags import held_by, holds


@dataclass(frozen=True, slots=True)
class TagCover:
    tag: str
    least: int
    there: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in which the same number of people were in the house, and the same was asked for."""

    begin: datetime
    end: datetime
    here: int
    asked: int
    tags: tuple[TagCover, ...]

    @property
    def short(self) -> bool:
        return self.here < self.asked or any(each.there < each.least for each in self.tags)

    @property
    def minutes(self) -> int:
        return (self.end - self.begin) // MINUTE


@dataclass(frozen=True, slots=True)
class Done:
    """Something the house did so that somebody comes, or that somebody did."""

    at: datetime
    step: str  # policy.watching.Step, an answer to one, or "came"


@dataclass(frozen=True, slots=True)
class Breach:
    """Neighbouring stretches with less than was asked for, and what was done."""

    begin: datetime
    end: datetime
    stretches: tuple[Stretch, ...]
    done: tuple[Done, ...]

    @property
    def minutes(self) -> int:
        return (self.end - self.begin) // MINUTE


@dataclass(frozen=True, slots=True)
class Cover:
    stretches: tuple[Stretch, ...]
    breaches: tuple[Breach, ...]

    @property
    def minutes(self) -> int:
        return sum(each.minutes for each in self.stretches)

    @property
    def short_minutes(self) -> int:
        return sum(each.minutes for each in self.breaches)


@dataclass(frozen=True, slots=True)
class _There:
    person_id: uuid.UUID
    begin: datetime
    end: datetime


def cover_between(session: Session, house: House, first: date, until: date, now: datetime) -> Cover:
    """The cover of the days from `first`, before `until`, as far as they are over."""
    begin = day_begins(first, house.timezone)
    end = min(day_begins(until, house.timezone), now.replace(second=0, microsecond=0))
    if begin >= end:
        return Cover((), ())
    there = _there(session, house.id, begin, end, now)
    asked = _asked(session, house, first, until)
    duty = DutyDays(session, house)
    tags = set(_needed([pattern for _begin, _end, pattern in asked]))
    held = held_by(session, house.id, {each.person_id for each in there}) if tags else {}
    days = [day_begins(first + timedelta(days=n), house.timezone) for n in range((until - first).days)]
    edges = {begin, end, *days}
    edges |= {at for each in there for at in (each.begin, each.end)} | {at for b, e, _p in asked for at in (b, e)}
    found: list[Stretch] = []
    for at, after in pairwise(sorted(edge for edge in edges if begin <= edge <= end)):
        on = [p for b, e, p in asked if b <= at and after <= e]
        here = {each.person_id for each in there if each.begin <= at and after <= each.end}
        day = local(at, house.timezone).date()
        counts = {tag: sum(holds(held, person_id, tag, day) for person_id in here) for tag in tags}
        least = duty.on(day).floor_least if on or (house.has_beds and asked) else 0
        wanted = max(least, sum(p.seats for p in on))
        needs = tuple(TagCover(tag, number, counts[tag]) for tag, number in sorted(_needed(on).items()))
        _add(found, Stretch(at, after, len(here), wanted, needs))
    return Cover(tuple(found), tuple(_breaches(session, house.id, found, there)))


def _needed(on: Sequence[ShiftPattern]) -> dict[str, int]:
    """The most that any of the patterns over that time asks of a tag."""
    least: dict[str, int] = defaultdict(int)
    for pattern in on:
        for need in needs_of(pattern.needs):
            least[need.tag] = max(least[need.tag], need.least)
        for tag in pattern.everyone:
            least[tag] = max(least[tag], pattern.seats)
    return least


def _add(found: list[Stretch], each: Stretch) -> None:
    last = found[-1] if found else None
    if last is not None and (last.here, last.asked, last.tags) == (each.here, each.asked, each.tags):
        found[-1] = Stretch(last.begin, each.end, last.here, last.asked, last.tags)
    else:
        found.append(each)


def _there(session: Session, house_id: uuid.UUID, begin: datetime, end: datetime, now: datetime) -> list[_There]:
    """Who said that they were in the house, and when; to the minute."""
    found = session.scalars(
        sa.select(Shift).where(
            Shift.house_id == house_id,
            Shift.kind == ShiftKind.FLOOR,
            Shift.person_id.is_not(None),
            Shift.came_at.is_not(None),
            Shift.ends_at > begin - LONGEST_SHIFT,
            Shift.starts_at < end + LONGEST_SHIFT,
        )
    )
    spans = []
    for shift in found:
        span = present(shift.ends_at, shift.came_at, shift.went_at, shift.stays_on_at, now)
        if span is not None and shift.person_id is not None:
            b, e = (at.replace(second=0, microsecond=0) for at in span)
            if b < e and b < end and e > begin:
                spans.append(_There(shift.person_id, max(b, begin), min(e, end)))
    return spans


def _asked(session: Session, house: House, first: date, until: date) -> list[tuple[datetime, datetime, ShiftPattern]]:
    """Each time that a pattern asked somebody into the house, by the patterns of that day."""
    before = first - timedelta(days=1)
    return [
        (begin, end, pattern)
        for pattern in patterns_between(session, house.id, before, until)
        if pattern.kind == ShiftKind.FLOOR
        for _day, begin, end in turns(pattern, before, until, house.timezone)
    ]


def _breaches(
    session: Session, house_id: uuid.UUID, found: Sequence[Stretch], there: Sequence[_There]
) -> Iterable[Breach]:
    together: list[list[Stretch]] = []
    for each in found:
        if not each.short:
            continue
        if together and together[-1][-1].end == each.begin:
            together[-1].append(each)
        else:
            together.append([each])
    steps = _steps(session, house_id, together)
    for group in together:
        begin, end = group[0].begin, group[-1].end
        # The minutes around it belong to it: what was asked just before, and who ended it.
        done = [each for each in steps if begin - 30 * MINUTE <= each.at < end + MINUTE]
        done += [Done(each.begin, "came") for each in there if begin < each.begin <= end]
        yield Breach(begin, end, tuple(group), tuple(sorted(set(done), key=lambda each: (each.at, each.step))))


def _steps(session: Session, house_id: uuid.UUID, together: Sequence[Sequence[Stretch]]) -> list[Done]:
    if not together:
        return []
    begin, end = together[0][0].begin - 30 * MINUTE, together[-1][-1].end + MINUTE
    found = session.execute(
        sa.select(ShiftStep.at, ShiftStep.step).where(
            ShiftStep.house_id == house_id,
            ShiftStep.at >= begin,
            ShiftStep.at < end,
            ShiftStep.told_id.is_not(None),  # a step for which there was nobody to ask is nothing that was done
        )
    )
    return [Done(at.replace(second=0, microsecond=0), step) for at, step in found]
