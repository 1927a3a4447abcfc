"""Numbers that are left alone: by every house, at once, and nothing that waits for them leaves any more.

What a text says takes effect in the transaction that stores the text (`incoming`); what somebody told a peer is one
tap (`asked_not_to`, `wrong_number`, `lift`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import lock_stream, record
from respite.core import fences
from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.messaging import events
from respite.messaging.errors import NoNumber, NumberOptedOut
from respite.messaging.models import Consent, Correspondent, Inbound, Message, NumberStop, Thread
from respite.messaging.models.people import LOST
from respite.messaging.policy.states import State
from respite.messaging.policy.stopping_words import Means
from respite.messaging.service.ground import correspondents_at, stop_on
from respite.messaging.service.writing import WAITING, cancel_where

#: The word of the provider's own list, or what it holds against a number: only a START from that phone undoes it.
ONLY_START_UNDOES = frozenset({"stop", "twilio"})
WRONG_NUMBER = "wrong-number"
PERHAPS = "perhaps"


def stop_number(
    session: Session, mark: bytes, *, source: str, said_at: datetime, now: datetime, pass_over: bool = False
) -> int:
    """Leave a number alone from now on; returns how many texts were called back.

    A stop that stands already moves to the later saying; what the provider itself holds against a number outlasts
    what a person said. Where somebody only may have meant it, texts wait (the gate asks again) and none is called back.
    Nothing is posted after the commit: it waits for who has looked and is writing. `pass_over` as in `cancel_where`.
    """
    fences.shut(session, mark)
    if not _added(session, NumberStop(number_index=mark, source=source, said_at=said_at, heard_at=now)):
        standing = session.scalars(_live(mark).with_for_update()).one()
        standing.said_at = max(standing.said_at, said_at)
        told_beside = source == "asked" and standing.source == "stop"  # what they wrote themselves outlasts it
        if source != PERHAPS and standing.source not in ("twilio", WRONG_NUMBER) and not told_beside:
            standing.source = source
    session.flush()
    if source == PERHAPS:
        return 0
    at_number = Message.number_index == mark
    return cancel_where(session, "stopped", now, at_number, state=State.SUPPRESSED, pass_over=pass_over)


def start_number(session: Session, mark: bytes, *, said_at: datetime, now: datetime) -> bool:
    """They want texts again. Lifts only what was said before; a number that is somebody else's stays left alone."""
    standing = session.scalar(_live(mark).with_for_update())
    if standing is None or standing.source == WRONG_NUMBER or said_at <= standing.said_at:
        return False
    standing.ended_at, standing.ended_how = now, "start"
    session.flush()
    return True


def houses_at(session: Session, mark: bytes) -> set[uuid.UUID]:
    """Every house that knows the number: as somebody's, from texts, or by one that waits for it."""
    known = sa.union(
        sa.select(Correspondent.house_id).where(Correspondent.number_index == mark),
        sa.select(Thread.house_id).where(Thread.number_index == mark),
        sa.select(Message.house_id).where(Message.number_index == mark, Message.state.in_(WAITING)),
    )
    return set(session.scalars(known))


def leave_alone(
    session: Session,
    mark: bytes,
    houses: Iterable[uuid.UUID],
    *,
    source: str,
    said_at: datetime,
    now: datetime,
    by: Mapping[uuid.UUID, Actor] | None = None,
) -> int:
    """`stop_number`, told to each of the houses, whose locks the caller holds. `by` is who acts, in their own house.

    A wrong number also ends every consent to it, and it is texted to nobody until somebody gives it anew.
    """
    waiting = _waiting_at(session, mark)
    canceled = stop_number(session, mark, source=source, said_at=said_at, now=now)
    by = by or {}
    for house_id in sorted(houses):
        count = waiting.get(house_id, 0) if canceled else 0
        _record(session, house_id, events.NUMBER_STOPPED, mark, by.get(house_id), now, source=source, canceled=count)
    if source == WRONG_NUMBER:
        _end_consents(session, mark, by, now)
    return canceled


def tell_started(
    session: Session, mark: bytes, houses: Iterable[uuid.UUID], how: str, now: datetime, by: Actor | None = None
) -> None:
    """Tell the houses, whose locks the caller holds, that the number may be texted again."""
    for house_id in sorted(houses):
        _record(session, house_id, events.NUMBER_STARTED, mark, by, now, how=how)


def asked_not_to(actor: Actor, whose_id: uuid.UUID, now: datetime) -> int:
    """Somebody told us not to text them. `whose_id`: of a thread or a correspondent. Returns how many were canceled."""
    return _by_hand(actor, whose_id, "asked", now)


def wrong_number(actor: Actor, whose_id: uuid.UUID, now: datetime) -> int:
    """The number is not theirs: nobody texts it, and every consent to it ends."""
    return _by_hand(actor, whose_id, WRONG_NUMBER, now)


def lift(actor: Actor, whose_id: uuid.UUID, now: datetime) -> bool:
    """They want texts after all, or never meant to stop. False where nothing stood against it.

    Raises NumberOptedOut where they wrote STOP: the provider itself then takes no text for them before their START.
    """
    with transaction() as session:
        house_id, mark, houses = _locked(session, actor, whose_id)
        standing = session.scalar(_live(mark).with_for_update())
        if standing is None:
            return False
        by_mistake = standing.source == WRONG_NUMBER
        if standing.source in ONLY_START_UNDOES or (by_mistake and _wrote_stop_last(session, mark)):
            raise NumberOptedOut
        standing.ended_at, standing.ended_how = now, "person"
        for person in correspondents_at(session, mark):
            if person.number_bad == WRONG_NUMBER:
                person.number_bad = None  # its consents have ended and are asked for anew
        session.flush()
        for each in sorted(houses):
            own = actor if each == house_id else None
            _record(session, each, events.NUMBER_STARTED, mark, own, now, how="person")
    return True


def _by_hand(actor: Actor, whose_id: uuid.UUID, source: str, now: datetime) -> int:
    with transaction() as session:
        house_id, mark, houses = _locked(session, actor, whose_id)
        return leave_alone(session, mark, houses, source=source, said_at=now, now=now, by={house_id: actor})


def _locked(session: Session, actor: Actor, whose_id: uuid.UUID) -> tuple[uuid.UUID, bytes, set[uuid.UUID]]:
    """The house and number of a thread or a correspondent, and every house that knows it, all of them locked."""
    row = session.get(Thread, whose_id) or session.get(Correspondent, whose_id)
    if row is None or not actor.may(May.KEEP_TEXTS, row.house_id):
        raise NotFound
    if row.number_index is None:
        raise NoNumber
    houses = houses_at(session, row.number_index) | {row.house_id}
    lock_stream(session, *houses)
    lock_house(session, actor, row.house_id, May.KEEP_TEXTS)
    return row.house_id, row.number_index, houses


def _live(mark: bytes) -> sa.Select[NumberStop]:
    return sa.select(NumberStop).where(NumberStop.number_index == mark, NumberStop.ended_at.is_(None))


def _wrote_stop_last(session: Session, mark: bytes) -> bool:
    """Whether STOP came from that phone after its last START, whatever else stood against it by then."""
    said = sa.select(Inbound.means).where(Inbound.number_index == mark, Inbound.means.in_([Means.STOP, Means.START]))
    return session.scalar(said.order_by(Inbound.sent_at.desc(), Inbound.sid.desc()).limit(1)) == Means.STOP


def _added(session: Session, stop: NumberStop) -> bool:
    """False where one stands already, also one that was written at the same moment for another house."""
    if stop_on(session, stop.number_index) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(stop)
            session.flush()
    except IntegrityError:
        return False
    return True


def _waiting_at(session: Session, mark: bytes) -> dict[uuid.UUID, int]:
    counted = session.execute(
        sa.select(Message.house_id, sa.func.count())
        .where(Message.number_index == mark, Message.state.in_(WAITING))
        .group_by(Message.house_id)
    )
    return {row[0]: row[1] for row in counted}


def _end_consents(session: Session, mark: bytes, by: Mapping[uuid.UUID, Actor], now: datetime) -> None:
    for person in correspondents_at(session, mark):
        if person.number_bad != LOST:
            person.number_bad = WRONG_NUMBER
    given = sa.select(Consent).where(Consent.number_index == mark, Consent.ended_at.is_(None)).order_by(Consent.id)
    for consent in session.scalars(given).all():
        actor = by.get(consent.house_id)
        consent.ended_at, consent.ended_why = now, WRONG_NUMBER
        consent.ended_by = actor.ref if actor else None
        record(
            session,
            consent.house_id,
            events.CONSENT_ENDED,
            subject=session.get_one(Correspondent, consent.correspondent_id).subject_id,
            actor=actor,
            at=now,
            parts=events.PARTS,
            purpose=consent.purpose,
            why=WRONG_NUMBER,
        )


def _record(
    session: Session, house_id: uuid.UUID, kind: str, mark: bytes, by: Actor | None, now: datetime, **data: Any
) -> None:
    """Its subject is whoever the house knows the number to be, or the thread with it."""
    people = correspondents_at(session, mark, house_id)
    thread = sa.select(Thread.id).where(Thread.house_id == house_id, Thread.number_index == mark)
    subject = people[0].subject_id if people else session.scalar(thread)
    record(session, house_id, kind, subject=subject, actor=by, at=now, parts=events.PARTS, **data)
