"""Who is to hear it from somebody, and the time together that is offered to them then."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class PersonToTell(Base):
    """Somebody who knew a guest that has died. Told, they are offered time together; what they say to that is theirs:
    `answered` is a no as well as a talk that was had."""

    __tablename__ = "person_to_tell"
    __table_args__ = (
        sa.UniqueConstraint("farewell_id", "person_id"),
        sa.CheckConstraint("(told_at IS NULL) = (told_by IS NULL)", name="told_by_somebody"),
        sa.CheckConstraint("asked_id IS NULL OR told_at IS NOT NULL", name="told_before_asked"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    farewell_id: Mapped[uuid.UUID] = to("farewell.id", ondelete="CASCADE")
    person_id: Mapped[uuid.UUID] = to("person.id")
    told_at: Mapped[datetime | None] = kept(Kept.STAFF)
    told_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    asked_id: Mapped[uuid.UUID | None] = to("person.id")  # with whom they would like to talk
    answered: Mapped[bool] = kept(Kept.STAFF, default=False)
