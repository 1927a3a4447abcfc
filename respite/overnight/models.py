"""Which entries of an overnight page are in the house's book already. No word of them, and not whom they were about."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class NightEntry(Base):
    """One entry that was taken, so that the same one, sent again, is not taken twice.

    It is kept for longer than an entry may be late, so nothing that waited on a tablet for weeks can come twice either.
    """

    __tablename__ = "night_entry"
    __table_args__ = (sa.UniqueConstraint("house_id", "entry_key"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    entry_key: Mapped[uuid.UUID] = kept(Kept.KEY)  # made by the tablet
    body_hash: Mapped[bytes] = kept(Kept.SECRET)
    entered_by: Mapped[uuid.UUID | None] = to("person.id")  # none: the screen rested, so nobody was known
    sent_by: Mapped[uuid.UUID] = to("person.id")
    taken_at: Mapped[datetime] = kept(Kept.WORKING, index=True)
