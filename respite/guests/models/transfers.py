"""A request that goes on to another house: what somebody agreed to, who heard it and when."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class Transfer(Base):
    """Their yes. Without `to_house_id` it was for a house outside, as a sheet, and their place here stays."""

    __tablename__ = "transfer"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    waiting_id: Mapped[uuid.UUID] = to("waiting.id")
    to_house_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, sa.ForeignKey("house.id"))
    new_waiting_id: Mapped[uuid.UUID | None] = kept(Kept.KEY)  # the place it made there; none where they had one
    goes: Mapped[list[Any]] = kept(Kept.GUEST, sa.JSON, default=list)  # policy.transfers.Goes: what they agreed to
    heard_at: Mapped[datetime] = kept(Kept.GUEST)
    heard_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
