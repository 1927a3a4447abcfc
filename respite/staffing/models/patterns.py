"""What a house's days ask for, and the rules of duty; both are data with the day from which they count."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class ShiftPattern(Versioned, Base):
    """A shift that comes round on some weekdays by the house's clock, and the cover it needs.

    `needs` are `{"tag": ..., "least": n}`: so many of those on it hold the tag (a credential, a language, a training);
    `everyone` are tags that each of them holds. It counts for days from `first_day`, before `until`.
    """

    __tablename__ = "shift_pattern"
    __table_args__ = (sa.CheckConstraint("until IS NULL OR first_day <= until", name="ends_after_it_begins"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(40))
    kind: Mapped[str] = kept(Kept.HOUSE, sa.String(10))  # policy.ShiftKind
    weekdays: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON)  # 0 is Monday
    begins: Mapped[time] = kept(Kept.HOUSE, sa.Time)
    ends: Mapped[time] = kept(Kept.HOUSE, sa.Time)  # at or before the begin: on the next day
    seats: Mapped[int] = kept(Kept.HOUSE)
    awake: Mapped[bool] = kept(Kept.HOUSE, default=False)  # a night on which nobody sleeps
    needs: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON, default=list)
    everyone: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON, default=list)
    first_day: Mapped[date] = kept(Kept.HOUSE)
    until: Mapped[date | None] = kept(Kept.HOUSE)
    # Days before this one have their shifts; what was taken off the list by hand since is not made again.
    rolled_until: Mapped[date | None] = kept(Kept.WORKING)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))


class GapNotice(Base):
    """That the coordinators were told of a gap as a shift came nearer: once for each gap and each `horizon`."""

    __tablename__ = "gap_notice"
    __table_args__ = (sa.UniqueConstraint("house_id", "gap", "horizon"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    gap: Mapped[str] = kept(Kept.STAFF, sa.String(80))  # queries.gaps.Gap.key
    horizon: Mapped[str] = kept(Kept.STAFF, sa.String(10))  # policy.horizons.Horizon
    ends_at: Mapped[datetime] = kept(Kept.STAFF)  # of the gap: after it nothing is left to cover
    at: Mapped[datetime] = kept(Kept.STAFF)
    told: Mapped[uuid.UUID | None] = kept(Kept.KEY, index=True)  # which texts told of it, with others or alone


class DutyRules(Base):
    """The rules of duty from a day on; the newest one that has begun counts. `choices` are those of `policy.duty.Duty`
    that differ from what every house begins with."""

    __tablename__ = "duty_rules"
    __table_args__ = (sa.UniqueConstraint("house_id", "first_day"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    first_day: Mapped[date] = kept(Kept.HOUSE)
    choices: Mapped[dict[str, Any]] = kept(Kept.HOUSE, sa.JSON)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
