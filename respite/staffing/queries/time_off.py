"""When people can be there, and the time off they asked for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Membership, Person
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.staffing.models import Availability, Shift, TimeOff
from respite.staffing.policy.availability import Hours, How, OffState, Week, week_of


@dataclass(frozen=True, slots=True)
class Off:
    """Days that somebody asked for, and which of their shifts are in them."""

    id: uuid.UUID
    person_id: uuid.UUID
    name: str
    first_day: date
    until: date
    state: OffState
    version: int
    shifts: tuple[uuid.UUID, ...] = ()


def own_week(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> Week:
    """The week that always counts for them; spans with an end are no part of it."""
    rows = session.scalars(
        sa.select(Availability).where(
            Availability.house_id == house_id,
            Availability.person_id == person_id,
            Availability.first_day.is_(None),
            Availability.until.is_(None),
        )
    )
    return week_of(Hours(row.weekday, row.begins, row.ends, How(row.how)) for row in rows)


def time_off_of(session: Session, house: House, person_id: uuid.UUID, today: date) -> list[Off]:
    """One person's time off that is not over; what they took back is left out."""
    return _found(session, house, TimeOff.person_id == person_id, TimeOff.until > today)


def time_off_in(session: Session, house: House, today: date) -> list[Off]:
    """Everybody's time off that is asked for or agreed and not over, what waits for an answer first."""
    open_ones = TimeOff.state.in_((OffState.ASKED, OffState.AGREED))
    found = _found(session, house, open_ones, TimeOff.until > today)
    return sorted(found, key=lambda off: (off.state != OffState.ASKED, off.first_day, off.name))


def shifts_in(session: Session, house: House, person_id: uuid.UUID, first_day: date, until: date) -> list[Shift]:
    """Published shifts of theirs that begin on these days by the house's clock."""
    found = session.scalars(
        sa.select(Shift)
        .where(
            Shift.house_id == house.id,
            Shift.person_id == person_id,
            Shift.published_at.is_not(None),
            Shift.starts_at >= day_begins(first_day, house.timezone),
            Shift.starts_at < day_begins(until, house.timezone),
            Shift.came_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return list(found)


def _found(session: Session, house: House, *where: sa.ColumnElement[bool]) -> list[Off]:
    rows = session.execute(
        sa.select(TimeOff, Person.name)
        .join(Person, Person.id == TimeOff.person_id)
        .join(Membership, sa.and_(Membership.person_id == Person.id, Membership.house_id == TimeOff.house_id))
        .where(
            TimeOff.house_id == house.id,
            TimeOff.state != OffState.WITHDRAWN,
            Membership.ended_at.is_(None),
            *where,
        )
        .order_by(TimeOff.first_day, Person.name, TimeOff.id)
    )
    return [
        Off(
            row.id,
            row.person_id,
            name,
            row.first_day,
            row.until,
            OffState(row.state),
            row.version,
            tuple(shift.id for shift in shifts_in(session, house, row.person_id, row.first_day, row.until)),
        )
        for row, name in rows
    ]
