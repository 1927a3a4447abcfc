"""How much waits for a person: for the desk, which shows a number and no word of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.messaging.models import Inbound, Message, ReadSoon, Thread
from respite.messaging.service.ending import undecided


@dataclass(frozen=True, slots=True)
class Unread:
    """What the desk says about texts. `changes_at` is when that changes by itself, if it does."""

    texts: int
    since: datetime | None
    soon: int
    decide: int
    changes_at: datetime | None = None


def unread_in(session: Session, house_id: uuid.UUID, now: datetime) -> Unread:
    """How many texts nobody has seen, since when; what is to be read soon, and what is to be decided.

    A number that the house rests from counts for nothing here; what may mean danger does all the same.
    """
    mine = Thread.house_id == house_id
    rests = sa.and_(Thread.rest_until.is_not(None), Thread.rest_until > now)
    unseen = sa.and_(mine, Thread.unseen_since.is_not(None), sa.not_(rests))
    texts, since, soon, decide, changes_at = session.execute(
        sa.select(
            _count(Inbound.seen_at.is_(None), Inbound.thread_id.in_(sa.select(Thread.id).where(unseen))),
            sa.select(sa.func.min(Thread.unseen_since)).where(unseen).scalar_subquery(),
            _count(ReadSoon.house_id == house_id, ReadSoon.taken_at.is_(None)),
            _count(Message.house_id == house_id, undecided()),
            sa.select(sa.func.min(Thread.rest_until)).where(mine, rests).scalar_subquery(),
        )
    ).one()
    return Unread(texts, since, soon, decide, changes_at)


def _count(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(*where).scalar_subquery()


def looked_away(now: datetime, since: datetime | None) -> timedelta:
    """How long the oldest unread text has waited for a person."""
    return timedelta() if since is None else max(timedelta(), now - since)
