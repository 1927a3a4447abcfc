"""What guests asked, as those who keep beds read it: whose it is, where their page is, who sees to it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.guests.models import Guest, GuestAsk, NamelessIdea, Stay


@dataclass(frozen=True, slots=True)
class AskRow:
    id: uuid.UUID
    version: int
    kind: str
    words: str | None
    asked_at: datetime
    answer_by: date | None
    answer: str | None
    answered_at: datetime | None
    open: bool
    guest: str | None
    stay_id: uuid.UUID | None
    """The newest stay, whose page is the guest's."""
    taken_by: uuid.UUID | None
    taker: str | None


def asks_of(session: Session, house_id: uuid.UUID, since: datetime) -> list[AskRow]:
    """What is open, the oldest first; then what was answered since, the newest first."""
    newest = sa.select(Stay.id).where(Stay.guest_id == GuestAsk.guest_id).order_by(Stay.saved_at.desc()).limit(1)
    asked = (
        sa.select(GuestAsk, Guest, Person.name, newest.correlate(GuestAsk).scalar_subquery())
        .join(Guest, Guest.id == GuestAsk.guest_id)
        .outerjoin(Person, Person.id == GuestAsk.taken_by)
        .where(GuestAsk.house_id == house_id, sa.or_(GuestAsk.ended_at.is_(None), GuestAsk.ended_at > since))
        .order_by(GuestAsk.asked_at, GuestAsk.id)
    )
    rows = [_row(*found) for found in session.execute(asked)]
    return [*(row for row in rows if row.open), *(row for row in reversed(rows) if not row.open)]


def _row(ask: GuestAsk, guest: Guest, taker: str | None, stay_id: uuid.UUID | None) -> AskRow:
    return AskRow(
        id=ask.id,
        version=ask.version,
        kind=ask.kind,
        words=ask.words,
        asked_at=ask.asked_at,
        answer_by=ask.answer_by,
        answer=ask.answer,
        answered_at=ask.answered_at,
        open=ask.ended_at is None,
        guest=guest.name,
        stay_id=stay_id,
        taken_by=ask.taken_by,
        taker=taker,
    )


def own_asks(session: Session, guest_id: uuid.UUID, most: int = 20) -> Sequence[GuestAsk]:
    """What a guest asked, the newest first, for their own page."""
    mine = sa.select(GuestAsk).where(GuestAsk.guest_id == guest_id)
    return session.scalars(mine.order_by(GuestAsk.asked_at.desc(), GuestAsk.id).limit(most)).all()


def open_asks_of(guest_id: uuid.UUID) -> sa.ColumnElement[int]:
    """A column, for what is read of a guest at once."""
    open_ones = sa.select(sa.func.count(GuestAsk.id)).where(GuestAsk.guest_id == guest_id, GuestAsk.ended_at.is_(None))
    return open_ones.scalar_subquery()


def how_many_open(house_id: uuid.UUID) -> sa.ColumnElement[int]:
    """A column, so that the desk's quiet mark costs no read of its own."""
    asked = sa.select(sa.func.count(GuestAsk.id)).where(
        GuestAsk.house_id == house_id, GuestAsk.ended_at.is_(None), GuestAsk.answered_at.is_(None)
    )
    nameless = sa.select(sa.func.count(NamelessIdea.id)).where(NamelessIdea.house_id == house_id)
    return asked.scalar_subquery() + nameless.scalar_subquery()
