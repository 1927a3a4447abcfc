"""The conversation before a stay, in the guest's words. Every version is kept, sealed, as long as the newest is."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, kept, key, to


class Written(StrEnum):
    """How the words came to be written."""

    TOGETHER = "together"
    AFTERWARDS = "afterwards"  # by a peer after the talk; the guest reads it when they like
    GUEST = "guest"  # by the guest alone


class Conversation(Base):
    """One version of what a guest wants known. Never changed: a change is a new row, and the highest number counts."""

    __tablename__ = "conversation"
    __table_args__ = (sa.UniqueConstraint("guest_id", "number"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    number: Mapped[int] = kept(Kept.WORKING)
    at: Mapped[datetime] = kept(Kept.GUEST)
    kept_until: Mapped[date] = kept(Kept.GUEST)  # the day it is no longer kept, by the rule when it was written
    written: Mapped[str] = kept(Kept.GUEST, sa.String(10), default=Written.TOGETHER)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))

    good_day_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    hard_day_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    helps_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    helps_not_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    access_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    language_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    company_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)

    good_day = Sealed("good_day_sealed")
    hard_day = Sealed("hard_day_sealed")
    helps = Sealed("helps_sealed")
    helps_not = Sealed("helps_not_sealed")
    access = Sealed("access_sealed")
    language = Sealed("language_sealed")
    company = Sealed("company_sealed")


#: What may be said, in the order it is asked; each is an attribute of a version.
QUESTIONS = ("good_day", "hard_day", "helps", "helps_not", "access", "language", "company")
