"""A guest has died: one act after which nothing leaves for them, and nobody waits for them any more.

No cause is asked or kept, and not the day either. Of what is let go nobody is texted. What upper features keep going
for a guest they end in the same transaction, by `died`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import joinable, transaction
from respite.core.due import clear_due
from respite.core.errors import NotFound
from respite.guests import due_kinds, events
from respite.guests.errors import CannotUndo
from respite.guests.models import Farewell, Guest, Stay, Waiting
from respite.guests.policy.offers import Ended
from respite.guests.policy.stay_states import StayState
from respite.guests.service.ground import door, let_go_what_ran_out
from respite.guests.service.in_step import came_or_went
from respite.guests.service.offer_ends import end_offers_of
from respite.guests.service.on_file import forget_later
from respite.guests.service.promised import GUEST, WAITING
from respite.guests.service.texting import as_correspondent
from respite.guests.service.undo import last_undoable, undo, undoing
from respite.guests.service.waiting import WAITING_PARTS, place_of, tell_ended
from respite.houses.service.claims import release
from respite.messaging.service.silence import fall_silent, speak_again
from respite.promises.events import PARTS as PROMISE_PARTS
from respite.promises.models import Promise
from respite.promises.service.ends import let_go_all, open_for

Heard = Callable[[Session, Guest, Actor, datetime], None]
#: Called with (session, guest, actor, now) in the transaction of the act, before promises are let go; an upper feature
#: adds what ends there. It texts nobody.
died: list[Heard] = []
#: Called with (session, guest, when it had been said, actor, now) when it was a mistake.
lives: list[Callable[[Session, Guest, datetime, Actor, datetime], None]] = []
#: Called with (session, actor, guest id): whether this person is to hear it from somebody and has not yet. Until then
#: no page says it to them.
to_hear_in_person: list[Callable[[Session, Actor, uuid.UUID], bool]] = []


def say_died(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> Farewell:
    """Texts, offers, saved beds, their place on the list and promises end here and now. Said twice, it is once.

    Whoever is behind a door or in a chair stays there until somebody says otherwise.
    """
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        known = farewell_of(session, guest_id)
        if known is not None:
            return known
        let_go_what_ran_out(session, guest.house_id, now)
        farewell = Farewell(house_id=guest.house_id, guest_id=guest.id, said_at=now, said_by=actor.ref)
        session.add(farewell)
        session.flush()
        for heard in died:
            heard(session, guest, actor, now)
        _let_go(session, guest, actor, now)
        farewell.undoable_id = last_undoable(session)
        fall_silent(session, as_correspondent(session, guest, now), actor, now)
        forget_later(session, guest.house_id, guest.id, now)
        record(session, guest.house_id, events.DEATH_SAID, subject=guest.id, actor=actor, at=now, parts=("moments",))
    return farewell


def say_lives(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> bool:
    """It was a mistake. Whether all that was let go is back: only while it can be undone and nothing of it moved.

    Offers of a bed are made anew by a person. Texts go on either way, where they are not too late.
    """
    with joinable() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        farewell = farewell_of(session, guest_id)
        if farewell is None or is_to_hear(session, actor, guest_id):
            raise NotFound
        said_at, is_whole = farewell.said_at, _put_back(session, actor, farewell, now)
        session.delete(farewell)
        session.flush()
        speak_again(session, as_correspondent(session, guest, now), said_at, now)
        came_or_went(session, guest.id, now)
        for heard in lives:
            heard(session, guest, said_at, actor, now)
        record(
            session, guest.house_id, events.DEATH_TAKEN_BACK, subject=guest.id, actor=actor, at=now, parts=("moments",)
        )
    return is_whole


def farewell_of(session: Session, guest_id: uuid.UUID) -> Farewell | None:
    return session.scalar(sa.select(Farewell).where(Farewell.guest_id == guest_id))


def farewell_told(session: Session, actor: Actor, guest_id: uuid.UUID) -> Farewell | None:
    """That they have died, for whoever may read it here: not for who is to hear it from somebody first."""
    farewell = farewell_of(session, guest_id)
    if farewell is None or is_to_hear(session, actor, guest_id):
        return None
    return farewell


def is_to_hear(session: Session, actor: Actor, guest_id: uuid.UUID) -> bool:
    return any(asked(session, actor, guest_id) for asked in to_hear_in_person)


def forget(session: Session, guest_id: uuid.UUID) -> None:
    session.execute(sa.delete(Farewell).where(Farewell.guest_id == guest_id))


def saved_for(session: Session, guest_id: uuid.UUID) -> list[Stay]:
    """Beds that are saved for them."""
    saved = sa.select(Stay).where(Stay.guest_id == guest_id, Stay.state == StayState.HELD)
    return list(session.scalars(saved.order_by(Stay.first_night, Stay.id)).unique())


def promised_to(session: Session, guest: Guest) -> list[Promise]:
    """What is still to be done for them, said here or while they waited."""
    waits = session.scalars(sa.select(Waiting.id).where(Waiting.guest_id == guest.id)).all()
    rows = open_for(session, guest.house_id, GUEST, guest.id)
    for waiting_id in waits:
        rows += open_for(session, guest.house_id, WAITING, waiting_id)
    return rows


def _let_go(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    place, stays, promises = place_of(session, guest.id), saved_for(session, guest.id), promised_to(session, guest)
    with undoing(session, actor, guest.house_id, events.DEATH_SAID, guest, place, *stays, *promises) as undo:
        doors = [part for stay in stays for part in door(stay.bed_id)]
        undo.parts = (*doors, *WAITING_PARTS, *PROMISE_PARTS, "notices", "moments")
        for stay in stays:
            stay.state = StayState.LET_GO
            release(session, stay.id)
            clear_due(session, stay.id, *due_kinds.ALL)
        if place is not None:
            end_offers_of(session, place.id, Ended.WITHDRAWN, actor, now)
            place.ended_at, place.ended_how = now, "taken-off"
        let_go_all(session, promises, actor, now)
    for stay in stays:
        record(
            session,
            guest.house_id,
            events.SAVE_LET_GO,
            subject=stay.id,
            actor=actor,
            at=now,
            parts=(*door(stay.bed_id), "notices"),
            bed_id=stay.bed_id,
        )
    if place is not None:
        tell_ended(session, place, actor, now)


def _put_back(session: Session, actor: Actor, farewell: Farewell, now: datetime) -> bool:
    """Whether all that was let go with it stands as before; else none of it does."""
    if farewell.undoable_id is None:
        return False
    try:
        with session.begin_nested():
            undo(actor, farewell.undoable_id, now=now)
    except (CannotUndo, NotFound):  # it moved since, the half hour is over, or somebody else said it
        return False
    return True
