"""Who is waiting for a bed, and how they would like to hear."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to
from respite.guests.models.people import Guest


class Reach(StrEnum):
    """How somebody who waits would like to hear; none where they did not say."""

    CALL = "call"
    TEXT = "text"
    WILL_CALL = "will-call"


class TellIf(StrEnum):
    """What somebody who waits would like to hear of as well."""

    ANY_BED = "any-bed"  # fewer nights than they asked for are fine too
    SAME_DAY = "same-day"  # they can come at once


class Waiting(Versioned, Base):
    """A guest who would like a bed when one is free. Once it is over, only that somebody waited is sure to stay.

    `answer_from` and `answer_until` are the hours, by the house's clock, in which they can answer: both or none.
    Hours that end before they begin go past midnight; hours that begin where they end mean the whole day.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        sa.CheckConstraint("guest_id IS NOT NULL OR ended_at IS NOT NULL", name="somebody_waits"),
        sa.CheckConstraint("(answer_from IS NULL) = (answer_until IS NULL)", name="hours_have_both_ends"),
        sa.Index(
            "uq_waiting_open",
            "guest_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID | None] = to("guest.id")  # none: it is over, and they are forgotten
    wish_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # "a full week", "ground floor"
    nights: Mapped[int | None] = kept(Kept.GUEST)
    reach: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))
    answer_from: Mapped[time | None] = kept(Kept.GUEST, sa.Time)
    answer_until: Mapped[time | None] = kept(Kept.GUEST, sa.Time)
    tell_if: Mapped[list[Any]] = kept(Kept.GUEST, sa.JSON, default=list)  # TellIf, said on their own page
    since: Mapped[datetime] = kept(Kept.GUEST)
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)
    ended_how: Mapped[str | None] = kept(Kept.GUEST, sa.String(15))  # saved, taken-off, not-offered, forgotten

    wish = Sealed("wish_sealed")

    guest: Mapped[Guest | None] = relationship(lazy="joined")

    @property
    def name(self) -> str | None:
        return self.guest.name if self.guest is not None else None
