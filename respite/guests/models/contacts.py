"""Who was in touch, as counts: what kind it was and when, and what the house could not offer. Nobody is named here."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class ContactKind(StrEnum):
    WARMLINE = "warmline"
    ASKS_TO_STAY = "asks-to-stay"
    FOR_ANOTHER = "for-another"
    WALK_IN = "walk-in"
    FIRST_RESPONDER = "first-responder"
    TEXT = "text"


class Source(StrEnum):
    """How somebody came to call or come, where they said so."""

    SELF = "self"
    FAMILY = "family"
    LINE = "line"
    HOSPITAL = "hospital"
    POLICE_OR_FIRE = "police-or-fire"
    SCHOOL = "school"
    OTHER = "other"


class LedTo(StrEnum):
    REQUEST = "request"
    NOT_OFFERED = "not-offered"


class NoBed(StrEnum):
    """Why the house could not offer a bed."""

    NONE_FREE = "none-free"
    NIGHTS = "nights"
    AREA = "area"
    AGE = "age"
    HOUSE_KIND = "house-kind"
    OTHER = "other"


class Contact(Versioned, Base):
    """Somebody was in touch. That a request came of it is a mark, not a way to whoever asked."""

    __tablename__ = "contact"
    __table_args__ = (sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name="within_a_day"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    kind: Mapped[str] = kept(Kept.WORKING, sa.String(20))
    source: Mapped[str | None] = kept(Kept.WORKING, sa.String(20))
    minutes: Mapped[int | None] = kept(Kept.WORKING)  # until the officer or driver could leave
    at: Mapped[datetime] = kept(Kept.WORKING, index=True)
    led_to: Mapped[str | None] = kept(Kept.WORKING, sa.String(15))


class CouldNotOffer(Base):
    """A bed that the house could not offer, and why: when it was asked for and answered, to the minute."""

    __tablename__ = "could_not_offer"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    reason: Mapped[str] = kept(Kept.WORKING, sa.String(15))
    asked_at: Mapped[datetime] = kept(Kept.WORKING)
    answered_at: Mapped[datetime] = kept(Kept.WORKING, index=True)
