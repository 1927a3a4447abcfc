"""What a guest told, whom it is about, and the office outside. No line of it stands in the event log."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class Concern(Versioned, Base):
    """With a name it is the guest's; without one, whoever has its code follows it. Days only, no hours.

    When the guest is forgotten, or a year after the answer or the day by which it was owed, its words and people go and
    its days stay.
    """

    __tablename__ = "concern"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID | None] = to("guest.id")
    code_digest: Mapped[bytes | None] = kept(Kept.SECRET, unique=True)
    to_person_id: Mapped[uuid.UUID | None] = to("person.id")
    words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    said_on: Mapped[date] = kept(Kept.WORKING)
    answer_by: Mapped[date] = kept(Kept.WORKING)
    reminded_at: Mapped[datetime | None] = kept(Kept.WORKING)
    passed_on_at: Mapped[datetime | None] = kept(Kept.WORKING)  # no answer in time: those who lead read it too
    answer_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    answered_by: Mapped[uuid.UUID | None] = to("person.id")
    answered_on: Mapped[date | None] = kept(Kept.WORKING)

    words = Sealed("words_sealed")
    answer = Sealed("answer_sealed")


class ConcernAbout(Base):
    """Somebody whom it is about: for them there is no such thing."""

    __tablename__ = "concern_about"

    concern_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("person.id"), primary_key=True)


class OutsideOffice(Versioned, Base):
    """Whom a guest can turn to who is not of the house, such as protection and advocacy."""

    __tablename__ = "outside_office"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("house.id"), unique=True)
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    phone: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
    address: Mapped[str] = kept(Kept.HOUSE, sa.String(200), default="")
    website: Mapped[str] = kept(Kept.HOUSE, sa.String(200), default="")
