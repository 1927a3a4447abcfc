"""Forgetting a guest: their words and the row that ties an id to a person go; dates and counts of stays remain.

The event log holds ids alone, so it stays whole and no longer points to anybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.models import Answered, Draft
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.crypto import unseal
from respite.core.db import transaction
from respite.core.due import Due, DueRow, take
from respite.guests import events
from respite.guests.errors import StillWithUs
from respite.guests.models import Guest, LeftLine, Note, Stay, Undoable, Visit, Waiting
from respite.guests.policy.stay_states import StayState
from respite.guests.service import earlier
from respite.guests.service.ground import every_door, let_go_what_ran_out
from respite.guests.service.on_file import is_on_file
from respite.guests.service.waiting import blank_over, close, tell_ended

#: Called with (session, guest id) before the guest's own row goes; every feature that keeps something about a
#: guest adds what takes it away.
also_erase: list[Callable[[Session, uuid.UUID], None]] = []


def erase_guest(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> None:
    """Take away everything that is written about a guest. There is no way back.

    Raises StillWithUs while they have a bed or a chair here.
    """
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.DECIDE_STAYS)
        let_go_what_ran_out(session, guest.house_id, now)
        if _has_a_place(session, guest):
            raise StillWithUs
        _forget(session, guest, actor, now)


def forget_unless_on_file(row: DueRow, now: datetime) -> None:
    """Something that kept a guest on file is over, for good: if nothing else does, they are forgotten."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.DECIDE_STAYS)
        if not take(session, row):
            return
        guest = session.get(Guest, row.subject, populate_existing=True)
        if guest is None:
            return
        if is_on_file(session, guest.id, now):
            blank_over(session, guest.id)
        else:
            _forget(session, guest, CLOCK, now)


def erase_again(guest_id: uuid.UUID, *, now: datetime) -> bool:
    """Somebody on the list of the forgotten is here again, out of a backup: wherever they stood in it, they go.

    Whether they were here.
    """
    with transaction() as session:
        guest = session.get(Guest, guest_id)
        if guest is None:
            return False
        lock_house(session, CLOCK, guest.house_id, May.DECIDE_STAYS)
        guest = session.get(Guest, guest_id, populate_existing=True)
        if guest is None:
            return False
        _forget(session, guest, CLOCK, now)
    return True


def _has_a_place(session: Session, guest: Guest) -> bool:
    bed = sa.select(Stay.id).where(Stay.guest_id == guest.id, Stay.state.in_((StayState.HELD, StayState.HERE)))
    chair = sa.select(Visit.id).where(Visit.guest_id == guest.id, Visit.left_at.is_(None))
    return any(session.scalar(place.limit(1)) is not None for place in (bed, chair))


def _forget(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    guest_id, house_id = guest.id, guest.house_id
    stays = list(session.scalars(sa.select(Stay).where(Stay.guest_id == guest_id)).unique())
    visits = list(session.scalars(sa.select(Visit).where(Visit.guest_id == guest_id)).unique())
    waits = list(session.scalars(sa.select(Waiting).where(Waiting.guest_id == guest_id)))
    for erase in also_erase:
        erase(session, guest_id)
    _forget_what_was_just_done(
        session, house_id, {guest_id, *(s.id for s in stays), *(v.id for v in visits), *(w.id for w in waits)}
    )
    session.execute(sa.delete(Note).where(Note.guest_id == guest_id))
    session.execute(sa.delete(LeftLine).where(LeftLine.guest_id == guest_id))
    earlier.forget(session, guest_id)
    for waiting in waits:
        if waiting.ended_at is None:
            close(waiting, "forgotten", now)
            tell_ended(session, waiting, actor, now)
        waiting.guest_id = None
    for stay in stays:
        _silence(stay)
    for visit in visits:
        visit.guest_id = None
    session.execute(sa.delete(Due).where(Due.subject == guest_id))  # nothing is to come of them any more
    session.flush()
    session.delete(guest)
    session.flush()
    record(
        session,
        house_id,
        events.GUEST_ERASED,
        subject=guest_id,
        actor=actor,
        at=now,
        parts=(*every_door(session, house_id), "chairs", "house-face", "waiting", "promises", "summary"),
    )


def _silence(stay: Stay) -> None:
    """The stay keeps its door, its dates and the kind of its end: what the house's figures count."""
    stay.guest_id = None
    stay.coming = stay.check_in_wish = stay.how_to_ask_again = stay.own_account = None
    stay.lockbox = stay.asked_to_leave_rule = stay.who_called = None
    stay.decided_by = stay.may_return_on = stay.guest_chose = stay.follow_up_wanted = None


def _forget_what_was_just_done(session: Session, house_id: uuid.UUID, ids: set[uuid.UUID]) -> None:
    """Undo rows, kept answers and drafts repeat words for a while; those that speak of the guest go at once."""
    names = [str(each) for each in ids]
    session.execute(sa.delete(Draft).where(sa.or_(*(Draft.path.contains(name) for name in names))))
    for undoable in list(session.scalars(sa.select(Undoable).where(Undoable.house_id == house_id))):
        if _speaks_of(undoable.before, names):
            session.delete(undoable)
    for answered in list(session.scalars(sa.select(Answered).where(Answered.answer_sealed.is_not(None)))):
        sealed: Any = answered.answer_sealed
        if _speaks_of(unseal(sealed, "answered", answered.id), names):
            session.delete(answered)


def _speaks_of(told: str | None, names: list[str]) -> bool:
    return told is not None and any(name in told for name in names)
