"""One thread, as its page shows it: both sides' texts in order, what people did beside them, what is still to come."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.audit.models import Event
from respite.core.errors import NotFound
from respite.houses.queries import names_of
from respite.messaging import events
from respite.messaging.models import Inbound, Message, NumberStop, ReadSoon, Thread
from respite.messaging.policy.states import State
from respite.messaging.queries import (
    Whose,
    at_of,
    must_keep_texts,
    names_by_id,
    passed_on_by,
    said_at,
    soon_of,
    whose_numbers,
)
from respite.messaging.service.ground import stop_on

MOST_TEXTS = 40
MOST_TO_COME = 20
#: A kind of its own, which no event has.
READ_SOON = "read-soon"
FAR = datetime.max.replace(tzinfo=UTC)
DONE_BESIDE = (events.THREAD_ASSIGNED, events.THREAD_PASSED, events.THREAD_CALLED, events.THREAD_RESTS)


@dataclass(frozen=True, slots=True)
class Beside:
    """Something that somebody did beside the texts: called, took it on, passed it on, asked for a rest."""

    kind: str
    actor: str | None
    at: datetime
    to: str | None = None  # whom it was given to, as `person:id`
    step: str | None = None
    until: datetime | None = None


Entry = Inbound | Message | Beside


@dataclass(frozen=True, slots=True)
class ThreadSeen:
    """Everything one thread's page is drawn from."""

    thread: Thread
    whose: Whose
    entries: Sequence[Entry]
    earlier: bool  # there is more before these
    to_come: Sequence[Message]
    names: Mapping[str, str]  # of people, by `kind:id`
    assigned: str | None
    stop: NumberStop | None
    soon: Sequence[ReadSoon]
    passed: bool  # its words are out of this reader's sight
    last_in: datetime | None


def thread_for(session: Session, actor: Actor, house_id: uuid.UUID, thread_id: uuid.UUID) -> Thread:
    """The house's thread. Raises NotFound for another house's, or without the right."""
    must_keep_texts(actor, house_id)
    thread = session.get(Thread, thread_id)
    if thread is None or thread.house_id != house_id:
        raise NotFound
    return thread


def thread_seen(
    session: Session,
    actor: Actor,
    house_id: uuid.UUID,
    thread_id: uuid.UUID,
    now: datetime,
    before: datetime | None = None,
) -> ThreadSeen:
    """The newest forty texts of a thread, or the forty before an instant."""
    thread = thread_for(session, actor, house_id, thread_id)
    incoming = _incoming(session, thread, before)
    outgoing = _outgoing(session, thread, now, before)
    texts: list[Entry] = sorted([*incoming, *outgoing], key=_order)
    shown, earlier = texts[-MOST_TEXTS:], len(texts) > MOST_TEXTS
    since = stands_at(shown[0]) if earlier and shown else None
    beside = [*_beside(session, thread, since, before), *_taken(session, thread, since, before)]
    entries: list[Entry] = sorted([*shown, *beside], key=_order)
    refs = [text.made_by for text in outgoing] + [each.actor for each in beside] + [text.hidden_by for text in incoming]
    refs += [each.to for each in beside] + [thread.rest_asked_by]
    return ThreadSeen(
        thread=thread,
        whose=whose_numbers(session, house_id, {thread.number_index: thread.number})[thread.number_index],
        entries=entries,
        earlier=earlier,
        to_come=_to_come(session, thread, now) if before is None else [],
        names=names_of(session, refs),
        assigned=names_by_id(session, [thread.assigned_to]).get(thread.assigned_to) if thread.assigned_to else None,
        stop=stop_on(session, thread.number_index),
        soon=soon_of(session, actor, house_id, thread.id),
        passed=passed_by(session, actor, house_id, thread.id),
        last_in=session.scalar(sa.select(sa.func.max(Inbound.sent_at)).where(Inbound.thread_id == thread.id)),
    )


def stands_at(entry: Entry) -> datetime:
    """Where something stands in the thread."""
    if isinstance(entry, Inbound):
        return entry.sent_at
    return at_of(entry) if isinstance(entry, Message) else entry.at


def _order(entry: Entry) -> tuple[datetime, int, str]:
    """By time; where two are of the same instant, theirs stand before ours, and theirs in the order of their SIDs."""
    if isinstance(entry, Inbound):
        return entry.sent_at, 0, entry.sid
    return stands_at(entry), 1 if isinstance(entry, Message) else 2, ""


def _incoming(session: Session, thread: Thread, before: datetime | None) -> list[Inbound]:
    wanted = sa.select(Inbound).where(Inbound.thread_id == thread.id)
    if before is not None:
        wanted = wanted.where(Inbound.sent_at < before)
    newest = wanted.order_by(Inbound.sent_at.desc(), Inbound.sid.desc()).limit(MOST_TEXTS + 1)
    return list(session.scalars(newest))


def _outgoing(session: Session, thread: Thread, now: datetime, before: datetime | None) -> list[Message]:
    """Texts of ours to this number whose time has come, whatever became of them."""
    wanted = sa.select(Message).where(
        Message.house_id == thread.house_id,
        Message.number_index == thread.number_index,
        sa.not_(_is_to_come(now)),
    )
    if before is not None:
        wanted = wanted.where(said_at() < before)
    return list(session.scalars(wanted.order_by(said_at().desc(), Message.id).limit(MOST_TEXTS + 1)))


def _is_to_come(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Message.state == State.SCHEDULED, sa.func.coalesce(Message.next_at, Message.not_before) > now)


def _to_come(session: Session, thread: Thread, now: datetime) -> list[Message]:
    rows = session.scalars(
        sa.select(Message)
        .where(Message.house_id == thread.house_id, Message.number_index == thread.number_index, _is_to_come(now))
        .order_by(sa.func.coalesce(Message.next_at, Message.not_before), Message.id)
        .limit(MOST_TO_COME)
    )
    return list(rows)


def _beside(session: Session, thread: Thread, since: datetime | None, before: datetime | None) -> list[Beside]:
    wanted = sa.select(Event.kind, Event.actor, Event.at, Event.data).where(
        Event.subject == thread.id, Event.stream == thread.house_id, Event.kind.in_(DONE_BESIDE)
    )
    if since is not None:
        wanted = wanted.where(Event.at >= since)
    if before is not None:
        wanted = wanted.where(Event.at < before)
    newest = session.execute(wanted.order_by(Event.version.desc()).limit(MOST_TEXTS)).all()
    rows = reversed(newest)  # two of the same instant stay in the order they were done
    return [_beside_of(kind, actor, at, json.loads(data)) for kind, actor, at, data in rows]


def _taken(session: Session, thread: Thread, since: datetime | None, before: datetime | None) -> list[Beside]:
    """Who said yes to reading soon. A week later the row is gone, and this with it: the log never had it."""
    rows = session.scalars(sa.select(ReadSoon).where(ReadSoon.thread_id == thread.id, ReadSoon.taken_at.is_not(None)))
    return [
        Beside(READ_SOON, row.taken_by, row.taken_at)
        for row in rows
        if row.taken_at is not None and (since or row.taken_at) <= row.taken_at < (before or FAR)
    ]


def _beside_of(kind: str, actor: str | None, at: datetime, data: dict[str, Any]) -> Beside:
    until = data.get("until")
    return Beside(
        kind,
        actor,
        at,
        to=f"{ActorKind.PERSON}:{data['to']}" if "to" in data else None,
        step=data.get("step"),
        until=datetime.fromisoformat(until) if until else None,
    )


def newest_by_people(session: Session, thread_id: uuid.UUID, after: datetime, mine: Message) -> list[Message]:
    """Answers that others wrote since a page was drawn."""
    rows = session.scalars(
        sa.select(Message)
        .where(
            Message.thread_id == thread_id,
            Message.template.is_(None),
            Message.made_at >= after,
            Message.made_by != mine.made_by,
        )
        .order_by(Message.made_at)
    )
    return list(rows)


def passed_by(session: Session, actor: Actor, house_id: uuid.UUID, thread_id: uuid.UUID) -> bool:
    """Whether this reader passed the thread on, so that its words stay out of their sight."""
    return thread_id in passed_on_by(session, actor, house_id, [thread_id])


def message_for(session: Session, actor: Actor, house_id: uuid.UUID, message_id: uuid.UUID) -> Message:
    must_keep_texts(actor, house_id)
    message = session.get(Message, message_id)
    if message is None or message.house_id != house_id:
        raise NotFound
    return message


def inbound_for(session: Session, actor: Actor, house_id: uuid.UUID, inbound_id: uuid.UUID) -> Inbound:
    must_keep_texts(actor, house_id)
    text = session.get(Inbound, inbound_id)
    if text is None or text.house_id != house_id:
        raise NotFound
    return text
