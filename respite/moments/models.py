"""A hard moment of the house. No guest's record points to one: a guest is tied to it by their own account alone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to

_MOMENT, _GONE_WITH_IT = "hard_moment.id", "CASCADE"


class HardMoment(Versioned, Base):
    """When it began and when it was written down; what was said and done stands in its facts and accounts."""

    __tablename__ = "hard_moment"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    title_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # one of the house's list, or none
    began_at: Mapped[datetime] = kept(Kept.WORKING, index=True)
    told_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    put_away_at: Mapped[datetime | None] = kept(Kept.WORKING)
    put_away_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))

    title = Sealed("title_sealed")


class MomentFact(Versioned, Base):
    """What was said or done, and when."""

    __tablename__ = "moment_fact"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    moment_id: Mapped[uuid.UUID] = to(_MOMENT, ondelete=_GONE_WITH_IT)
    at: Mapped[datetime] = kept(Kept.WORKING)
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    told_at: Mapped[datetime] = kept(Kept.WORKING)

    words = Sealed("words_sealed")


class EarlierFact(Base):
    """How a fact read until somebody corrected it."""

    __tablename__ = "moment_fact_earlier"

    id: Mapped[uuid.UUID] = key()
    fact_id: Mapped[uuid.UUID] = to("moment_fact.id", ondelete=_GONE_WITH_IT)
    at: Mapped[datetime] = kept(Kept.WORKING)
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    until: Mapped[datetime] = kept(Kept.WORKING)
    changed_by: Mapped[str] = kept(Kept.KEY, sa.String(60))

    words = Sealed("words_sealed")


class MomentAccount(Versioned, Base):
    """How it was for a guest, in their own words; without words they are asked. Until `finished_at` it is theirs alone.

    One without a guest was given without a name. When a guest says no, or is forgotten, the row goes.
    """

    __tablename__ = "moment_account"
    __table_args__ = (sa.UniqueConstraint("moment_id", "guest_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    moment_id: Mapped[uuid.UUID] = to(_MOMENT, ondelete=_GONE_WITH_IT)
    guest_id: Mapped[uuid.UUID | None] = to("guest.id")
    way: Mapped[str] = kept(Kept.GUEST, sa.String(10))  # policy.Way
    at: Mapped[datetime] = kept(Kept.GUEST)  # its place in the order of time
    words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    made_at: Mapped[datetime] = kept(Kept.GUEST)
    finished_at: Mapped[datetime | None] = kept(Kept.GUEST)

    words = Sealed("words_sealed")


class SupportOffer(Base):
    """Somebody who was on is asked whether they would like to talk with someone. A no takes the row away."""

    __tablename__ = "support_offer"
    __table_args__ = (
        sa.UniqueConstraint("moment_id", "person_id"),
        sa.CheckConstraint("(asked_id IS NULL) = (asked_at IS NULL)", name="asked_at_a_time"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    moment_id: Mapped[uuid.UUID] = to(_MOMENT, ondelete=_GONE_WITH_IT)
    person_id: Mapped[uuid.UUID] = to("person.id")
    later: Mapped[bool] = kept(Kept.STAFF, default=False)
    asked_id: Mapped[uuid.UUID | None] = to("person.id")
    asked_at: Mapped[datetime | None] = kept(Kept.STAFF)


class MomentRules(Versioned, Base):
    """What a house says about its hard moments: short titles, how long they are kept, and a line outside for peers."""

    __tablename__ = "moment_rules"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("house.id"), unique=True)
    titles: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON, default=list)
    keep_years: Mapped[int] = kept(Kept.HOUSE)
    line_name: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    line_phone: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
