"""The link by which a peer's own calendar follows their shifts."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, kept, key, to


class CalendarFeed(Base):
    """One person's feed. Whoever has the link sees when they are on and where, and nothing else; so it can be ended."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        sa.Index(
            "uq_calendar_feed_live",
            "person_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID] = to("person.id")
    token_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    token_sealed: Mapped[bytes | None] = kept(Kept.SECRET)  # so that its owner can put it into another telephone
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING)

    token = Sealed("token_sealed")
