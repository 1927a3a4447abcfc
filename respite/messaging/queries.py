"""What the inbox is drawn from: reads for an actor, a handful of statements however many threads there are.

Words are unsealed for what is shown and for nothing else.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.models import Person
from respite.accounts.rights import people_who_may
from respite.accounts.roles import May
from respite.audit.models import Event
from respite.core.errors import NotFound
from respite.messaging import events
from respite.messaging.models import Correspondent, Inbound, Message, NumberStop, ReadSoon, Thread
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.policy.states import State
from respite.messaging.service.ending import undecided
from respite.messaging.service.reading import open_alerts

MOST_THREADS = 200
MOST_WAITING = 50
MOST_DECIDED = 50
#: States of texts that somebody got, or is getting: one of these may be the last word of a thread.
SAID = (
    State.QUEUED,
    State.SENDING,
    State.UNKNOWN,
    State.ACCEPTED,
    State.SENT,
    State.DELIVERED,
    State.UNDELIVERED,
    State.FAILED,
    State.NEEDS_HUMAN,
)
UNFINISHED = (State.SCHEDULED, State.QUEUED, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is known by a number. `subject_id` is the guest's or the peer's own id."""

    id: uuid.UUID
    subject_id: uuid.UUID
    name: str | None
    is_guest: bool


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a number is: nobody's we know, one person's, or several people's who share a phone."""

    number: str | None
    people: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Threads:
    """The threads of a house, those with something unread first, and what is shown beside each."""

    threads: Sequence[Thread]
    whose: Mapping[bytes, Whose]
    last_in: Mapping[uuid.UUID, Inbound]
    last_out: Mapping[bytes, Message]
    people: Mapping[uuid.UUID, str]
    stopped: frozenset[bytes]
    passed: frozenset[uuid.UUID]
    more: bool  # there are more than are shown


def must_keep_texts(actor: Actor, house_id: uuid.UUID) -> None:
    if not actor.may(May.KEEP_TEXTS, house_id):
        raise NotFound


def threads_of(session: Session, actor: Actor, house_id: uuid.UUID, now: datetime) -> Threads:
    must_keep_texts(actor, house_id)
    unread = sa.and_(Thread.unseen_since.is_not(None), sa.or_(Thread.rest_until.is_(None), Thread.rest_until <= now))
    found = list(
        session.scalars(
            sa.select(Thread)
            .where(Thread.house_id == house_id)
            .order_by(sa.case((unread, 0), else_=1), Thread.last_at.desc(), Thread.id)
            .limit(MOST_THREADS + 1)
        )
    )
    threads = found[:MOST_THREADS]
    marks = [thread.number_index for thread in threads]
    return Threads(
        threads=threads,
        whose=whose_numbers(session, house_id, {t.number_index: t.number for t in threads}),
        last_in=_last_in(session, [thread.id for thread in threads]),
        last_out=_last_out(session, house_id, marks),
        people=names_by_id(session, (thread.assigned_to for thread in threads)),
        stopped=stopped_among(session, marks),
        passed=passed_on_by(session, actor, house_id, [thread.id for thread in threads]),
        more=len(found) > MOST_THREADS,
    )


def whose_numbers(session: Session, house_id: uuid.UUID, numbers: Mapping[bytes, str | None]) -> dict[bytes, Whose]:
    """Whose each number is, by its mark."""
    found: dict[bytes, list[Correspondent]] = {}
    rows = session.scalars(
        sa.select(Correspondent)
        .where(Correspondent.house_id == house_id, Correspondent.number_index.in_(list(numbers)))
        .order_by(Correspondent.made_at, Correspondent.id)
    )
    for row in rows:
        assert row.number_index is not None
        found.setdefault(row.number_index, []).append(row)
    return {
        mark: Whose(
            number,
            tuple(
                Known(row.id, row.subject_id, row.name, row.kind == CorrespondentKind.GUEST)
                for row in found.get(mark, ())
            ),
        )
        for mark, number in numbers.items()
    }


def _last_in(session: Session, thread_ids: list[uuid.UUID]) -> dict[uuid.UUID, Inbound]:
    newest = sa.func.row_number().over(
        partition_by=Inbound.thread_id, order_by=(Inbound.sent_at.desc(), Inbound.sid.desc())
    )
    ranked = sa.select(Inbound.id, newest.label("n")).where(Inbound.thread_id.in_(thread_ids)).subquery()
    rows = session.scalars(sa.select(Inbound).join(ranked, ranked.c.id == Inbound.id).where(ranked.c.n == 1))
    return {row.thread_id: row for row in rows}


def _last_out(session: Session, house_id: uuid.UUID, marks: list[bytes]) -> dict[bytes, Message]:
    newest = sa.func.row_number().over(partition_by=Message.number_index, order_by=(said_at().desc(), Message.id))
    ranked = (
        sa.select(Message.id, newest.label("n"))
        .where(Message.house_id == house_id, Message.number_index.in_(marks), Message.state.in_(SAID))
        .subquery()
    )
    rows = session.scalars(sa.select(Message).join(ranked, ranked.c.id == Message.id).where(ranked.c.n == 1))
    return {row.number_index: row for row in rows}


def said_at() -> sa.Function[datetime]:
    """Where a text of ours stands in a thread (`at_of`): when it was taken, or ended without, or is to leave."""
    return sa.func.coalesce(Message.posted_at, Message.ended_at, Message.not_before)


def at_of(message: Message) -> datetime:
    return message.posted_at or message.ended_at or message.not_before


def stopped_among(session: Session, marks: Collection[bytes]) -> frozenset[bytes]:
    live = sa.select(NumberStop.number_index).where(NumberStop.ended_at.is_(None))
    return frozenset(session.scalars(live.where(NumberStop.number_index.in_(list(marks)))))


def passed_on_by(
    session: Session, actor: Actor, house_id: uuid.UUID, thread_ids: Collection[uuid.UUID]
) -> frozenset[uuid.UUID]:
    """Threads whose words stay out of this reader's sight: passed on by them, and not taken back since."""
    mine = sa.select(Thread.id).where(Thread.id.in_(list(thread_ids)), Thread.assigned_to == actor.id)
    rows = session.scalars(
        sa.select(Event.subject)
        .where(
            Event.stream == house_id,
            Event.kind == events.THREAD_PASSED,
            Event.actor == actor.ref,
            Event.subject.in_(list(thread_ids)),
            Event.subject.not_in(mine),
        )
        .distinct()
    )
    return frozenset(row for row in rows if row is not None)


def to_decide(session: Session, actor: Actor, house_id: uuid.UUID) -> list[Message]:
    """Texts that a person has to decide about, the oldest first: nobody should wait longest for the newest."""
    must_keep_texts(actor, house_id)
    rows = session.scalars(
        sa.select(Message)
        .where(Message.house_id == house_id, undecided())
        .order_by(Message.made_at, Message.id)
        .limit(MOST_DECIDED)
    )
    return list(rows)


def waiting_to_leave(session: Session, actor: Actor, house_id: uuid.UUID) -> list[Message]:
    """Texts that are written and have not left, the next first."""
    must_keep_texts(actor, house_id)
    rows = session.scalars(
        sa.select(Message)
        .where(Message.house_id == house_id, Message.state.in_(UNFINISHED))
        .order_by(sa.func.coalesce(Message.next_at, Message.not_before), Message.id)
        .limit(MOST_WAITING)
    )
    return list(rows)


def soon_of(session: Session, actor: Actor, house_id: uuid.UUID, thread_id: uuid.UUID | None = None) -> list[ReadSoon]:
    """What somebody is asked to read soon and nobody has said yes to, the gravest first; of one thread, or all."""
    must_keep_texts(actor, house_id)
    return [row for row in open_alerts(session, house_id) if thread_id in (None, row.thread_id)]


def threads_by_id(session: Session, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, Thread]:
    wanted = {each for each in ids if each is not None}
    return {row.id: row for row in session.scalars(sa.select(Thread).where(Thread.id.in_(wanted)))}


def threads_at(session: Session, house_id: uuid.UUID, marks: Collection[bytes]) -> dict[bytes, uuid.UUID]:
    """The house's thread of each number that has one."""
    rows = session.execute(
        sa.select(Thread.number_index, Thread.id).where(
            Thread.house_id == house_id, Thread.number_index.in_(list(marks))
        )
    )
    return {row.number_index: row.id for row in rows}


def names_by_id(session: Session, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    wanted = {each for each in ids if each is not None}
    return {row.id: row.name for row in session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(wanted)))}


def people_for_texts(session: Session, house_id: uuid.UUID) -> list[Person]:
    """Who may answer texts of the house, by name."""
    return people_who_may(session, house_id, May.KEEP_TEXTS)
