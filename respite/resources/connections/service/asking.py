"""Asked by text whether it came about, and the guest's own answer: "Y42" closes the loop.

The text names no place. Whoever sends it calls `ask_inside`; the answer takes effect in the transaction that stores it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.audit.service import record
from respite.core.db import part_of
from respite.core.errors import Refusal
from respite.messaging.models import Message, ReplyCode
from respite.messaging.models.people import PersonState
from respite.messaging.policy.short_answers import Word as Short
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.correspondents import consents_of, correspondent_of
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.messaging.service.wordings import guest_fields
from respite.messaging.service.writing import write
from respite.resources.connections import events
from respite.resources.connections.models import Connection
from respite.resources.connections.places import names_of
from respite.resources.connections.policy import OPEN, State, Who
from respite.resources.connections.service.telling import CONNECTION, Word, say_inside

TAKES = frozenset({Short.YES, Short.NO, Short.NO_MORE})
#: So long a bare "yes", without its number, is about what was asked.
BARE_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """Something that a guest wants and that has not come about yet. `name` is never for a text."""

    id: uuid.UUID
    house_id: uuid.UUID
    name: str
    state: State
    since: datetime


def open_connections(session: Session, guest_id: uuid.UUID) -> list[OpenConnection]:
    """What may be asked after, the oldest first."""
    mine = sa.select(Connection).where(Connection.guest_id == guest_id, Connection.state.in_(OPEN))
    rows = session.scalars(mine.order_by(Connection.since, Connection.id)).all()
    names = names_of(session, rows)
    return [OpenConnection(row.id, row.house_id, names[row.id], State(row.state), row.since) for row in rows]


def may_be_asked(session: Session, house_id: uuid.UUID, guest_id: uuid.UUID) -> bool:
    """They said yes to texts about what they asked for, at the number they have now, are not to be left alone, and not
    in the house, where one asks them oneself."""
    person = correspondent_of(session, house_id, guest_id)
    if person is None or person.number_index is None or not person.safe_to_text or person.state != PersonState.OPEN:
        return False
    return any(
        each.purpose == Purpose.CONNECTIONS and each.number_index == person.number_index
        for each in consents_of(session, house_id, guest_id)
    )


def ask_inside(
    session: Session,
    connection_id: uuid.UUID,
    *,
    made_by: str,
    now: datetime,
    dedupe_key: str | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Message | None:
    """Put the question into the outbox, behind the house's lock; none where nothing is open or no text may go."""
    row = session.get(Connection, connection_id, populate_existing=True)
    if row is None or row.guest_id is None or row.state not in OPEN:
        return None
    if not may_be_asked(session, row.house_id, row.guest_id):
        return None
    person = correspondent_of(session, row.house_id, row.guest_id)
    assert person is not None
    code = code_for(session, row.house_id, CONNECTION, row.id, now)
    message = write(
        session,
        row.house_id,
        number=person.number,
        purpose=Purpose.CONNECTIONS,
        template="connection-asked",
        fields=guest_fields(session, row.house_id) | {"first_name": person.name or "", "code": str(code)},
        language=person.language,
        dedupe_key=dedupe_key or f"connection:{row.id}:{now.date()}",
        made_by=made_by,
        not_before=not_before,
        not_after=not_after,
        correspondent_id=person.id,
        now=now,
    )
    record(session, row.house_id, events.ASKED, subject=row.id, actor=None, at=now)
    return message


def answered(
    session: Session, connection_id: uuid.UUID, guest_id: uuid.UUID, word: Short, now: datetime
) -> Understood | None:
    """Yes: it came about, by the guest's own word. No: not yet. X: they do not want it any more.

    None where a person has to read what they mean.
    """
    row = session.get(Connection, connection_id, populate_existing=True)
    if row is None or row.guest_id != guest_id or word not in TAKES:
        return None
    if word == Short.NO:
        end_code(session, CONNECTION, row.id, now)
        return Understood(row.house_id, "connection-no-hurry") if row.state in OPEN else None
    no_more = word == Short.NO_MORE
    if no_more and row.state == State.DROPPED:
        return Understood(row.house_id, "follow-up-heard")
    if no_more or not row.guest_confirmed:
        try:
            with part_of(session):
                by = Actor(ActorKind.GUEST, guest_id)
                say_inside(session, by, row, Word(State.DROPPED if no_more else State.CONNECTED, Who.GUEST), now)
        except Refusal:
            return None  # they dropped it, or it was no fit: a person reads it
    if no_more:
        end_code(session, CONNECTION, row.id, now)
        return Understood(row.house_id, "follow-up-heard")
    return Understood(row.house_id, "connection-glad")


def open_questions(session: Session, guest_id: uuid.UUID, now: datetime) -> list[Question]:
    """What they were asked lately and have not answered."""
    asked = (
        sa.select(Connection)
        .join(ReplyCode, sa.and_(ReplyCode.kind == CONNECTION, ReplyCode.subject_id == Connection.id))
        .where(
            Connection.guest_id == guest_id,
            Connection.state.in_(OPEN),
            ReplyCode.ended_at.is_(None),
            ReplyCode.made_at > now - BARE_FOR,
        )
        .order_by(ReplyCode.made_at)
    )
    return [Question(CONNECTION, row.id, row.house_id, TAKES) for row in session.scalars(asked)]
