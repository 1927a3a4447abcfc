"""One's own hours against what one wanted. For that person's eyes; nothing here compares people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import day_begins, local
from respite.staffing.models import Peer
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.shifts import OnShift, shifts_of_person


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Minutes as they pass, so that a night on which the clocks change counts as it is worked."""

    monday: date
    floor: int
    on_call: int
    wanted: int | None


def own_weeks(session: Session, house: House, person_id: uuid.UUID, now: datetime, weeks: int = 2) -> list[WeekHours]:
    """This week in a house, Monday to Sunday by its clock, and the ones after it."""
    today = local(now, house.timezone).date()
    monday = today - timedelta(days=today.weekday())
    wanted = session.scalar(
        sa.select(Peer.wanted_minutes).where(Peer.house_id == house.id, Peer.person_id == person_id)
    )
    return [_week(session, house, person_id, monday + timedelta(weeks=n), wanted) for n in range(weeks)]


def _week(session: Session, house: House, person_id: uuid.UUID, monday: date, wanted: int | None) -> WeekHours:
    begin, end = day_begins(monday, house.timezone), day_begins(monday + timedelta(days=7), house.timezone)
    mine = [each for each in shifts_of_person(session, person_id, begin, end) if each.house_id == house.id]
    return WeekHours(
        monday=monday,
        floor=sum(_minutes(each, begin, end) for each in mine if each.kind == ShiftKind.FLOOR),
        on_call=sum(_minutes(each, begin, end) for each in mine if each.kind == ShiftKind.ON_CALL),
        wanted=wanted,
    )


def _minutes(shift: OnShift, begin: datetime, end: datetime) -> int:
    inside = min(shift.ends_at, end) - max(shift.starts_at, begin)
    return int(inside.total_seconds()) // 60
