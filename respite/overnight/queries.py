"""What the page lets one choose from: who is expected, free doors and chairs, who is here, whom to call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.queries import doors_of, seats_of
from respite.houses.models import Bed, House
from respite.staffing.queries.phone_order import Call, phone_order

REACHES = timedelta(hours=24)  # how far the phone order looks: a day without the line


@dataclass(frozen=True, slots=True)
class Behind:
    """A stay by its door; no name where nobody gave one, or it is kept from whoever reads."""

    stay_id: uuid.UUID
    door: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A free door or chair."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    expected: tuple[Behind, ...]
    here: tuple[Behind, ...]
    doors: tuple[Place, ...]
    chairs: tuple[Place, ...]
    calls: tuple[Call, ...]


def choices(session: Session, house: House, tonight: date, now: datetime) -> Choices:
    doors = doors_of(session, house.id, tonight, now) if house.has_beds else []
    seats = seats_of(session, house.id) if house.has_chairs else []
    return Choices(
        expected=_stays(session, house.id, StayState.HELD, tonight, now),
        here=_stays(session, house.id, StayState.HERE, tonight, now),
        doors=tuple(
            Place(door.id, door.name) for door in doors if door.inside is None and door.in_the_way(tonight, 1) is None
        ),
        chairs=tuple(Place(seat.id, seat.name) for seat in seats if not seat.taken),
        calls=tuple(phone_order(session, house.id, now, now + REACHES)),
    )


def _stays(session: Session, house_id: uuid.UUID, state: StayState, tonight: date, now: datetime) -> tuple[Behind, ...]:
    rows = session.execute(
        sa.select(Stay, Bed.name)
        .join(Bed, Bed.id == Stay.bed_id)
        .where(
            Stay.house_id == house_id,
            Stay.state == state,
            sa.or_(Stay.state == StayState.HERE, Stay.first_night <= tonight + timedelta(days=1)),
            sa.or_(Stay.state == StayState.HERE, Stay.saved_until.is_(None), Stay.saved_until > now),
        )
        .order_by(Bed.position, Bed.name, Stay.id)
    ).unique()
    return tuple(Behind(stay.id, door, stay.guest.name if stay.guest else None) for stay, door in rows)
