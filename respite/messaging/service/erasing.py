"""Forgetting somebody who was texted: words and numbers go; that a text left, when, and under which SID, remains.

A number that asked for no more texts stays left alone: what is kept of it is a digest. What another person wrote
from a phone they share stays theirs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Draft
from respite.audit.service import record
from respite.core import fences
from respite.core.db import transaction
from respite.core.due import Due
from respite.messaging import events
from respite.messaging.models import (
    Attempt,
    Consent,
    Correspondent,
    FormerNumber,
    Inbound,
    Message,
    ProviderEvent,
    ReadSoon,
    SimText,
    Thread,
)
from respite.messaging.purposes import RULES
from respite.messaging.service.correspondents import correspondent_of
from respite.messaging.service.ground import correspondents_at
from respite.messaging.service.writing import cancel_where

MOST_AT_ONCE = 500


def erase(session: Session, house_id: uuid.UUID, subject_id: uuid.UUID, now: datetime) -> None:
    """Take away what was written to and by somebody, in the caller's transaction and behind the house's lock."""
    person = correspondent_of(session, house_id, subject_id)
    if person is None:
        return
    cancel_where(session, "forgotten", now, Message.correspondent_id == person.id)
    theirs = list(
        session.scalars(
            sa.select(Message).where(Message.correspondent_id == person.id).order_by(Message.id).with_for_update()
        )
    )
    marks = _numbers_of(session, person, theirs)
    silence(session, theirs)
    for mark in sorted(marks):
        fences.shut(session, mark)
        _drop_drafts(session, house_id, mark)
        others = [each for each in correspondents_at(session, mark) if each.id != person.id]
        if not any(each.house_id == house_id for each in others):
            _forget_number(session, house_id, mark, now)
        if not others:
            _blank_phone(session, mark)
    _no_correspondent(session, person, now)


def unmake(session: Session, house_id: uuid.UUID, subject_id: uuid.UUID, now: datetime) -> None:
    """Somebody was written down by mistake: they and the texts written for them go, in the caller's transaction.

    What came from the number, what answered it, and who is asked to read it stay: nobody asked for that to go.
    """
    person = correspondent_of(session, house_id, subject_id)
    if person is None:
        return
    cancel_where(session, "forgotten", now, Message.correspondent_id == person.id, Message.thread_id.is_(None))
    theirs = session.scalars(
        sa.select(Message).where(Message.correspondent_id == person.id).order_by(Message.id).with_for_update()
    ).all()
    for mark in sorted(_numbers_of(session, person, theirs)):
        fences.shut(session, mark)
    silence(session, [message for message in theirs if message.thread_id is None])
    for message in theirs:
        message.correspondent_id = None
    session.flush()
    _no_correspondent(session, person, now)


def _no_correspondent(session: Session, person: Correspondent, now: datetime) -> None:
    house_id, subject_id = person.house_id, person.subject_id
    for model in (Consent, FormerNumber):
        session.execute(sa.delete(model).where(model.correspondent_id == person.id))
    session.delete(person)
    session.flush()
    record(session, house_id, events.ERASED, subject=subject_id, actor=None, at=now, parts=events.PARTS)


def _numbers_of(session: Session, person: Correspondent, messages: Iterable[Message]) -> set[bytes]:
    """Every number that was ever theirs, as far as anything says so."""
    agreed = session.scalars(sa.select(Consent.number_index).where(Consent.correspondent_id == person.id))
    before = session.scalars(sa.select(FormerNumber.number_index).where(FormerNumber.correspondent_id == person.id))
    found = {*agreed, *before, *(message.number_index for message in messages)}
    return found | ({person.number_index} if person.number_index is not None else set())


def forget_numbers(now: datetime) -> int:
    """Take words and numbers out of texts to somebody whom nothing else knows, once their time is over; returns how
    many."""
    with transaction() as session:
        old = [
            sa.and_(Message.purpose == purpose, Message.made_at < now - rules.number_kept)
            for purpose, rules in RULES.items()
            if rules.number_kept is not None
        ]
        found = session.scalars(
            sa.select(Message)
            .where(sa.or_(*old), Message.number_sealed.is_not(None), Message.next_at.is_(None))
            .order_by(Message.id)
            .limit(MOST_AT_ONCE)
            .with_for_update()
        ).all()
        silence(session, found)
    return len(found)


def silence(session: Session, messages: Sequence[Message]) -> None:
    """Take words and numbers. A text that is on its way stays a row, where what is said of it finds its place."""
    for message in messages:
        message.body = message.number = message.correspondent_id = None
    session.flush()
    ids = [message.id for message in messages]
    tries = session.scalars(sa.select(Attempt.sid).where(Attempt.message_id.in_(ids), Attempt.sid.is_not(None)))
    _forget_forms(session, {*tries, *(message.sid for message in messages)})


def _forget_forms(session: Session, sids: Iterable[str | None]) -> None:
    """The forms that a provider sent repeat numbers and words."""
    named = sorted(sid for sid in sids if sid)
    session.execute(sa.update(ProviderEvent).where(ProviderEvent.sid.in_(named)).values(raw_sealed=None))


def _forget_number(session: Session, house_id: uuid.UUID, mark: bytes, now: datetime) -> None:
    """Nobody else's: the thread with this number, all that came from it, and what somebody was asked to read."""
    thread = session.scalar(sa.select(Thread).where(Thread.house_id == house_id, Thread.number_index == mark))
    nobodys = (Message.house_id == house_id, Message.number_index == mark, Message.correspondent_id.is_(None))
    cancel_where(session, "forgotten", now, *nobodys)
    unnamed = sa.select(Message).where(*nobodys).order_by(Message.id).with_for_update()
    silence(session, list(session.scalars(unnamed)))
    if thread is None:
        return
    soon = list(session.scalars(sa.select(ReadSoon.id).where(ReadSoon.thread_id == thread.id)))
    session.execute(sa.delete(Due).where(Due.subject.in_(soon)))
    session.execute(sa.delete(ReadSoon).where(ReadSoon.id.in_(soon)))
    came = list(session.scalars(sa.select(Inbound).where(Inbound.thread_id == thread.id)))
    for inbound in came:
        inbound.body = None
    _forget_forms(session, [inbound.sid for inbound in came])
    thread.number = thread.unseen_since = thread.assigned_to = None
    session.flush()


def _drop_drafts(session: Session, house_id: uuid.UUID, mark: bytes) -> None:
    """An answer that was begun may speak of them, whoever shares the phone."""
    thread_id = session.scalar(sa.select(Thread.id).where(Thread.house_id == house_id, Thread.number_index == mark))
    if thread_id is not None:
        session.execute(sa.delete(Draft).where(Draft.path.contains(str(thread_id))))


def _blank_phone(session: Session, mark: bytes) -> None:
    """The simulator's phone, whose ledger keeps its SIDs."""
    for text in list(session.scalars(sa.select(SimText).where(SimText.number_index == mark))):
        text.number = text.body = ""
    session.flush()
