"""What is kept about somebody, in words that they read: each feature says it for each of its columns.

A column of the classes GUEST and GUEST_WORDS is told by a `Fact`, or left out for a reason that is written down; a test
fails for one that is neither. What is told is read from the column itself, so nothing can be promised and not shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.db import Base
from respite.core.times import day_and_month, moment_words


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, when, and by which clock."""

    session: Session
    zone: str
    now: datetime
    house_id: uuid.UUID
    guest_id: uuid.UUID
    #: Who gave the link behind which it is read, and may open it too.
    link_from: uuid.UUID | None = None


#: A value in words; none where there is nothing to say of it.
InWords = Callable[[Any, Reading], str | None]


@dataclass(frozen=True, slots=True)
class Fact:
    """One column, by its name in the table, and what it says."""

    column: str
    label: Any
    words: InWords = lambda value, _reading: str(value)

    def value_of(self, row: Base) -> Any:
        return getattr(row, self.column.removesuffix("_sealed"))


@dataclass(frozen=True, slots=True)
class About:
    """The rows of one table that are about a guest, in the order in which they are read."""

    model: type[Base]
    title: Any
    rows: Callable[[Reading], Iterable[Base]]
    facts: tuple[Fact, ...]
    place: int  # among the others; the smallest is read first


_about: dict[str, About] = {}
_left_out: dict[str, str] = {}


def tell(*abouts: About) -> None:
    """Declare what is told of these tables. Declaring the same again is fine: an app is wired more than once."""
    for about in abouts:
        _about[about.model.__tablename__] = about


def leave_out(reasons: Mapping[str, str]) -> None:
    """Columns, as `table.column`, that no page tells, each with the reason."""
    _left_out.update(reasons)


def all_told() -> list[About]:
    return sorted(_about.values(), key=lambda about: about.place)


def left_out() -> Mapping[str, str]:
    return _left_out


def told_of(row: Base, fact: Fact, reading: Reading) -> str | None:
    """What the fact says of this row, in the reader's language."""
    value = fact.value_of(row)
    return None if value is None else fact.words(value, reading)


def a_moment(at: datetime, reading: Reading) -> str:
    return moment_words(at, reading.zone, reading.now)


def a_day(day: date, reading: Reading) -> str:
    return day_and_month(day, year=True)


def yes_or_no(value: bool, _reading: Reading) -> str:
    return _("yes") if value else _("no")


def one_of(words: Mapping[Any, Any]) -> InWords:
    """A word of a list, as people say it."""
    return lambda value, _reading: str(words.get(value, value))
