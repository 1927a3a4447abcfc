"""The link to a guest's own page, and where it is open now. Of each token only a digest is kept."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


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
