"""Short numbers for questions that are answered by text: "Y42"."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.messaging.models import ReplyCode

#: A late answer must not meet another question: a number rests so long after its question ended.
RESTS = timedelta(days=30)
NEVER = frozenset({911, 988, 311, 211, 933})
RANGES = ((10, 99), (100, 999), (1000, 9999))


def code_for(session: Session, house_id: uuid.UUID, kind: str, subject_id: uuid.UUID, now: datetime) -> int:
    """The number of a question, given anew where it has none that counts. The caller holds the house's lock.

    Two houses that draw the same number at the same moment meet at the unique key, and the later one draws again.
    """
    standing = session.scalar(
        sa.select(ReplyCode.number).where(
            ReplyCode.kind == kind, ReplyCode.subject_id == subject_id, ReplyCode.ended_at.is_(None)
        )
    )
    if standing is not None:
        return standing
    while True:
        number = _free(session, now)
        try:
            with session.begin_nested():
                session.add(ReplyCode(house_id=house_id, number=number, kind=kind, subject_id=subject_id, made_at=now))
        except IntegrityError:
            continue
        return number


def end_code(session: Session, kind: str, subject_id: uuid.UUID, now: datetime) -> None:
    """The question is answered, or over."""
    session.execute(
        sa.update(ReplyCode)
        .where(ReplyCode.kind == kind, ReplyCode.subject_id == subject_id, ReplyCode.ended_at.is_(None))
        .values(ended_at=now)
    )


def meant_by(session: Session, number: int) -> ReplyCode | None:
    """The question a number stands for, or stood for last."""
    return session.scalar(
        sa.select(ReplyCode)
        .where(ReplyCode.number == number)
        .order_by(ReplyCode.ended_at.is_not(None), ReplyCode.made_at.desc())
        .limit(1)
    )


def _free(session: Session, now: datetime) -> int:
    taken = set(
        session.scalars(
            sa.select(ReplyCode.number).where(sa.or_(ReplyCode.ended_at.is_(None), ReplyCode.ended_at > now - RESTS))
        )
    )
    for first, last in RANGES:
        free = [number for number in range(first, last + 1) if number not in taken and number not in NEVER]
        if free:
            return secrets.choice(free)
    raise RuntimeError("more questions than numbers")
