"""A test text to a number of one's own: whether the line carries one, from the outbox to the telephone."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.messaging.errors import LineNotSetUp, TriedOften
from respite.messaging.events import MESSAGE_WRITTEN, PARTS
from respite.messaging.gateway import is_set_up
from respite.messaging.models import Message
from respite.messaging.purposes import Purpose
from respite.messaging.service.wordings import house_fields
from respite.messaging.service.writing import write

#: So that nobody is bothered with a button that is meant for one's own telephone.
MOST_AN_HOUR = 6
SHOWN = 3
TEMPLATE = "trying"


def send_test(actor: Actor, house_id: uuid.UUID, number: str, *, language: str, key: str, now: datetime) -> Message:
    """Put a test text into the outbox; the same form's key is the same text.

    Raises LineNotSetUp, TriedOften, NoNumber.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        if not is_set_up():
            raise LineNotSetUp
        dedupe_key = f"trying:{house_id}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        standing = session.scalar(sa.select(Message).where(Message.dedupe_key == dedupe_key))
        if standing is not None:
            return standing
        if _lately(session, house_id, now) >= MOST_AN_HOUR:
            raise TriedOften
        message = write(
            session,
            house_id,
            number=number,
            purpose=Purpose.TRYING,
            template=TEMPLATE,
            fields=house_fields(session, house_id),
            language=language,
            dedupe_key=dedupe_key,
            made_by=actor.ref,
            now=now,
        )
        record(
            session,
            house_id,
            MESSAGE_WRITTEN,
            subject=message.id,
            actor=actor,
            at=now,
            parts=PARTS,
            purpose=Purpose.TRYING,
        )
    return message


def tried(session: Session, house_id: uuid.UUID) -> list[Message]:
    """The last test texts of the house, newest first."""
    found = session.scalars(
        sa.select(Message)
        .where(Message.house_id == house_id, Message.purpose == Purpose.TRYING, Message.number_sealed.isnot(None))
        .order_by(Message.made_at.desc(), Message.id)
        .limit(SHOWN)
    )
    return list(found)


def _lately(session: Session, house_id: uuid.UUID, now: datetime) -> int:
    counted = sa.select(sa.func.count()).where(
        Message.house_id == house_id,
        Message.purpose == Purpose.TRYING,
        Message.made_at > now - timedelta(hours=1),
        Message.made_at <= now,
    )
    return session.scalar(counted) or 0
