"""What a guest said so far, in one read: the card shows all of it, and asks little."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.ask_queries import open_asks_of
from respite.guests.models import Conversation, EarlierWord, Guest, LeftLine


@dataclass(frozen=True, slots=True)
class Said:
    """Until when the newest version of their conversation is kept, their lines that still stand on the house face, and
    what stood there before somebody changed it; the newest first.
    """

    kept_until: date | None = None
    lines: tuple[LeftLine, ...] = ()
    earlier: tuple[EarlierWord, ...] = ()
    asks: int = 0  # what they asked from their page and has no answer


def said_so_far(session: Session, guest_id: uuid.UUID) -> Said:
    newest = (
        sa.select(Conversation.kept_until)
        .where(Conversation.guest_id == guest_id)
        .order_by(Conversation.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    stands = sa.and_(LeftLine.guest_id == Guest.id, LeftLine.taken_down_at.is_(None))
    rows = session.execute(
        sa.select(newest.label("kept_until"), open_asks_of(guest_id).label("asks"), LeftLine, EarlierWord)
        .select_from(Guest)
        .outerjoin(LeftLine, stands)
        .outerjoin(EarlierWord, EarlierWord.guest_id == Guest.id)
        .where(Guest.id == guest_id)
        .order_by(LeftLine.at.desc(), EarlierWord.until.desc(), EarlierWord.id)
    ).all()
    # Each line comes once with each earlier word, and each of them is told once.
    lines = dict.fromkeys(row.LeftLine for row in rows if row.LeftLine is not None)
    earlier = dict.fromkeys(row.EarlierWord for row in rows if row.EarlierWord is not None)
    if not rows:
        return Said()
    return Said(rows[0].kept_until, tuple(lines), tuple(earlier), rows[0].asks)
