"""Groups and activities. Of a day there is a row once it was called off, or somebody counted who came."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class Activity(Versioned, Base):
    """Something that is once, or every week at the same hour of the house's clock, until `last_day`."""

    __tablename__ = "activity"
    __table_args__ = (sa.CheckConstraint("first_day <= last_day", name="ends_after_it_begins"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    title: Mapped[str] = kept(Kept.HOUSE, sa.String(60))
    place: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    open_to: Mapped[str] = kept(Kept.HOUSE, sa.String(10))  # policy.OpenTo
    weekly: Mapped[bool] = kept(Kept.HOUSE, default=False)
    first_day: Mapped[date] = kept(Kept.HOUSE)
    last_day: Mapped[date | None] = kept(Kept.HOUSE)  # the last on which it may be; none: it goes on
    begins: Mapped[time] = kept(Kept.HOUSE, sa.Time)
    ends: Mapped[time] = kept(Kept.HOUSE, sa.Time)
    # How whoever leads wishes to be named on the calendar. It may be a guest's chosen name, and is tied to nobody.
    led_by_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    made_at: Mapped[datetime] = kept(Kept.WORKING)

    led_by = Sealed("led_by_sealed")


class ActivityDay(Versioned, Base):
    """One day of an activity: called off with a word, or how many came."""

    __tablename__ = "activity_day"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "day"),
        sa.CheckConstraint("came IS NULL OR came BETWEEN 0 AND 500", name="some_came"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    activity_id: Mapped[uuid.UUID] = to("activity.id")
    day: Mapped[date] = kept(Kept.HOUSE)
    off: Mapped[bool] = kept(Kept.HOUSE, default=False)
    word: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    came: Mapped[int | None] = kept(Kept.HOUSE)


class SharedCalendar(Base):
    """A house whose calendar anybody may read without signing in. No row: nobody may."""

    __tablename__ = "shared_calendar"

    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("house.id"), primary_key=True)
    since: Mapped[datetime] = kept(Kept.WORKING)
