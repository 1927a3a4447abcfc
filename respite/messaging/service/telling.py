"""Texts that a person has to know of are told to the house's log, each in a transaction of its own.

The senders hold a message's row and must not wait for a house's lock under it, so they only mark the row; a mark
that was left behind by a kill is found by the next round.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.audit.service import lock_stream, record
from respite.core.db import db, end_read, transaction
from respite.houses.models import House
from respite.messaging import events
from respite.messaging.models import Inbound, Message, Pause
from respite.messaging.service import reading

#: No text reaches the number at all.
UNREACHED = frozenset({"stopped-at-provider", "number-bad"})


def tell(now: datetime) -> int:
    """Tell every house of its texts that need a person; returns how many."""
    waiting = db.session.execute(
        sa.select(Message.id, Message.house_id).where(Message.to_tell.is_(True)).limit(200)
    ).all()
    end_read()
    for message_id, house_id in waiting:
        _tell_one(message_id, house_id, now)
    _tell_of_pause(now)
    return len(waiting)


def _tell_one(message_id: uuid.UUID, house_id: uuid.UUID, now: datetime) -> None:
    with transaction() as session:
        lock_stream(session, house_id)
        message = session.get(Message, message_id, with_for_update=True)
        if message is None or not message.to_tell:
            return
        message.to_tell = False
        record(
            session,
            house_id,
            events.MESSAGE_NEEDS_PERSON,
            subject=message.id,
            actor=CLOCK,
            at=now,
            parts=events.PARTS,
            purpose=message.purpose,
            reason=message.reason,
        )
        _ask_to_call(session, message, now)


def _ask_to_call(session: Session, message: Message, now: datetime) -> None:
    """Somebody wrote who may be in danger, or in need, and the answer cannot reach them: a person has to call."""
    unreached = message.reason in UNREACHED and message.template in ("answer-danger", "answer-help")
    if not unreached or message.thread_id is None or session.get(Inbound, message.answers_id) is None:
        return
    reading.raise_soon(
        session,
        message.house_id,
        "cannot-text",
        now,
        thread_id=message.thread_id,
        inbound_id=message.answers_id,
        cannot_text=True,
    )


def _tell_of_pause(now: datetime) -> None:
    """The provider's own pause concerns every house; each is told once."""
    untold = sa.select(Pause).where(Pause.to_tell.is_(True), Pause.ended_at.is_(None)).limit(1)
    waiting = db.session.scalar(untold)
    end_read()
    if waiting is None:
        return
    with transaction() as session:
        houses = list(session.scalars(sa.select(House.id).order_by(House.id)))
        lock_stream(session, *houses)
        pause = session.scalar(untold.with_for_update())
        if pause is None:
            return  # whoever came first has told of it
        pause.to_tell = False
        for house_id in houses:
            record(
                session,
                house_id,
                events.PAUSED,
                subject=pause.id,
                actor=CLOCK,
                at=now,
                parts=events.PARTS,
                why="provider",
                code=pause.code,
            )
