"""What a guest asks of the house from their page, and the answer. All words are sealed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class AskKind(StrEnum):
    FORGET = "forget"  # to be forgotten: one at a time, with the day by which they hear
    REQUEST = "request"
    SUGGESTION = "suggestion"


class GuestAsk(Versioned, Base):
    """One thing that a guest asked. Open until it is answered; being forgotten, until it is done or taken back."""

    __tablename__ = "guest_ask"
    __table_args__ = (
        sa.Index(
            "uq_guest_ask_forget",
            "guest_id",
            unique=True,
            sqlite_where=sa.text("kind = 'forget' AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'forget' AND ended_at IS NULL"),
        ),
        sa.Index("ix_guest_ask_open", "house_id", "ended_at"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    kind: Mapped[str] = kept(Kept.GUEST, sa.String(12))
    words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    asked_at: Mapped[datetime] = kept(Kept.GUEST)
    answer_by: Mapped[date | None] = kept(Kept.GUEST)
    taken_by: Mapped[uuid.UUID | None] = to("person.id")
    answer_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    answered_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    answered_at: Mapped[datetime | None] = kept(Kept.GUEST)
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)

    words = Sealed("words_sealed")
    answer = Sealed("answer_sealed")


class NamelessIdea(Base):
    """A suggestion that was sent without a name. Nothing joins it to a guest: no id, no hour, no line in the log."""

    __tablename__ = "nameless_idea"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    month: Mapped[date] = kept(Kept.WORKING)  # its first day
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)

    words = Sealed("words_sealed")
