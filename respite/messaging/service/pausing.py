"""Texts wait: a person lets them wait and go on, for the whole house or one purpose.

When the provider refuses the account, the sender or its registration, everything waits by itself
(`settling.pause_line`); a person lets it go on once that is mended.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import lock_stream, record
from respite.core.db import transaction
from respite.houses.models import House
from respite.messaging.events import PARTS, PAUSED, RESUMED
from respite.messaging.models import Message, Pause
from respite.messaging.purposes import Purpose

PERSON, PROVIDER = "person", "provider"
#: The reason of a text that waits for a pause to end.
WAITS = "paused"


def pause(actor: Actor, house_id: uuid.UUID, purpose: Purpose | None, now: datetime) -> Pause:
    """Let the house's texts wait, those of one purpose or all. One that stands already stays as it is."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        standing = session.scalar(sa.select(Pause).where(*_by_person(house_id, purpose)).limit(1))
        if standing is not None:
            return standing
        made = Pause(house_id=house_id, purpose=purpose, why=PERSON, since=now, by=actor.ref)
        session.add(made)
        session.flush()
        record(
            session,
            house_id,
            PAUSED,
            subject=made.id,
            actor=actor,
            at=now,
            parts=PARTS,
            purpose=purpose,
            why=PERSON,
        )
    return made


def resume(actor: Actor, house_id: uuid.UUID, purpose: Purpose | None, now: datetime) -> int:
    """Let the texts go on that a person paused; returns how many were waiting for it.

    What still stands against them (another pause, the provider) keeps them waiting.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        if not _ended(session, now, *_by_person(house_id, purpose)):
            return 0
        waited = [Message.house_id == house_id]
        if purpose is not None:
            waited.append(Message.purpose == purpose)
        waiting = _go_on(session, now, *waited)
        record(session, house_id, RESUMED, subject=None, actor=actor, at=now, parts=PARTS, purpose=purpose)
    return waiting


def resume_line(actor: Actor, house_id: uuid.UUID, now: datetime) -> int:
    """Let everything go on that waits for the provider, in every house; returns how many texts were waiting.

    Whoever may set the rules of one house may do it: the sender is everybody's, and what was not mended stops the
    line again with the first text.
    """
    with transaction() as session:
        houses = list(session.scalars(sa.select(House.id).order_by(House.id)))
        lock_stream(session, *houses)
        lock_house(session, actor, house_id, May.SET_RULES)
        if not _ended(session, now, Pause.why == PROVIDER):
            return 0
        waiting = _go_on(session, now)
        for each in houses:
            record(session, each, RESUMED, subject=None, actor=actor, at=now, parts=PARTS)
    return waiting


def pauses_on(session: Session, house_id: uuid.UUID) -> list[Pause]:
    """What lets this house's texts wait, the provider's first, then the oldest."""
    found = session.scalars(
        sa.select(Pause)
        .where(Pause.ended_at.is_(None), sa.or_(Pause.house_id.is_(None), Pause.house_id == house_id))
        .order_by(Pause.house_id.isnot(None), Pause.since, Pause.id)
    )
    return list(found)


def waiting_for(session: Session, now: datetime, *where: sa.ColumnElement[bool]) -> int:
    """How many texts wait for a pause to end: those that were told so, and those that are due and are not asked."""
    waits = sa.or_(Message.reason == WAITS, Message.next_at <= now)
    counted = sa.select(sa.func.count()).select_from(Message).where(Message.next_at.isnot(None), waits, *where)
    return session.scalar(counted) or 0


def _by_person(house_id: uuid.UUID, purpose: Purpose | None) -> tuple[sa.ColumnElement[bool], ...]:
    same = Pause.purpose.is_(None) if purpose is None else Pause.purpose == purpose
    return (Pause.ended_at.is_(None), Pause.house_id == house_id, Pause.why == PERSON, same)


def _ended(session: Session, now: datetime, *where: sa.ColumnElement[bool]) -> int:
    ended = session.execute(sa.update(Pause).where(Pause.ended_at.is_(None), *where).values(ended_at=now))
    return cast("sa.CursorResult[tuple[()]]", ended).rowcount


def _go_on(session: Session, now: datetime, *where: sa.ColumnElement[bool]) -> int:
    """Put what waits for a pause before the gate again, at once: its own hours and limits are asked there."""
    waiting = waiting_for(session, now, *where)
    session.execute(
        sa.update(Message)
        .where(Message.next_at > now, Message.reason == WAITS, *where)
        .values(next_at=now, version=Message.version + 1)
        .execution_options(synchronize_session=False)
    )
    return waiting
