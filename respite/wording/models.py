"""What a house changed in the list of words, and how often they stood in notes: by month, with nobody in it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class HintEdition(Base):
    """One edition of a hint of this house. Never changed: a change is a new row, so that what an earlier note was
    counted under can be told still."""

    __tablename__ = "wording_hint"
    __table_args__ = (sa.UniqueConstraint("house_id", "entry", "number"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    entry: Mapped[str] = kept(Kept.KEY, sa.String(60))  # one that comes with Respite, or the house's own
    number: Mapped[int] = kept(Kept.WORKING)
    language: Mapped[str] = kept(Kept.HOUSE, sa.String(5))
    words: Mapped[str] = kept(Kept.HOUSE, sa.String(120))  # with commas between
    say: Mapped[str] = kept(Kept.HOUSE, sa.String(120))
    offered: Mapped[bool] = kept(Kept.HOUSE)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))


class WordingMonth(Base):
    """How many notes were written in a month of the house, and in how many a word of the list stood."""

    __tablename__ = "wording_month"
    __table_args__ = (sa.UniqueConstraint("house_id", "month"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    month: Mapped[date] = kept(Kept.WORKING)  # its first day
    notes: Mapped[int] = kept(Kept.WORKING, default=0)
    with_words: Mapped[int] = kept(Kept.WORKING, default=0)
    by_five: Mapped[bool] = kept(Kept.WORKING, default=False)  # at least five people wrote them


class WordingCount(Base):
    """In how many notes of a month one entry of the list stood."""

    __tablename__ = "wording_count"
    __table_args__ = (sa.UniqueConstraint("house_id", "month", "entry"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    month: Mapped[date] = kept(Kept.WORKING)
    entry: Mapped[str] = kept(Kept.KEY, sa.String(60))
    notes: Mapped[int] = kept(Kept.WORKING, default=0)


class WordingMark(Base):
    """That somebody wrote in this month, as a keyed digest; see `counting` for why it says no more than that."""

    __tablename__ = "wording_mark"
    __table_args__ = (sa.UniqueConstraint("house_id", "month", "mark"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    month: Mapped[date] = kept(Kept.WORKING, index=True)
    mark: Mapped[bytes] = kept(Kept.SECRET)
