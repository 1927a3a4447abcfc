"""Rules of groups and activities: values in, values out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

LONGEST_TITLE, LONGEST_PLACE, LONGEST_WORD, LONGEST_NAME = 60, 80, 80, 40
MOST_CAME = 500
LONGEST = timedelta(hours=12)
WEEK = timedelta(days=7)


class OpenTo(StrEnum):
    GUESTS = "guests"
    NEIGHBOURS = "neighbours"
    BOTH = "both"


#: Who reads a calendar, and what is on it for them.
FOR_GUESTS = frozenset({OpenTo.GUESTS, OpenTo.BOTH})
FOR_NEIGHBOURS = frozenset({OpenTo.NEIGHBOURS, OpenTo.BOTH})


def days_of(weekly: bool, first: date, last: date | None, begin: date, end: date) -> Iterator[date]:
    """The days on which it is, from `begin` to before `end`."""
    if not weekly:
        if begin <= first < end:
            yield first
        return
    day = first if first >= begin else first + ((begin - first).days + 6) // 7 * WEEK
    while day < end and (last is None or day <= last):
        yield day
        day += WEEK


def is_on(weekly: bool, first: date, last: date | None, day: date) -> bool:
    return day in days_of(weekly, first, last, day, day + timedelta(days=1))
