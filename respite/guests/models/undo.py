"""What an act changed, so that it can be taken back."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, kept, key, to


class Undoable(Base):
    """What an act changed, as it stood before, so that one tap takes the act back while nothing else moved."""

    __tablename__ = "undoable"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    actor: Mapped[str] = kept(Kept.KEY, sa.String(60))
    kind: Mapped[str] = kept(Kept.WORKING, sa.String(80))
    subject: Mapped[uuid.UUID] = kept(Kept.KEY)
    before_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    at: Mapped[datetime] = kept(Kept.WORKING, index=True)
    undone_at: Mapped[datetime | None] = kept(Kept.WORKING)

    before = Sealed("before_sealed")
