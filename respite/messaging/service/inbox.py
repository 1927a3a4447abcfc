"""What people do with what came in: answer it, take it on, pass it on, say they called, put words out of sight."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.models import KeptFrom
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses.models import House
from respite.messaging import events
from respite.messaging.errors import (
    NoContactWanted,
    NoNumber,
    NothingToAnswer,
    NotSafeToText,
    NumberOptedOut,
    WordingNotFit,
)
from respite.messaging.models import Correspondent, Inbound, Message, Thread
from respite.messaging.models.people import PersonState
from respite.messaging.policy.hours import Hours, next_open, zones_for
from respite.messaging.policy.segments import tidy
from respite.messaging.policy.wording import wrong_in
from respite.messaging.purposes import Purpose
from respite.messaging.queries import people_for_texts
from respite.messaging.service.gate import own_hosts
from respite.messaging.service.ground import correspondents_at, stop_on
from respite.messaging.service.reading import take_thread
from respite.messaging.service.writing import write
from respite.messaging.unseen import numbers_of

#: How long after a text an answer to it may leave at any hour; a later one waits for their hours.
ANSWERS_AT_ONCE = timedelta(hours=24)


def reply(actor: Actor, thread_id: uuid.UUID, words: str, now: datetime) -> Message:
    """Answer what somebody wrote. It leaves at once, or in their hours where they wrote more than a day ago.

    Two people may answer at the same moment: both texts are sent, and each page says so. Raises WordingNotFit,
    NothingToAnswer, NumberOptedOut, NotSafeToText, NoContactWanted, TooLong.
    """
    body = tidy(words).strip()
    wrong = wrong_in(body, own_hosts=own_hosts(), may_name_988=True)
    if wrong:
        raise WordingNotFit(wrong=wrong)
    with transaction() as session:
        thread = locked_row(session, actor, Thread, thread_id, May.KEEP_TEXTS)
        last = _last_from_them(session, thread)
        people = correspondents_at(session, thread.number_index, thread.house_id)
        _must_be_answerable(session, thread, people)
        one = people[0] if len(people) == 1 else None
        house = session.get_one(House, thread.house_id)
        message = write(
            session,
            thread.house_id,
            number=thread.number,
            purpose=Purpose.ANSWER,
            words=body,
            language=one.language if one else house.language,
            dedupe_key=f"answer:{uuid.uuid4()}",
            not_before=_leaves_at(last, thread, one, house, now),
            correspondent_id=one.id if one else None,
            thread_id=thread.id,
            answers_id=last.id,
            made_by=actor.ref,
            now=now,
        )
        thread.last_at = now
        _taken(session, thread, actor, now)
        record(
            session,
            thread.house_id,
            events.MESSAGE_WRITTEN,
            subject=message.id,
            actor=actor,
            at=now,
            parts=events.PARTS,
            purpose=Purpose.ANSWER,
        )
    return message


def _last_from_them(session: Session, thread: Thread) -> Inbound:
    last = session.scalar(
        sa.select(Inbound)
        .where(Inbound.thread_id == thread.id)
        .order_by(Inbound.sent_at.desc(), Inbound.sid.desc())
        .limit(1)
    )
    if last is None:
        raise NothingToAnswer
    return last


def _must_be_answerable(session: Session, thread: Thread, people: list[Correspondent]) -> None:
    if thread.number is None:
        raise NoNumber
    if stop_on(session, thread.number_index) is not None:
        raise NumberOptedOut
    # Whoever holds a shared phone may read the answer, so one who is not safe there decides for all.
    if any(not person.safe_to_text for person in people):
        raise NotSafeToText
    if people and all(person.state in (PersonState.NO_CONTACT, PersonState.DIED) for person in people):
        raise NoContactWanted


def _leaves_at(last: Inbound, thread: Thread, one: Correspondent | None, house: House, now: datetime) -> datetime:
    if last.sent_at > now - ANSWERS_AT_ONCE:
        return now
    assert thread.number is not None
    hours = Hours(one.hours_from, one.hours_until) if one else Hours()
    return next_open(now, hours, zones_for(one.timezone if one else None, thread.number, house.timezone)) or now


def seen(actor: Actor, thread_id: uuid.UUID, now: datetime, only: Collection[uuid.UUID] | None = None) -> int:
    """Somebody has read what came in: all of it, or `only` the texts their page showed.

    Returns how many texts nobody had seen before.
    """
    with transaction() as session:
        thread = locked_row(session, actor, Thread, thread_id, May.KEEP_TEXTS)
        unseen = session.scalars(
            sa.select(Inbound)
            .where(Inbound.thread_id == thread.id, Inbound.seen_at.is_(None))
            .order_by(Inbound.received_at)
        ).all()
        read = [text for text in unseen if only is None or text.id in only]
        left = [text.received_at for text in unseen if text not in read]
        for text in read:
            text.seen_at, text.seen_by = now, actor.ref
        if read or (thread.unseen_since is not None and not left):
            thread.unseen_since = left[0] if left else None
            record(
                session,
                thread.house_id,
                events.INBOUND_SEEN,
                subject=thread.id,
                actor=actor,
                at=now,
                parts=events.PARTS,
                thread_id=thread.id,
            )
    return len(read)


def _taken(session: Session, thread: Thread, actor: Actor, now: datetime) -> None:
    """Who answers or calls has read what was to be read soon, unless something came that nobody has seen yet."""
    if thread.unseen_since is None:
        take_thread(session, actor, thread.id, now)


def assign(actor: Actor, thread_id: uuid.UUID, to: uuid.UUID | None, now: datetime) -> uuid.UUID | None:
    """Say who answers here, or that nobody in particular does; returns who did before."""
    return _give(actor, thread_id, to, events.THREAD_ASSIGNED, now)


def pass_on(actor: Actor, thread_id: uuid.UUID, to: uuid.UUID | None, now: datetime) -> uuid.UUID | None:
    """Leave it to somebody else without reading further: from now on the words stay out of this reader's sight."""
    if to == actor.id:
        raise Invalid(fields={"to": _("Please choose somebody else.")})
    return _give(actor, thread_id, to, events.THREAD_PASSED, now)


def _give(actor: Actor, thread_id: uuid.UUID, to: uuid.UUID | None, kind: str, now: datetime) -> uuid.UUID | None:
    with transaction() as session:
        thread = locked_row(session, actor, Thread, thread_id, May.KEEP_TEXTS)
        if to is not None and not _may_answer(session, thread, to):
            # One sentence for every reason: that somebody keeps their texts from a colleague is told to nobody here.
            sentence = _("This cannot go to them just now. Please choose somebody else, or whoever comes first.")
            raise Invalid(fields={"to": sentence})
        before = thread.assigned_to
        if before != to or kind == events.THREAD_PASSED:
            thread.assigned_to = to
            record(session, thread.house_id, kind, subject=thread.id, actor=actor, at=now, parts=events.PARTS, to=to)
    return before


def _may_answer(session: Session, thread: Thread, person_id: uuid.UUID) -> bool:
    if person_id not in {person.id for person in people_for_texts(session, thread.house_id)}:
        return False
    keep_from_them = sa.select(KeptFrom.guest_id).where(KeptFrom.person_id == person_id)
    theirs = sa.select(Thread.id).where(Thread.id == thread.id, Thread.number_index.in_(numbers_of(keep_from_them)))
    return session.scalar(theirs) is None


def let_thread_go(session: Session, house_id: uuid.UUID, mark: bytes, person_id: uuid.UUID) -> None:
    """A number's thread is this person's to see to no more. Behind the house's lock; the event is the caller's."""
    theirs = (Thread.house_id == house_id, Thread.number_index == mark, Thread.assigned_to == person_id)
    for thread in session.scalars(sa.select(Thread).where(*theirs)).all():
        thread.assigned_to = None
    session.flush()


def called(actor: Actor, thread_id: uuid.UUID, now: datetime) -> None:
    """Note that somebody called instead of texting."""
    with transaction() as session:
        thread = locked_row(session, actor, Thread, thread_id, May.KEEP_TEXTS)
        _taken(session, thread, actor, now)
        record(
            session,
            thread.house_id,
            events.THREAD_CALLED,
            subject=thread.id,
            actor=actor,
            at=now,
            parts=events.PARTS,
        )


def hide(actor: Actor, inbound_id: uuid.UUID, now: datetime) -> None:
    """Put the words of one text out of sight, for everybody. They stay, behind a tap."""
    _set_hidden(actor, inbound_id, True, now)


def unhide(actor: Actor, inbound_id: uuid.UUID, now: datetime) -> None:
    _set_hidden(actor, inbound_id, False, now)


def _set_hidden(actor: Actor, inbound_id: uuid.UUID, hidden: bool, now: datetime) -> None:
    with transaction() as session:
        text = locked_row(session, actor, Inbound, inbound_id, May.KEEP_TEXTS)
        if (text.hidden_at is not None) == hidden:
            return
        text.hidden_at, text.hidden_by = (now, actor.ref) if hidden else (None, None)
        record(
            session,
            text.house_id,
            events.INBOUND_HIDDEN,
            subject=text.id,
            actor=actor,
            at=now,
            parts=events.PARTS,
            hidden=hidden,
        )
