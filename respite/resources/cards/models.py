"""A card: which places stand on it, and how long its link opens. For whom it was made is kept nowhere."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class ResourceCard(Base):
    __tablename__ = "resource_card"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    until: Mapped[datetime] = kept(Kept.WORKING, index=True)


class ResourceCardPlace(Base):
    """One service on a card, by its place from the top."""

    __tablename__ = "resource_card_place"

    card_id: Mapped[uuid.UUID] = to("resource_card.id", ondelete="CASCADE", index=False, primary_key=True)
    number: Mapped[int] = kept(Kept.WORKING, primary_key=True)
    service_id: Mapped[uuid.UUID] = to("directory_service.id")
