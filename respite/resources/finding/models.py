"""What finding reads: one row for each service that is offered, made again whenever what it is made of changes.

The words themselves stand beside these tables, as the database searches them best (store.py).
"""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, to


def _entry(**more: object) -> Mapped[int]:
    return kept(Kept.KEY, sa.ForeignKey("directory_entry.number", ondelete="CASCADE"), **more)


class Entry(Base):
    """A service that can be found, by a number of its own: the words are kept under it."""

    __tablename__ = "directory_entry"

    number: Mapped[int] = kept(Kept.KEY, primary_key=True)
    service_id: Mapped[uuid.UUID] = to("directory_service.id", ondelete="CASCADE", unique=True, index=False)
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(300), index=True)  # folded, to be put in order by
    made_of: Mapped[bytes] = kept(Kept.WORKING, sa.LargeBinary(16))  # a digest of all that is kept of it
    free: Mapped[bool] = kept(Kept.HOUSE, default=False)
    peer_run: Mapped[bool] = kept(Kept.HOUSE, default=False)


class EntryMark(Base):
    """What an entry is found by beside words: `need:food`, `term:<id>`, `lang:es`, `zone:-6.0`."""

    __tablename__ = "directory_entry_mark"

    mark: Mapped[str] = kept(Kept.HOUSE, sa.String(60), primary_key=True)
    number: Mapped[int] = _entry(primary_key=True, index=True)


class EntryPlace(Base):
    """Where it is, as a point on a globe of radius one: a straight line between two points grows with the way."""

    __tablename__ = "directory_entry_place"

    number: Mapped[int] = _entry(primary_key=True)
    place: Mapped[int] = kept(Kept.KEY, primary_key=True, autoincrement=False)
    x: Mapped[float] = kept(Kept.HOUSE)
    y: Mapped[float] = kept(Kept.HOUSE)
    z: Mapped[float] = kept(Kept.HOUSE)
    # As they are looked for (places.py): no accents, small letters, the first five of a ZIP code.
    postal_code: Mapped[str | None] = kept(Kept.HOUSE, sa.String(10), index=True)
    town: Mapped[str | None] = kept(Kept.HOUSE, sa.String(120), index=True)
    state: Mapped[str | None] = kept(Kept.HOUSE, sa.String(60))


class EntryHours(Base):
    """A line of its timetable (hours.Hours). `ahead` is the zone its source names, in hours; none is the house's."""

    __tablename__ = "directory_entry_hours"
    __table_args__ = (sa.Index("ix_directory_entry_hours_weekday", "weekday", "rule"),)

    number: Mapped[int] = _entry(primary_key=True)
    line: Mapped[int] = kept(Kept.KEY, primary_key=True, autoincrement=False)
    ahead: Mapped[float | None] = kept(Kept.HOUSE)
    weekday: Mapped[int | None] = kept(Kept.HOUSE, sa.SmallInteger)
    rule: Mapped[str | None] = kept(Kept.HOUSE, sa.String(700))
    first: Mapped[date | None] = kept(Kept.HOUSE)
    last: Mapped[date | None] = kept(Kept.HOUSE)
    opens: Mapped[int] = kept(Kept.HOUSE, sa.SmallInteger)
    closes: Mapped[int] = kept(Kept.HOUSE, sa.SmallInteger)
    instead: Mapped[bool] = kept(Kept.HOUSE, default=False)
    closed: Mapped[bool] = kept(Kept.HOUSE, default=False)


class KnownWord(Base):
    """A word that stands in some entry, so that a typo can be put right. It stays when the entry goes."""

    __tablename__ = "directory_word"

    word: Mapped[str] = kept(Kept.HOUSE, sa.String(30), primary_key=True)


class WordPart(Base):
    """Three letters of a known word."""

    __tablename__ = "directory_word_part"

    part: Mapped[str] = kept(Kept.HOUSE, sa.String(3), primary_key=True)
    word: Mapped[str] = kept(Kept.HOUSE, sa.String(30), primary_key=True)
