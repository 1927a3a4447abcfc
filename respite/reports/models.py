"""What a house tells of itself to others: as it stood when each month was closed, and what was released to whom."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class FigureSharing(Base):
    """A house tells its figures to others, from then on. In which month its year begins never changes after that: two
    ways of counting years lie a few people apart."""

    __tablename__ = "figure_sharing"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("house.id"), unique=True)
    year_begins: Mapped[int] = kept(Kept.HOUSE)  # the month, 1 to 12
    began_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))


class FigureMonth(Base):
    """What a month had counted when it was closed: sums, and lengths of stays in order of size, of nobody by id. It is
    never counted again, whoever is forgotten and whatever is written down late."""

    __tablename__ = "figure_month"
    __table_args__ = (sa.UniqueConstraint("house_id", "month"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    month: Mapped[date] = kept(Kept.WORKING)  # its first day
    body: Mapped[dict[str, Any]] = kept(Kept.WORKING, sa.JSON)  # policy.atoms.Atoms
    closed_at: Mapped[datetime] = kept(Kept.WORKING)


class FigureRelease(Base):
    """A total that a director told a funder, which is not told to everybody."""

    __tablename__ = "figure_release"
    __table_args__ = (sa.UniqueConstraint("house_id", "what", "first", "until", "funder"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    what: Mapped[str] = kept(Kept.WORKING, sa.String(20))  # policy.families.Family
    first: Mapped[date] = kept(Kept.WORKING)
    until: Mapped[date] = kept(Kept.WORKING)
    number: Mapped[int] = kept(Kept.WORKING)
    funder: Mapped[str] = kept(Kept.HOUSE, sa.String(80))
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
