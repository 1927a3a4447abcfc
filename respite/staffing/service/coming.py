"""On the way, and coming in beside the list."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.core.db import transaction
from respite.staffing import events
from respite.staffing.models import Shift
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.service.shifts import about_now, overlaps, own_shift, say, settle


def on_way(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """ "I am on my way", said by the one whose shift it is. Said twice, the first time counts."""
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        say_on_way(session, shift, actor, now)
    return shift


def say_on_way(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """ "I am on my way", inside the caller's transaction. Raises ShiftOver, ShiftTooFar."""
    about_now(shift, now)
    if shift.on_way_at is None and shift.came_at is None:
        shift.on_way_at = now
        say(session, shift, events.SHIFT_ON_WAY, actor, now)


def not_on_way_after_all(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """Take "I am on my way" back."""
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        if shift.on_way_at is not None and shift.came_at is None:
            shift.on_way_at = None
            say(session, shift, events.SHIFT_ON_WAY, actor, now)
    return shift


def come_in(
    session: Session,
    house_id: uuid.UUID,
    person_id: uuid.UUID,
    begin: datetime,
    end: datetime,
    now: datetime,
) -> Shift | None:
    """A place from `begin` for somebody who said that they come in now, inside the caller's transaction.

    None where they are on at some of that time already.
    """
    shift = Shift(house_id=house_id, kind=ShiftKind.FLOOR, starts_at=begin, ends_at=end)
    if overlaps(session, shift, person_id, shift.kind, begin, end):
        return None
    shift.person_id, shift.published_at, shift.on_way_at = person_id, now, now
    session.add(shift)
    settle(session, shift, None, events.SHIFT_SET, Actor(ActorKind.PERSON, person_id), now)
    return shift
