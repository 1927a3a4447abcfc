"""What a person decides about a text that could not be sent, or whose end nobody knows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.messaging import events
from respite.messaging.errors import AlreadyDecided
from respite.messaging.models import Message
from respite.messaging.models.texts import UNDECIDED
from respite.messaging.policy.states import State
from respite.messaging.purposes import MOST_TRIES, rules_of
from respite.messaging.service.writing import WAITING

#: Reasons that would only bring a text back to the same end: the words, the hours or the number have to change.
NOT_AGAIN = frozenset(
    {
        "wording-programme-word",
        "wording-health-word",
        "wording-link",
        "wording-too-long",
        "wording-empty",
        "no-common-hour",
        "cannot-be-read",
        "cannot-be-sent",
        "number-bad",
        "stopped",
        "stopped-at-provider",
        "forgotten",
        "maybe-twice",
    }
)
_BY_ITSELF = (State.NEEDS_HUMAN, State.FAILED, State.UNDELIVERED)
_SOMEBODY_WAITS = (State.SUPPRESSED, State.EXPIRED)


def undecided() -> sa.ColumnElement[bool]:
    """Texts that a person has to decide about, or to know of, and nobody has yet; word for word as their index has it.

    What ended by rule (too late, asked not to) is put to a person only where somebody is waiting for it.
    """
    return cast("sa.ColumnElement[bool]", sa.text(f"({UNDECIDED})"))


def is_undecided(message: Message) -> bool:
    """The same of one text."""
    if message.decided_at is not None:
        return False
    if message.state in _BY_ITSELF or message.reason == "maybe-twice":
        return True
    return message.state in _SOMEBODY_WAITS and message.rank == 0


def may_go_again(message: Message) -> bool:
    return is_undecided(message) and message.reason not in NOT_AGAIN and message.number_sealed is not None


def send_again(actor: Actor, message_id: uuid.UUID, now: datetime) -> Message:
    """Try a text once more: it goes through the gate like any other, as a further try of the same text."""
    with transaction() as session:
        message = _locked(session, actor, message_id)
        if not may_go_again(message):
            raise AlreadyDecided
        message.state, message.reason, message.next_at = State.QUEUED, None, now
        # The SID of a try that failed stays with that try, so that this one may have its own.
        message.sid, message.error_code, message.ended_at, message.lease_until = None, None, None, None
        message.tries = min(message.tries, MOST_TRIES - 1)
        if message.not_after <= now:
            message.not_after = now + rules_of(message.purpose).lasts
        _record(session, actor, message, "again", now)
    return message


def let_go(actor: Actor, message_id: uuid.UUID, now: datetime) -> Message:
    """It is not sent any more. One that waits is called back; of one that failed, that somebody knows is kept."""
    return _settled(actor, message_id, "let-go", now)


def told_by_call(actor: Actor, message_id: uuid.UUID, now: datetime) -> Message:
    """Somebody called instead."""
    return _settled(actor, message_id, "told-by-call", now)


def _settled(actor: Actor, message_id: uuid.UUID, decision: str, now: datetime) -> Message:
    with transaction() as session:
        message = _locked(session, actor, message_id)
        waits = message.state in WAITING
        if not waits and not is_undecided(message):
            raise AlreadyDecided
        if waits or message.state == State.NEEDS_HUMAN:
            message.state, message.reason = State.CANCELED, decision
            message.next_at, message.ended_at = None, now
        message.decided_at = now
        _record(session, actor, message, decision, now)
    return message


def _locked(session: Session, actor: Actor, message_id: uuid.UUID) -> Message:
    locked_row(session, actor, Message, message_id, May.KEEP_TEXTS)
    # A sender may be at it: it holds the row, and never waits for the house's lock under it.
    return session.get_one(Message, message_id, with_for_update=True, populate_existing=True)


def _record(session: Session, actor: Actor, message: Message, decision: str, now: datetime) -> None:
    record(
        session,
        message.house_id,
        events.MESSAGE_DECIDED,
        subject=message.id,
        actor=actor,
        at=now,
        parts=events.PARTS,
        decision=decision,
    )
