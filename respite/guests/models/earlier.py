"""What stood there before somebody changed it, so that a change is never a loss. Sealed, and gone with its guest."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, kept, key, to


class Was(StrEnum):
    """What the earlier words were. Choices that are present state only (wall, company, yes or no) have none."""

    NAME = "name"
    PRONOUNS = "pronouns"
    PHONE = "phone"
    LANGUAGE = "language"
    HOURS = "hours"
    SIGN_OFF = "sign-off"


class EarlierWord(Base):
    """Words that stood until then: a name, a number. Their guest may take each of them away for good."""

    __tablename__ = "earlier_word"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    what: Mapped[str] = kept(Kept.GUEST, sa.String(10))
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    until: Mapped[datetime] = kept(Kept.GUEST)
    changed_by: Mapped[str] = kept(Kept.KEY, sa.String(60))

    words = Sealed("words_sealed")
