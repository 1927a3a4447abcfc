"""Houses with patterns and peers to put on, for tests of rosters."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from respite.core.db import db, transaction
from respite.houses.models import House
from respite.houses.policy.house_time import span_of
from respite.staffing.models import Availability, DutyRules, Peer, Shift, ShiftPattern, TimeOff
from respite.staffing.queries.places import Place, places_between
from tests.places import SUNDAY

MONDAY = date(2026, 11, 30)
HOURS = {"Day": (time(7), time(15)), "Evening": (time(15), time(23)), "Night": (time(23), time(7))}


def pattern(house: House, name: str, seats: int = 1, **more: Any) -> ShiftPattern:
    begins, ends = more.pop("hours", None) or HOURS[name]
    values: dict[str, Any] = {
        "kind": "floor", "weekdays": list(range(7)), "needs": [], "everyone": [], "first_day": date(2026, 1, 1),
        "until": None, "made_at": SUNDAY,
    }  # fmt: skip
    with transaction() as session:
        made = ShiftPattern(house_id=house.id, name=name, seats=seats, begins=begins, ends=ends, **(values | more))
        session.add(made)
    return made


def places(house: House, made: ShiftPattern, first: date, days: int, *, published: datetime | None = None) -> None:
    """The shifts of a pattern on some days, as rolling forward makes them."""
    with transaction() as session:
        for day in (first + timedelta(days=n) for n in range(days)):
            starts_at, ends_at = span_of(day, made.begins, made.ends, house.timezone)
            for seat in range(made.seats):
                session.add(
                    Shift(
                        house_id=house.id, kind=made.kind, pattern_id=made.id, day=day, seat=seat,
                        starts_at=starts_at, ends_at=ends_at, published_at=published,
                    )
                )  # fmt: skip


def turn(house: House, name: str, day: date) -> list[Place]:
    """The places of a pattern on a day."""
    found = places_between(db.session(), house, day, day + timedelta(days=1), drafts=True)
    return [each for each in found if each.name == name]


def give(person_id: uuid.UUID, *shifts: Place, at: datetime = SUNDAY) -> None:
    with transaction() as session:
        for each in shifts:
            shift = session.get_one(Shift, each.shift_id)
            shift.person_id, shift.published_at = person_id, at


def peer(house: House, person_id: uuid.UUID, **more: Any) -> None:
    with transaction() as session:
        session.add(Peer(house_id=house.id, person_id=person_id, made_at=SUNDAY, languages=[], shares=[], **more))


def off(house: House, person_id: uuid.UUID, first: date, until: date, state: str = "agreed") -> None:
    with transaction() as session:
        session.add(
            TimeOff(house_id=house.id, person_id=person_id, first_day=first, until=until, state=state, asked_at=SUNDAY)
        )


def says(house: House, person_id: uuid.UUID, how: str, weekdays: Sequence[int], begins: time, ends: time) -> None:
    with transaction() as session:
        for weekday in weekdays:
            session.add(
                Availability(
                    house_id=house.id, person_id=person_id, how=how, weekday=weekday, begins=begins, ends=ends
                )
            )  # fmt: skip


def rules(house: House, first_day: date, **choices: int) -> None:
    with transaction() as session:
        session.add(
            DutyRules(house_id=house.id, first_day=first_day, choices=choices, made_at=SUNDAY, made_by="command")
        )
