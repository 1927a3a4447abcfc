"""The rules of duty that count on a day."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.staffing.models import DutyRules
from respite.staffing.policy.duty import Duty, duty_of


def duty_on(session: Session, house: House, day: date) -> Duty:
    """The rules whose first day came last, up to `day`; what every house begins with where there are none."""
    return duty_of(_choices(session, house.id, day), living_room=house.has_chairs)


def duty_through(session: Session, house: House, first: date, until: date) -> list[Duty]:
    """The rules of each of the days from `first`, before `until`, day by day."""
    found = session.execute(
        sa.select(DutyRules.first_day, DutyRules.choices)
        .where(DutyRules.house_id == house.id, DutyRules.first_day < until)
        .order_by(DutyRules.first_day)
    )
    rules: list[tuple[date, dict[str, int]]] = [(date.min, {}), *((row[0], dict(row[1])) for row in found)]
    days = [first + timedelta(days=n) for n in range((until - first).days)]
    chosen = [[choices for begins, choices in rules if begins <= day][-1] for day in days]
    return [duty_of(choices, living_room=house.has_chairs) for choices in chosen]


class DutyDays:
    """The rules of a house by day, read once."""

    def __init__(self, session: Session, house: House) -> None:
        self._living_room = house.has_chairs
        self._rules = duty_history(session, house.id)

    def on(self, day: date) -> Duty:
        found = next((each.choices for each in self._rules if each.first_day <= day), {})
        return duty_of(dict(found), living_room=self._living_room)


def duty_history(session: Session, house_id: uuid.UUID) -> list[DutyRules]:
    """All rules of a house, those of the latest day first."""
    found = session.scalars(
        sa.select(DutyRules).where(DutyRules.house_id == house_id).order_by(DutyRules.first_day.desc())
    )
    return list(found)


def _choices(session: Session, house_id: uuid.UUID, day: date) -> dict[str, int]:
    found = session.scalar(
        sa.select(DutyRules.choices)
        .where(DutyRules.house_id == house_id, DutyRules.first_day <= day)
        .order_by(DutyRules.first_day.desc())
        .limit(1)
    )
    return dict(found or {})
