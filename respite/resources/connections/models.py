"""What was offered to a guest and what came of it: a row, and a line for each thing that was said about it."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class Connection(Versioned, Base):
    """A place of the directory, or one whose name somebody wrote. How it stands follows from its steps.

    When the guest is forgotten the row stays without them and without words: figures and what is said of the place
    count it.
    """

    __tablename__ = "connection"
    __table_args__ = (
        sa.Index("ix_connection_guest_id_state", "guest_id", "state"),
        sa.Index("ix_connection_service_id_offered_at", "service_id", "offered_at"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID | None] = to("guest.id", index=False)
    service_id: Mapped[uuid.UUID | None] = to("directory_service.id", index=False)
    place_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # its name, where the directory has none
    category: Mapped[str] = kept(Kept.GUEST, sa.String(20))  # policy.Category
    state: Mapped[str] = kept(Kept.GUEST, sa.String(12))  # policy.State
    wanted: Mapped[bool] = kept(Kept.WORKING, default=False)  # at some time
    contact: Mapped[bool] = kept(Kept.WORKING, default=False)  # made together, at some time
    guest_confirmed: Mapped[bool] = kept(Kept.WORKING, default=False)
    service_confirmed: Mapped[bool] = kept(Kept.WORKING, default=False)
    why: Mapped[str | None] = kept(Kept.WORKING, sa.String(12))  # of not being a fit; policy.Why
    offered_at: Mapped[datetime] = kept(Kept.WORKING)
    since: Mapped[datetime] = kept(Kept.WORKING)  # when what stands happened

    place = Sealed("place_sealed")


class ConnectionStep(Base):
    """One thing that was said about a connection: by whom, when it happened, when and by whom it was written down."""

    __tablename__ = "connection_step"
    __table_args__ = (sa.UniqueConstraint("connection_id", "number"),)

    id: Mapped[uuid.UUID] = key()
    connection_id: Mapped[uuid.UUID] = to("connection.id", ondelete="CASCADE", index=False)
    number: Mapped[int] = kept(Kept.WORKING)
    state: Mapped[str] = kept(Kept.GUEST, sa.String(12))
    who: Mapped[str] = kept(Kept.GUEST, sa.String(10))  # policy.Who
    at: Mapped[datetime] = kept(Kept.GUEST)
    told_at: Mapped[datetime] = kept(Kept.GUEST)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    why: Mapped[str | None] = kept(Kept.GUEST, sa.String(12))
    words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)

    words = Sealed("words_sealed")
