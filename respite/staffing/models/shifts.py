"""Who is on, and who is on call."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class Shift(Versioned, Base):
    """A stretch of time in which a person is in the house (`floor`) or reachable (`on-call`). Half-open."""

    __tablename__ = "shift"
    __table_args__ = (sa.CheckConstraint("starts_at < ends_at", name="ends_after_it_begins"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    person_id: Mapped[uuid.UUID | None] = to("person.id")  # none: open, nobody has it yet
    kind: Mapped[str] = kept(Kept.STAFF, sa.String(10))
    starts_at: Mapped[datetime] = kept(Kept.STAFF, index=True)
    ends_at: Mapped[datetime] = kept(Kept.STAFF, index=True)
    came_at: Mapped[datetime | None] = kept(Kept.STAFF)
    went_at: Mapped[datetime | None] = kept(Kept.STAFF)
