"""Months, quarters and years of a house's calendar. A quarter is counted from the month in which the year begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
MONTHS_OF_QUARTER, MONTHS_OF_YEAR = 3, 12
LONGEST = 366 * 5  # days that one page counts


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `first`, before `until`."""

    first: date
    until: date

    @property
    def last(self) -> date:
        return self.until - ONE_DAY

    @property
    def days(self) -> int:
        return (self.until - self.first).days

    def holds(self, other: Period) -> bool:
        return self.first <= other.first and other.until <= self.until


def month_after(first: date, months: int = 1) -> date:
    """The first day of the month so many months after that of `first`; a negative number goes back."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def month_of(day: date) -> Period:
    return Period(day.replace(day=1), month_after(day))


def quarter_of(day: date, year_begins: int) -> Period:
    first = month_after(day, -((day.month - year_begins) % MONTHS_OF_QUARTER))
    return Period(first, month_after(first, MONTHS_OF_QUARTER))


def year_of(day: date, year_begins: int) -> Period:
    first = month_after(day, -((day.month - year_begins) % MONTHS_OF_YEAR))
    return Period(first, month_after(first, MONTHS_OF_YEAR))


def months_in(period: Period) -> Iterator[date]:
    """The first days of the months that begin in it."""
    first = period.first if period.first.day == 1 else month_after(period.first)
    while first < period.until:
        yield first
        first = month_after(first)


def whole_periods(months: Iterable[date], year_begins: int) -> list[Period]:
    """Every month, quarter and year whose last month is among `months`, the newest first and the longer ones first.

    `months` are those that are closed, without a gap: of a quarter or a year in which the house began to count, those
    before do not belong to it.
    """
    closed = set(months)
    found = {month_of(first) for first in closed}
    for first in closed:
        for period in (quarter_of(first, year_begins), year_of(first, year_begins)):
            if month_after(period.until, -1) in closed:
                found.add(period)
    return sorted(found, key=lambda each: (each.until, each.days), reverse=True)
