"""What one's own page says of right now: a shift to come to or to say something of, and whether one stays on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.times import clock_words
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.models import Shift
from respite.staffing.policy.shifts import EARLIEST_COMING, LONGEST_STAYING, ShiftKind
from respite.staffing.queries.watching import waits_for


@dataclass(frozen=True, slots=True)
class RightNow:
    """One shift of one's own that begins soon, is on, or was to be over, in words and taps."""

    id: uuid.UUID
    title: str
    said: str
    may_come: bool
    may_be_on_way: bool
    may_stay: bool
    may_go: bool
    ends: str
    ends_field: str  # as a field for a time holds it
    may_change_end: bool


def right_now(
    session: Session, person_id: uuid.UUID, houses: Mapping[uuid.UUID, House], now: datetime
) -> list[RightNow]:
    found = session.scalars(
        sa.select(Shift)
        .where(
            Shift.person_id == person_id,
            Shift.house_id.in_(houses),
            Shift.kind == ShiftKind.FLOOR,
            Shift.published_at.is_not(None),
            Shift.went_at.is_(None),
            Shift.starts_at <= now + EARLIEST_COMING,
            sa.or_(
                Shift.ends_at > now,
                sa.and_(Shift.asked_to_stay_at.is_not(None), Shift.ends_at > now - LONGEST_STAYING),
            ),
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return [_line(session, shift, houses[shift.house_id], now) for shift in found]


def _line(session: Session, shift: Shift, house: House, now: datetime) -> RightNow:
    zone, over = house.timezone, shift.ends_at <= now
    here = shift.came_at is not None
    return RightNow(
        id=shift.id,
        title=_title(shift, house, now),
        said=_said(session, shift, house, now),
        may_come=not here and not over,
        may_be_on_way=not here and not over and shift.on_way_at is None,
        may_stay=shift.asked_to_stay_at is not None and shift.stays_on_at is None,
        may_go=here and shift.asked_to_stay_at is None and not over,
        ends=clock_words(shift.ends_at, zone),
        ends_field=f"{local(shift.ends_at, zone):%H:%M}",
        may_change_end=here and not over,
    )


def _title(shift: Shift, house: House, now: datetime) -> str:
    hours = _(
        "%(begin)s to %(end)s",
        begin=clock_words(shift.starts_at, house.timezone),
        end=clock_words(shift.ends_at, house.timezone),
    )
    if shift.ends_at <= now:
        return _("Your shift was until %(end)s", end=clock_words(shift.ends_at, house.timezone))
    return _("You are on, %(hours)s", hours=hours) if shift.starts_at <= now else _("Next: %(hours)s", hours=hours)


def _said(session: Session, shift: Shift, house: House, now: datetime) -> str:
    if shift.stays_on_at is not None:
        return _("You stay on until somebody is here. Thank you.")
    if shift.asked_to_stay_at is not None:
        return _("Whoever comes after you is not here yet. Can you stay on until somebody is?")
    if shift.came_at is not None:
        return _("Here since %(time)s.", time=clock_words(shift.came_at, house.timezone))
    waits = waits_for(session, house, shift, now)
    if waits is not None:
        return _(
            "We know that you are on your way, and look for you by %(time)s.", time=clock_words(waits, house.timezone)
        )
    return ""
