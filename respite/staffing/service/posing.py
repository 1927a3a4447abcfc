"""A house's rows as a problem of the roster: what filling is given, and what the judge of rules judges by.

Floor and on call are two problems: rest, hours and nights bind on the floor alone. Days count from the first one asked
for, minutes from its midnight.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY, day_begins, local
from respite.staffing.policy.duty import Duty
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.policy.strictest import strictest
from respite.staffing.queries.availability import Worker, workers_of
from respite.staffing.queries.duty import duty_through
from respite.staffing.queries.places import Place, places_between
from respite.staffing.roster.parts import Assignment, Burden, Cover, Kind, Need, Shift
from respite.staffing.roster.problem import Problem
from respite.staffing.service.posing_people import Away, absences_of, person_of, wishes_of

AROUND = 14  # days before and after that are looked at: any stretch of days in a row and any week lies inside
QUARTER = timedelta(days=91)  # over which nights and weekends are shared
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Posed:
    """The problem, the day from which it counts, and the places behind each of its shifts."""

    problem: Problem
    first: date
    places: dict[Shift, list[Place]]


class Ground:
    """Where a problem stands: its days, the rules of each, and shifts as it names them."""

    def __init__(self, session: Session, house: House, first: date, until: date) -> None:
        self.session = session
        self.house = house
        self.first = first
        self.days = (until - first).days
        self.zero = day_begins(first, house.timezone)
        self._rules = duty_through(session, house, first, until)

    @property
    def duty(self) -> Duty:
        """What binds on all of the days."""
        return strictest(self._rules)

    def duty_in(self, first: int, until: int) -> Duty:
        """What binds on those of the days that lie in a stretch."""
        return strictest(self._rules[max(first, 0) : min(until, self.days)] or self._rules[:1])

    def shift(self, place: Place) -> Shift:
        return Shift((place.day - self.first).days, place.group)

    def minute(self, at: datetime) -> int:
        return (at - self.zero) // MINUTE

    def span(self, place: Place) -> tuple[int, int]:
        return self.minute(place.starts_at), self.minute(place.ends_at)

    def kinds(self, places: Iterable[Place]) -> tuple[Kind, ...]:
        found: dict[str, Kind] = {}
        for place in places:
            here = local(place.starts_at, self.house.timezone)
            start, minutes = here.hour * 60 + here.minute, (place.ends_at - place.starts_at) // MINUTE
            found.setdefault(place.group, Kind(id=place.group, start=start, minutes=minutes, night=place.night))
        return tuple(found.values())


def pose(session: Session, house: House, first: date, until: date, kind: str, now: datetime) -> Posed:
    """The places of one kind that begin on the days from `first`, before `until`, as the drafts have them, to fill.

    What has begun is no longer filled; who has it keeps it.
    """
    ground = Ground(session, house, first, until)
    every = places_between(session, house, first - timedelta(days=AROUND), until + timedelta(days=AROUND), drafts=True)
    workers = workers_of(session, house)
    inside = [each for each in every if first <= each.day < until]
    mine = [each for each in inside if each.kind == kind and (each.starts_at > now or each.person_id is not None)]
    outside = [each for each in every if each.kind == kind and not first <= each.day < until]
    # The other kind's places of these days are decided in the same run, unless they are locked or have begun.
    settled = [
        each
        for each in every
        if each.kind != kind and (each.locked or each.starts_at <= now or not first <= each.day < until)
    ]
    stands = {each.shift_id for each in mine if each.locked or each.starts_at <= now}
    had = {each.person_id for each in mine if each.shift_id in stands}
    workers = [each for each in workers if each.is_filled or each.id in had]
    ids = {each.id for each in workers}
    by_shift: dict[Shift, list[Place]] = defaultdict(list)
    for each in mine:
        by_shift[ground.shift(each)].append(each)
    away = Away(session, house, [each.id for each in workers], ground.zero, settled)
    published = [each for each in places_between(session, house, first, until, drafts=False) if each.kind == kind]
    problem = Problem(
        days=ground.days,
        kinds=ground.kinds([*mine, *outside, *published]),
        people=tuple(person_of(ground, worker, kind) for worker in workers),
        covers=tuple(_cover(shift, places, ground.duty) for shift, places in by_shift.items()),
        first_weekday=first.weekday(),
        absences=tuple(absences_of(ground, workers, mine, away)),
        wishes=tuple(wishes_of(ground, workers, mine, away)),
        burdens=tuple(_burdens(ground, workers, mine, kind)),
        locked=_assigned(ground, [each for each in mine if each.shift_id in stands], ids),
        around=_assigned(ground, outside, ids),
        known_before=AROUND,
        known_after=AROUND if any(each.person_id for each in outside if each.day >= until) else 0,
        exact={ground.shift(each): ground.span(each) for each in [*outside, *published, *mine]},
        previous=_assigned(ground, published, ids),
        change=ground.duty.change_costs if any(each.person_id for each in published) else 0,
        isolated=ground.duty.isolated_costs if kind == ShiftKind.FLOOR else 0,
    )
    return Posed(problem=problem, first=first, places=dict(by_shift))


def pose_one(
    session: Session, house: House, worker: Worker, place: Place, *, drafts: bool, instead_of: Iterable[uuid.UUID] = ()
) -> Posed:
    """One day, one person and one place, and around it all that they have otherwise: for the judge of rules."""
    until = place.day + ONE_DAY
    ground = Ground(session, house, place.day, until)
    gone = {place.shift_id, *instead_of}
    every = [
        each
        for each in places_between(
            session,
            house,
            place.day - timedelta(days=AROUND),
            until + timedelta(days=AROUND),
            drafts=drafts,
            of=worker.id,
        )
        if each.shift_id not in gone
    ]
    around = [each for each in every if each.kind == place.kind]
    away = Away(session, house, [worker.id], ground.zero, [each for each in every if each.kind != place.kind])
    shift = ground.shift(place)
    # Even another place of the same day is around: it stands, and is not what is asked about.
    apart = {each.shift_id: f"{each.group} +" if ground.shift(each).day == 0 else each.group for each in around}
    problem = Problem(
        days=1,
        kinds=(*ground.kinds([place, *around]), *_apart(ground, around)),
        people=(person_of(ground, worker, place.kind),),
        covers=(Cover(day=0, kind=shift.kind, wanted=1, missing=1, everyone=place.everyone), *_stands(ground, around)),
        first_weekday=place.day.weekday(),
        absences=tuple(absences_of(ground, [worker], [place], away)),
        locked=frozenset(
            Assignment(str(worker.id), 0, apart[each.shift_id]) for each in around if each.day == place.day
        ),
        around=_assigned(ground, [each for each in around if each.day != place.day], {worker.id}),
        known_before=AROUND,
        known_after=AROUND,
        exact={
            **{Shift(ground.shift(each).day, apart[each.shift_id]): ground.span(each) for each in around},
            shift: ground.span(place),
        },
    )
    return Posed(problem=problem, first=place.day, places={shift: [place]})


def _apart(ground: Ground, around: Sequence[Place]) -> tuple[Kind, ...]:
    """The kinds of what stands on the same day, under names of their own."""
    same_day = ground.kinds([each for each in around if each.day == ground.first])
    return tuple(Kind(id=f"{kind.id} +", start=kind.start, minutes=kind.minutes, night=kind.night) for kind in same_day)


def _stands(ground: Ground, around: Sequence[Place]) -> tuple[Cover, ...]:
    groups = {each.group for each in around if each.day == ground.first}
    return tuple(Cover(day=0, kind=f"{group} +", wanted=1, missing=1) for group in sorted(groups))


def _cover(shift: Shift, places: Sequence[Place], duty: Duty) -> Cover:
    return Cover(
        day=shift.day,
        kind=shift.kind,
        wanted=len(places),
        missing=duty.open_costs,
        most=len(places),
        needs=tuple(Need(tag=tag, least=least, missing=duty.need_costs) for tag, least in places[0].needs),
        everyone=places[0].everyone,
    )


def _assigned(ground: Ground, places: Iterable[Place], people: set[uuid.UUID]) -> frozenset[Assignment]:
    return frozenset(
        Assignment(str(each.person_id), *ground.shift(each)) for each in places if each.person_id in people
    )


def _burdens(ground: Ground, workers: Sequence[Worker], places: Sequence[Place], kind: str) -> Iterable[Burden]:
    """Nights and weekends of a quarter, shared by the hours wanted and by the days that somebody was here for."""
    each = ground.duty.share_costs
    if not each:
        return
    past = places_between(ground.session, ground.house, ground.first - QUARTER, ground.first, drafts=False)
    past = [place for place in past if place.kind == kind]
    sorts = {"weekends": _is_weekend} if kind != ShiftKind.FLOOR else {"nights": _is_night, "weekends": _is_weekend}
    for name, counts in sorts.items():
        shifts = {ground.shift(place) for place in places if counts(place)}
        shares = {str(w.id): part for w in workers if (part := _part(ground, w, name)) > 0}
        if not shifts or len(shares) < 2:
            continue
        before = Counter(str(place.person_id) for place in past if place.person_id and counts(place))
        yield Burden(
            name=name,
            shifts=frozenset(shifts),
            shares=shares,
            before={person: count for person, count in before.items() if person in shares},
            each=each,
        )


def _part(ground: Ground, worker: Worker, name: str) -> int:
    """Their part of what is shared: hours wanted a week, times the days of the quarter and of the roster."""
    if not worker.is_filled:
        return 0
    last = ground.first + timedelta(days=ground.days)
    until = worker.peer.no_nights_until if worker.peer is not None else None
    begin = max(worker.began, ground.first - QUARTER)
    if name == "nights" and until is not None:
        if until >= last:
            return 0
        begin = max(begin, until)
    wanted = worker.peer.wanted_minutes if worker.peer is not None else None
    return max(1, (wanted or ground.duty.week or 2400) // 60) * max(0, (last - begin).days)


def _is_night(place: Place) -> bool:
    return place.night


def _is_weekend(place: Place) -> bool:
    return place.day.weekday() >= 5
