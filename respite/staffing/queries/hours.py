"""Hours of the people of a house: planned and really worked, by day of the house's clock. No count of anything else."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.staffing.models import Shift
from respite.staffing.policy.shifts import LONGEST_SHIFT, ShiftKind
from respite.staffing.policy.worked import minutes_inside, present


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of one person, of one day or of many."""

    planned: int = 0  # in the house
    worked: int = 0  # in the house, as they came and went
    on_call: int = 0  # planned

    def __add__(self, other: Hours) -> Hours:
        return Hours(self.planned + other.planned, self.worked + other.worked, self.on_call + other.on_call)


@dataclass(frozen=True, slots=True)
class PersonHours:
    person_id: uuid.UUID
    name: str
    days: dict[date, Hours]

    @property
    def total(self) -> Hours:
        return total(self.days.values())


def total(found: Iterable[Hours]) -> Hours:
    return sum(found, Hours())


def hours_between(
    session: Session, house: House, first: date, until: date, now: datetime, person_id: uuid.UUID | None = None
) -> list[PersonHours]:
    """Everybody's hours on the days from `first`, before `until`, by name; of one person alone where one is named."""
    days = [first + timedelta(days=n) for n in range((until - first).days)]
    edges = [day_begins(day, house.timezone) for day in [*days, until]]
    found: dict[tuple[str, uuid.UUID], dict[date, Hours]] = defaultdict(dict)
    for shift, name in _shifts(session, house.id, edges[0], edges[-1], person_id):
        assert shift.person_id is not None
        mine = found[name, shift.person_id]
        for day, begin, end in zip(days, edges, edges[1:], strict=False):
            hours = _of(shift, begin, end, now)
            if hours != Hours():
                mine[day] = mine.get(day, Hours()) + hours
    return [PersonHours(key[1], key[0], dict(sorted(each.items()))) for key, each in sorted(found.items()) if each]


def worked_by(
    session: Session, house: House, person_id: uuid.UUID, first: date, until: date, now: datetime
) -> PersonHours | None:
    """One person's own hours, for their own eyes; none where they had no shift."""
    found = hours_between(session, house, first, until, now, person_id)
    return found[0] if found else None


def _of(shift: Shift, begin: datetime, end: datetime, now: datetime) -> Hours:
    planned = minutes_inside((shift.starts_at, shift.ends_at), begin, end)
    if shift.kind == ShiftKind.ON_CALL:
        return Hours(on_call=planned)
    there = present(shift.ends_at, shift.came_at, shift.went_at, shift.stays_on_at, now)
    return Hours(planned=planned, worked=minutes_inside(there, begin, end))


def _shifts(
    session: Session, house_id: uuid.UUID, begin: datetime, end: datetime, person_id: uuid.UUID | None
) -> Sequence[tuple[Shift, str]]:
    # Whoever stayed on went after the end of their shift, and some came before its begin.
    wanted = (
        sa.select(Shift, Person.name)
        .join(Person, Person.id == Shift.person_id)
        .where(
            Shift.house_id == house_id,
            Shift.published_at.is_not(None),
            Shift.ends_at > begin - LONGEST_SHIFT,
            Shift.starts_at < end + LONGEST_SHIFT,
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    if person_id is not None:
        wanted = wanted.where(Shift.person_id == person_id)
    return [(row[0], row[1]) for row in session.execute(wanted)]
