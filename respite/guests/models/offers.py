"""Offers of a bed to somebody on the waiting list: whom it was kept for, how they were asked, and how it ended."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class BedOffer(Versioned, Base):
    """A bed that is kept for somebody until they answer, or until its clock is over.

    Its nights are claimed by a stay in the state "offered", which is nobody's until they say yes. Offers that follow
    one another down the list are one line. `minutes` are those of the house's rules when it was made.
    """

    __tablename__ = "bed_offer"
    __table_args__ = (
        sa.Index(
            "uq_bed_offer_open",
            "waiting_id",
            "bed_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    line_id: Mapped[uuid.UUID] = kept(Kept.KEY, index=True)  # the first offer's own id
    waiting_id: Mapped[uuid.UUID] = to("waiting.id")
    bed_id: Mapped[uuid.UUID] = to("bed.id")
    stay_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("stay.id"), unique=True)
    first_night: Mapped[date] = kept(Kept.GUEST)
    nights: Mapped[int] = kept(Kept.GUEST)
    how: Mapped[str] = kept(Kept.GUEST, sa.String(10))  # policy.offers.How
    passed_over: Mapped[str | None] = kept(Kept.GUEST, sa.String(15))  # policy.offers.Said: of those who asked earlier
    goes_on: Mapped[bool] = kept(Kept.GUEST, default=False)  # without a yes, the next in line is asked
    minutes: Mapped[int] = kept(Kept.GUEST)
    made_at: Mapped[datetime] = kept(Kept.GUEST)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    runs_out_at: Mapped[datetime] = kept(Kept.GUEST, index=True)
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)
    ended_how: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))  # policy.offers.Ended
