"""The rest that somebody is to have, and the shift that comes after it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.models import Peer, Shift
from respite.staffing.policy.duty import Duty
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.duty import duty_on


@dataclass(frozen=True, slots=True)
class Rest:
    duty: Duty
    rest: timedelta


def rest_wanted(session: Session, house: House, person_id: uuid.UUID, now: datetime) -> Rest:
    """What the house's rule or the person's own wish says, whichever is longer."""
    duty = duty_on(session, house, local(now, house.timezone).date())
    own = session.scalar(
        sa.select(Peer.least_rest_minutes).where(Peer.house_id == house.id, Peer.person_id == person_id)
    )
    return Rest(duty, timedelta(minutes=max(duty.rest, own or 0)))


def next_floor_shift(session: Session, person_id: uuid.UUID, after: datetime) -> Shift | None:
    """Their next shift in any house that begins at or after that time."""
    return session.scalar(
        sa.select(Shift)
        .where(
            Shift.person_id == person_id,
            Shift.kind == ShiftKind.FLOOR,
            Shift.published_at.is_not(None),
            Shift.starts_at >= after,
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(1)
    )
