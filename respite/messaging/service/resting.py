"""Resting from a number that wears people out. Two people decide it, it says when it ends, and it closes no door.

Texts from there still arrive and are kept; nobody is alerted by them but by words that may mean danger, and the one
automatic answer goes on naming the house's telephone.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.houses.policy.house_time import same_wall_time_days_later
from respite.messaging import events
from respite.messaging.errors import NoRestAsked, RestAsked, RestNeedsAnother
from respite.messaging.models import Thread

LONGEST_REST = 7  # days
ASKING_STANDS = timedelta(hours=24)


def rests(thread: Thread, now: datetime) -> bool:
    return thread.rest_until is not None and now < thread.rest_until


def is_asked(thread: Thread, now: datetime) -> bool:
    """Whether somebody asks for a rest and nobody has agreed yet. After a day without an answer it is over."""
    return thread.rest_until is None and thread.rest_asked_at is not None and now < thread.rest_asked_at + ASKING_STANDS


def ask_rest(actor: Actor, thread_id: uuid.UUID, days: int, now: datetime) -> None:
    """Ask for a rest of so many days, one to seven. Nothing changes until another person agrees."""
    if not 1 <= days <= LONGEST_REST:
        raise Invalid(fields={"days": _("Please choose one of the answers shown.")})
    with transaction() as session:
        thread = _thread(session, actor, thread_id)
        if rests(thread, now) or (is_asked(thread, now) and thread.rest_asked_by != actor.ref):
            raise RestAsked
        thread.rest_asked_by, thread.rest_asked_at = actor.ref, now
        thread.rest_days, thread.rest_until = days, None
        _record(session, actor, thread, "asked", now)


def agree_rest(actor: Actor, thread_id: uuid.UUID, now: datetime) -> datetime:
    """Agree to what somebody else asked for; returns when it ends, at the same time of day by the house's clock."""
    with transaction() as session:
        thread = _thread(session, actor, thread_id)
        if not is_asked(thread, now):
            raise NoRestAsked
        if thread.rest_asked_by == actor.ref:
            raise RestNeedsAnother
        house = session.get_one(House, thread.house_id)
        until = same_wall_time_days_later(now, house.timezone, thread.rest_days or 1)
        thread.rest_until = until
        _record(session, actor, thread, "agreed", now)
    return until


def end_rest(actor: Actor, thread_id: uuid.UUID, now: datetime) -> None:
    """End a rest sooner, or take the asking back. Any one person may."""
    with transaction() as session:
        thread = _thread(session, actor, thread_id)
        if not rests(thread, now) and not is_asked(thread, now):
            return
        thread.rest_asked_by = thread.rest_asked_at = thread.rest_days = thread.rest_until = None
        _record(session, actor, thread, "ended", now)


def _thread(session: Session, actor: Actor, thread_id: uuid.UUID) -> Thread:
    if actor.kind != ActorKind.PERSON:
        raise NotFound  # two people decide, and a program is none
    return locked_row(session, actor, Thread, thread_id, May.KEEP_TEXTS)


def _record(session: Session, actor: Actor, thread: Thread, step: str, now: datetime) -> None:
    record(
        session,
        thread.house_id,
        events.THREAD_RESTS,
        subject=thread.id,
        actor=actor,
        at=now,
        parts=events.PARTS,
        step=step,
        until=thread.rest_until,
    )
