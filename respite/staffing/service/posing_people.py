"""What binds people in a problem of the roster, when they are away, and what they wish."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.staffing.models import Availability
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.policy.strictest import least
from respite.staffing.queries.availability import Worker, touches
from respite.staffing.queries.places import Place, elsewhere
from respite.staffing.roster.parts import Absence, Holding, Hours, Person, Wish

if TYPE_CHECKING:
    from respite.staffing.service.posing import Ground

CANNOT, RATHER_NOT, GLADLY = "cannot", "rather-not", "gladly"
WEEK = 7
FAR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Taken:
    """A time at which somebody is on elsewhere: in another house, or for the other kind of shift."""

    id: str
    starts_at: datetime
    ends_at: datetime
    rests: bool  # whether their rest is kept on both sides of it


class Away:
    """Where people are on elsewhere, by person. `settled` are places of the other kind that stand."""

    def __init__(
        self, session: Session, house: House, people: Sequence[uuid.UUID], zero: datetime, settled: Sequence[Place]
    ) -> None:
        self.of: dict[uuid.UUID, list[Taken]] = {person_id: [] for person_id in people}
        for shift_id, person_id, starts_at, ends_at in elsewhere(session, house, people, zero - FAR, zero + 2 * FAR):
            self.of[person_id].append(Taken(f"house:{shift_id}", starts_at, ends_at, rests=True))
        for place in settled:
            if place.person_id in self.of:
                mark = "call" if place.kind == ShiftKind.ON_CALL else "floor"
                self.of[place.person_id].append(
                    Taken(f"{mark}:{place.shift_id}", place.starts_at, place.ends_at, rests=False)
                )


def person_of(ground: Ground, worker: Worker, kind: str) -> Person:
    """The rules of the house and what they said themselves, whichever is stricter. On call only tags bind."""
    holds = tuple(
        Holding(tag=each.tag, first=_day(ground, each.first), until=_day(ground, each.until)) for each in worker.holds
    )
    if kind != ShiftKind.FLOOR:
        return Person(id=str(worker.id), holds=holds)
    duty, peer = ground.duty, worker.peer
    return Person(
        id=str(worker.id),
        holds=holds,
        hours=tuple(_hours(ground, worker)),
        most_in_a_row=duty.days_in_a_row or None,
        most_nights_in_a_row=least([duty.nights_in_a_row, peer.most_nights_in_a_row if peer else None]),
        rest=_rest(ground, worker),
    )


def absences_of(ground: Ground, workers: Sequence[Worker], places: Sequence[Place], away: Away) -> Iterator[Absence]:
    """Time off, hours at which they cannot, nights they do not do, and where they are on elsewhere."""
    for worker in workers:
        person = str(worker.id)
        for off in worker.off:
            begin, end = (day_begins(day, ground.house.timezone) for day in (off.first_day, off.until))
            shifts = frozenset(ground.shift(p) for p in places if p.starts_at < end and begin < p.ends_at)
            yield Absence(id=f"off:{off.id}", person=person, shifts=shifts)
        for said in (each for each in worker.hours if each.how == CANNOT):
            shifts = frozenset(_said_of(ground, said, places))
            yield Absence(id=f"week:{said.id}", person=person, shifts=shifts, changeable=False)
        for taken in away.of[worker.id]:
            margin = timedelta(minutes=_rest(ground, worker)) if taken.rests else timedelta(0)
            shifts = frozenset(
                ground.shift(p)
                for p in places
                if p.starts_at < taken.ends_at + margin and taken.starts_at - margin < p.ends_at
            )
            yield Absence(id=taken.id, person=person, shifts=shifts, changeable=False)
        yield from _own_limits(ground, worker, places)


def wishes_of(ground: Ground, workers: Sequence[Worker], places: Sequence[Place], away: Away) -> Iterator[Wish]:
    """What they would gladly do, or rather not, once for each shift; rather not counts where both were said."""
    weight = ground.duty.wish_costs
    for worker in workers:
        wanted: dict[tuple[int, str], bool] = {}
        for said in sorted(worker.hours, key=lambda each: each.how == RATHER_NOT):
            if said.how in (GLADLY, RATHER_NOT):
                wanted |= {tuple(shift): said.how == GLADLY for shift in _said_of(ground, said, places)}
        for (day, kind), gladly in wanted.items():
            yield Wish(person=str(worker.id), day=day, kind=kind, weight=weight, wanted=gladly)


def _own_limits(ground: Ground, worker: Worker, places: Sequence[Place]) -> Iterator[Absence]:
    peer = worker.peer
    if peer is None:
        return
    until = peer.no_nights_until
    if until is not None:
        shifts = frozenset(ground.shift(p) for p in places if p.night and p.day < until and p.kind == ShiftKind.FLOOR)
        yield Absence(id=f"nights:{worker.id}", person=str(worker.id), shifts=shifts, changeable=False)
    if not peer.on_call_willing:
        shifts = frozenset(ground.shift(p) for p in places if p.kind == ShiftKind.ON_CALL)
        yield Absence(id=f"no-call:{worker.id}", person=str(worker.id), shifts=shifts, changeable=False)


def _hours(ground: Ground, worker: Worker) -> Iterator[Hours]:
    """A most for each week from Monday that the days touch; what is wanted for the part of it inside."""
    peer = worker.peer
    first = -ground.first.weekday()
    for monday in range(first, ground.days, WEEK):
        duty = ground.duty_in(monday, monday + WEEK)
        most = least([duty.week, peer.most_minutes if peer else None])
        if most is not None:
            yield Hours(first=monday, until=monday + WEEK, most=most)
        begin, end = max(monday, 0), min(monday + WEEK, ground.days)
        if peer is not None and peer.wanted_minutes:
            wanted = peer.wanted_minutes * (end - begin) // WEEK
            if most is not None:
                wanted = min(wanted, most)
            yield Hours(first=begin, until=end, wanted=wanted, short=duty.short_hour_costs)


def _rest(ground: Ground, worker: Worker) -> int:
    own = worker.peer.least_rest_minutes if worker.peer is not None else None
    return max(ground.duty.rest, own or 0)


def _said_of(ground: Ground, said: Availability, places: Sequence[Place]) -> list:  # type: ignore[type-arg]
    return [ground.shift(p) for p in places if touches(said, p.starts_at, p.ends_at, ground.house)]


def _day(ground: Ground, day: date | None) -> int | None:
    return (day - ground.first).days if day is not None else None
