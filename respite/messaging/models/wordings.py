"""How a house texts: its name in texts, its extra words, and its own wording of a template, by version."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class HouseTexts(Versioned, Base):
    """A house's own choices about texts; a house without a row has what stands here."""

    __tablename__ = "house_texts"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id", unique=True)
    brand: Mapped[str] = kept(Kept.HOUSE, sa.String(40))  # the neutral, registered name that a text may carry
    reply_hours: Mapped[str] = kept(Kept.HOUSE, sa.String(40), default="9a-9p")
    # Words that this house's people use when they are in danger; one malformed makes every text urgent.
    danger_words: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON, default=list)


class Wording(Base):
    """The house's own words for a template in one language, by version. Texts keep the version they were made of."""

    __tablename__ = "wording"
    __table_args__ = (sa.UniqueConstraint("house_id", "template", "language", "number"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    template: Mapped[str] = kept(Kept.HOUSE, sa.String(40))
    language: Mapped[str] = kept(Kept.HOUSE, sa.String(5))
    number: Mapped[int] = kept(Kept.HOUSE)
    words: Mapped[str] = kept(Kept.HOUSE, sa.String(480))
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
