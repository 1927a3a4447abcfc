"""The link to a guest's own page, where it is open now, and their plan. Of each token only a digest is kept."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class GuestLink(Base):
    """A guest's way to their own page. A new one ends the one before."""

    __tablename__ = "guest_link"
    __table_args__ = (
        sa.Index(
            "uq_guest_link_live",
            "guest_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    token_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    #: Of a word that the guest chose, without which the link opens nothing. Another link has none.
    word_hash: Mapped[str | None] = kept(Kept.SECRET, sa.String(200))
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    made_at: Mapped[datetime] = kept(Kept.GUEST)
    until: Mapped[datetime] = kept(Kept.GUEST)  # house clock
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)


class PageSession(Base):
    """The page is open in somebody's browser: begun by a tap, over after a while unused. By the machine's clock."""

    __tablename__ = "page_session"

    id: Mapped[uuid.UUID] = key()
    link_id: Mapped[uuid.UUID] = to("guest_link.id")
    token_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    began_at: Mapped[datetime] = kept(Kept.WORKING)
    seen_at: Mapped[datetime] = kept(Kept.WORKING)


class PlanKind(StrEnum):
    HOPE = "hope"
    HELPS = "helps"
    STEP = "step"


class PlanPart(Versioned, Base):
    """One part of a guest's plan, in their words. Nobody who works here reads it unless the guest shares it."""

    __tablename__ = "plan_part"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    kind: Mapped[str] = kept(Kept.GUEST, sa.String(10))
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    made_at: Mapped[datetime] = kept(Kept.GUEST)
    done_at: Mapped[datetime | None] = kept(Kept.GUEST)  # of a step
    shared_at: Mapped[datetime | None] = kept(Kept.GUEST)  # none: theirs alone

    words = Sealed("words_sealed")


class PlanWord(Base):
    """How a part read before it was changed. What was written while it was theirs alone stays theirs alone."""

    __tablename__ = "plan_word"

    id: Mapped[uuid.UUID] = key()
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    part_id: Mapped[uuid.UUID] = to("plan_part.id")
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    until: Mapped[datetime] = kept(Kept.GUEST)
    shared: Mapped[bool] = kept(Kept.GUEST)  # whether the part was shared while it read so

    words = Sealed("words_sealed")
