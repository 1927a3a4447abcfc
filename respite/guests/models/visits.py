"""Visits to the living room."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from respite.core.db import Base, Kept, Versioned, kept, key, to
from respite.guests.models.people import Guest


class Visit(Versioned, Base):
    """Somebody in a chair of the living room, counted in minutes, without nights."""

    __tablename__ = "visit"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    chair_id: Mapped[uuid.UUID] = to("chair.id")
    in_chair_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, sa.ForeignKey("chair.id"), unique=True)
    guest_id: Mapped[uuid.UUID | None] = to("guest.id")
    rules_id: Mapped[uuid.UUID] = to("house_rules.id", index=False)
    arrived_at: Mapped[datetime] = kept(Kept.GUEST)
    left_at: Mapped[datetime | None] = kept(Kept.GUEST)
    went_to_stay_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, sa.ForeignKey("stay.id"))
    notices_seen: Mapped[int] = kept(Kept.WORKING, default=0)  # minutes of the last notice put away

    guest: Mapped[Guest | None] = relationship(lazy="joined")
