"""A peer's calendar link: made, shown to them alone, ended."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.models import Person
from respite.core.crypto import digest, new_token
from respite.core.db import transaction
from respite.staffing.models import CalendarFeed


def make_feed(actor: Actor, *, now: datetime) -> CalendarFeed:
    """A new link; the one before opens nothing any more."""
    with transaction() as session:
        session.get_one(Person, actor.id, with_for_update=True)
        end_feeds(session, actor.id, now)
        token = new_token()
        feed = CalendarFeed(person_id=actor.id, token_hash=digest(token), made_at=now)
        feed.token = token
        session.add(feed)
        session.flush()
    return feed


def end_feed(actor: Actor, *, now: datetime) -> None:
    """The link opens nothing from here on. Said twice, nothing more happens."""
    with transaction() as session:
        end_feeds(session, actor.id, now)


def end_feeds(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Inside the caller's transaction: for somebody who leaves, or lost their telephone."""
    session.execute(
        sa.update(CalendarFeed)
        .where(CalendarFeed.person_id == person_id, CalendarFeed.ended_at.is_(None))
        .values(ended_at=now, token_sealed=None)
    )


def feed_of(session: Session, person_id: uuid.UUID) -> CalendarFeed | None:
    return session.scalar(
        sa.select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.ended_at.is_(None))
    )


def whose_feed(session: Session, token: str) -> Person | None:
    """Whom the link belongs to; nobody where it was ended, or they do not work here any more."""
    return session.scalar(
        sa.select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(
            CalendarFeed.token_hash == digest(token),
            CalendarFeed.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )
