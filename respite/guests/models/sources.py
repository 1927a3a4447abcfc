"""How people come to a house, as the house has it."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class ContactSource(Base):
    """One answer to "how did they come to us?". Without words it says only that one of Respite's own is not shown.

    Contacts keep the `mark`. New words are a new row, so that what was said before keeps its words.
    """

    __tablename__ = "contact_source"
    __table_args__ = (sa.UniqueConstraint("house_id", "mark"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    mark: Mapped[str] = kept(Kept.HOUSE, sa.String(20))
    words_en: Mapped[str] = kept(Kept.HOUSE, sa.String(60), default="")
    words_es: Mapped[str] = kept(Kept.HOUSE, sa.String(60), default="")
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    hidden_at: Mapped[datetime | None] = kept(Kept.WORKING)
