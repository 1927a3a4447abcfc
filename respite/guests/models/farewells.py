"""That a guest has died. Neither when nor how: there is no field for it."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class Farewell(Base):
    """Who said it, and when they did. Taken back, the row goes."""

    __tablename__ = "farewell"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("guest.id"), unique=True)
    said_at: Mapped[datetime] = kept(Kept.GUEST)
    said_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    undoable_id: Mapped[uuid.UUID | None] = kept(Kept.KEY)  # what was let go with it, while it can be put back
