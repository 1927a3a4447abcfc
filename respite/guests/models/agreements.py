"""What a house and its guests agree on, by version; and which version a guest read or agreed to."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class Topic(StrEnum):
    COMMUNITY = "community"  # living here together
    KEPT = "kept"  # what is kept about a guest
    POLICE = "police"  # the rule about the police, and what a guest can count on: taken from the words for guests


class AgreementText(Base):
    """One version of what guests read. Never changed: a change is a new row, and the highest number counts."""

    __tablename__ = "agreement_text"
    __table_args__ = (sa.UniqueConstraint("house_id", "topic", "number"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    topic: Mapped[str] = kept(Kept.HOUSE, sa.String(10))
    number: Mapped[int] = kept(Kept.WORKING)
    words_en: Mapped[str] = kept(Kept.HOUSE, sa.Text, default="")
    words_es: Mapped[str] = kept(Kept.HOUSE, sa.Text, default="")
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))


class ReadHow(StrEnum):
    READ = "read"
    AGREED = "agreed"


class ReadWay(StrEnum):
    OWN_PAGE = "own-page"
    TOGETHER = "together"


class AgreementRead(Base):
    """A guest read a version, or agreed to it. Nobody has to."""

    __tablename__ = "agreement_read"
    __table_args__ = (sa.UniqueConstraint("guest_id", "text_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    text_id: Mapped[uuid.UUID] = to("agreement_text.id")
    how: Mapped[str] = kept(Kept.GUEST, sa.String(8))
    way: Mapped[str] = kept(Kept.GUEST, sa.String(10))
    at: Mapped[datetime] = kept(Kept.GUEST)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
