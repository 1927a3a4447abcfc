"""Open shifts as they are offered: to whom, when, and what each one said."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class ShiftOffer(Versioned, Base):
    """A shift that nobody has, offered to those whom it fits, some at a time. A shift has one open offer at most.

    `shift_version` is the shift as they were asked about it: over a newer one nobody's yes counts.
    """

    __tablename__ = "shift_offer"
    __table_args__ = (
        sa.Index(
            "uq_shift_offer_open",
            "shift_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    shift_id: Mapped[uuid.UUID] = to("shift.id")
    shift_version: Mapped[int] = kept(Kept.WORKING)
    state: Mapped[str] = kept(Kept.STAFF, sa.String(10), default="open")  # policy.offers.OfferState
    wave: Mapped[int] = kept(Kept.STAFF, default=0)  # the last that was asked
    opened_at: Mapped[datetime] = kept(Kept.STAFF)
    opened_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    all_asked_at: Mapped[datetime | None] = kept(Kept.STAFF)  # everybody at once, at any hour
    to_phone_at: Mapped[datetime | None] = kept(Kept.STAFF)  # from then on somebody phones
    taken_by: Mapped[uuid.UUID | None] = to("person.id")
    closed_at: Mapped[datetime | None] = kept(Kept.STAFF)
    closed_why: Mapped[str | None] = kept(Kept.STAFF, sa.String(10))  # policy.offers.Closed


class OfferAsked(Base):
    """Somebody who was asked for an offer, or answered it unasked. Let go some weeks after it closed."""

    __tablename__ = "offer_asked"
    __table_args__ = (sa.UniqueConstraint("offer_id", "person_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    offer_id: Mapped[uuid.UUID] = to("shift_offer.id")
    person_id: Mapped[uuid.UUID] = to("person.id")
    how: Mapped[str] = kept(Kept.STAFF, sa.String(10))  # text, phone, own: they said it of themselves
    wave: Mapped[int] = kept(Kept.STAFF, default=0)
    asked_at: Mapped[datetime] = kept(Kept.STAFF, index=True)
    answer: Mapped[str | None] = kept(Kept.STAFF, sa.String(10))  # policy.offers.Answer
    answered_at: Mapped[datetime | None] = kept(Kept.STAFF)
    against: Mapped[list[Any]] = kept(Kept.STAFF, sa.JSON, default=list)  # rules that spoke against their yes
    told_at: Mapped[datetime | None] = kept(Kept.STAFF)  # how it ended
