"""Who is waiting for a bed. Their words are sealed."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class Waiting(Versioned, Base):
    """Someone who would like a bed when one is free."""

    __tablename__ = "waiting"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    name_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    phone_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    wish_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # "a full week", "ground floor"
    nights: Mapped[int | None] = kept(Kept.GUEST)
    since: Mapped[datetime] = kept(Kept.GUEST)
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)
    ended_how: Mapped[str | None] = kept(Kept.GUEST, sa.String(15))  # saved, taken-off

    name = Sealed("name_sealed")
    phone = Sealed("phone_sealed")
    wish = Sealed("wish_sealed")
