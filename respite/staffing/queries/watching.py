"""Who can be asked to come in, who is on when somebody is not here yet, and what was done so far."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.models import NOBODY, Shift, ShiftStep
from respite.staffing.policy.shifts import LONGEST_STAYING, ShiftKind
from respite.staffing.policy.watching import waits_until
from respite.staffing.queries.duty import duty_on
from respite.staffing.queries.shifts import can_be_there

#: Whose shift ended so shortly before, or ends so soon after somebody's begin, is the one they relieve.
RELIEVES_WITHIN = timedelta(minutes=45)


def on_call_in_order(session: Session, house_id: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    """Who can be called in now: first, second and so on by their place in the pattern, those beside it by name."""
    found = session.scalars(
        sa.select(Shift.person_id)
        .join(Person, Person.id == Shift.person_id)
        .where(
            Shift.house_id == house_id,
            Shift.kind == ShiftKind.ON_CALL,
            Shift.published_at.is_not(None),
            Shift.went_at.is_(None),
            Shift.starts_at <= now,
            Shift.ends_at > now,
            can_be_there(),
        )
        .order_by(sa.func.coalesce(Shift.seat, 1_000), Person.name, Shift.id)
    )
    return list(dict.fromkeys(each for each in found if each is not None))


def outgoing(session: Session, shift: Shift) -> list[Shift]:
    """Those whom a shift relieves: on the floor before it, their end about its begin, and not gone."""
    found = session.scalars(
        sa.select(Shift)
        .where(
            Shift.house_id == shift.house_id,
            Shift.id != shift.id,
            Shift.kind == ShiftKind.FLOOR,
            Shift.published_at.is_not(None),
            Shift.person_id.is_not(None),
            Shift.went_at.is_(None),
            Shift.starts_at < shift.starts_at,
            Shift.ends_at >= shift.starts_at - RELIEVES_WITHIN,
            Shift.ends_at <= shift.starts_at + RELIEVES_WITHIN,
            can_be_there(),
        )
        .order_by(Shift.ends_at, Shift.id)
    )
    return [each for each in found if each.person_id != shift.person_id]


def waited_for(session: Session, shift: Shift, now: datetime) -> list[Shift]:
    """The shifts that relieve this one, have begun, and to which nobody came."""
    found = session.scalars(
        sa.select(Shift)
        .where(
            Shift.house_id == shift.house_id,
            Shift.id != shift.id,
            Shift.kind == ShiftKind.FLOOR,
            Shift.published_at.is_not(None),
            Shift.came_at.is_(None),
            Shift.went_at.is_(None),
            Shift.starts_at > shift.starts_at,
            Shift.starts_at >= shift.ends_at - RELIEVES_WITHIN,
            Shift.starts_at <= now,
            Shift.ends_at > now,
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return list(found)


def relieved_by(session: Session, coming: Shift) -> list[Shift]:
    """Those asked to stay whom a shift relieves: all of them once everybody of its begin has come, and before that so
    many that the house has no fewer people than it had."""
    asked_to_stay = [each for each in outgoing(session, coming) if each.asked_to_stay_at is not None]
    missing = session.scalar(
        sa.select(sa.func.count())
        .select_from(Shift)
        .where(
            Shift.house_id == coming.house_id,
            Shift.id != coming.id,
            Shift.kind == ShiftKind.FLOOR,
            Shift.published_at.is_not(None),
            Shift.starts_at == coming.starts_at,
            Shift.came_at.is_(None),
        )
    )
    return asked_to_stay[: max(0, len(asked_to_stay) - (missing or 0))]


def others_on(session: Session, shift: Shift, at: datetime, *, came: bool = False) -> int:
    """How many others have a place on the floor at that time, or have really come to it."""
    found = session.scalar(
        sa.select(sa.func.count(sa.distinct(Shift.person_id))).where(
            Shift.house_id == shift.house_id,
            Shift.id != shift.id,
            Shift.kind == ShiftKind.FLOOR,
            Shift.published_at.is_not(None),
            Shift.went_at.is_(None),
            Shift.starts_at <= at,
            sa.or_(
                Shift.ends_at > at,
                sa.and_(Shift.stays_on_at.is_not(None), Shift.ends_at > at - LONGEST_STAYING),
            ),
            Shift.came_at.is_not(None) if came else sa.true(),
            can_be_there(),
        )
    )
    return found or 0


def waits_for(session: Session, house: House, shift: Shift, now: datetime) -> datetime | None:
    """Until when somebody who is on their way is waited for; none where nobody is, or it is over."""
    if shift.on_way_at is None:
        return None
    until = waits_until(shift.on_way_at, duty_on(session, house, local(shift.starts_at, house.timezone).date()))
    return until if until is not None and until > now else None


def steps_of(session: Session, shift: Shift) -> list[ShiftStep]:
    """What was done and answered for a shift as it stands, in its order."""
    return steps_about(session, shift.id, shift.person_id or NOBODY, shift.starts_at)


def steps_about(session: Session, about: uuid.UUID, holder: uuid.UUID, begins_at: datetime) -> list[ShiftStep]:
    found = session.scalars(
        sa.select(ShiftStep)
        .where(ShiftStep.about_id == about, ShiftStep.holder_id == holder, ShiftStep.begins_at == begins_at)
        .order_by(ShiftStep.at, ShiftStep.step, ShiftStep.n)
    )
    return list(found)


def asked(rows: Sequence[ShiftStep], *words: str) -> list[uuid.UUID]:
    """Who was told in these steps, or gave these answers."""
    return [row.told_id for row in rows if row.step in words and row.told_id is not None]
