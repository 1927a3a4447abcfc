"""When a service is open, by the wall clock there: values in, values out.

Minutes count from the midnight that begins a day; what goes on past the next midnight counts on from 1440, so a night
belongs to its evening. Clocks that change need no rule of their own: what is open is read from the wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

DAY = 1440
ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: "Tonight" is from eight in the evening to midnight; after midnight it is until six.
EVENING, MORNING = 20 * 60, 6 * 60
_LONGEST_LOOK = 8  # days ahead for when it opens or closes


@dataclass(frozen=True, slots=True)
class Hours:
    """One line of a timetable: from `opens` to before `closes` in minutes, on the days that its rule names.

    The days: every one of `weekday` (0 is Monday); or those of `rule` (RFC 5545, from `first`); or, with neither, each
    day from `first` to `last`. Lines with `instead` are for special days and stand in place of all others; `closed`
    ones of those say that it is shut.
    """

    opens: int = 0
    closes: int = DAY
    weekday: int | None = None
    rule: str | None = None
    first: date | None = None
    last: date | None = None
    instead: bool = False
    closed: bool = False

    def is_on(self, day: date) -> bool:
        if (self.first is not None and day < self.first) or (self.last is not None and day > self.last):
            return False
        if self.weekday is not None:
            return day.weekday() == self.weekday
        return self.rule is None or rule_names(self.rule, self.first or day, day)


@lru_cache(maxsize=20_000)
def rule_names(rule: str, first: date, day: date) -> bool:
    """Whether a rule that begins on `first` names a day. A rule that cannot be read names none."""
    try:
        begin = datetime.combine(first, time.min)
        wanted = datetime.combine(day, time.min)
        return bool(rrulestr(rule, dtstart=begin).between(wanted, wanted, inc=True))
    except (ValueError, TypeError, OverflowError):
        return False


def minutes(opens: time | None, closes: time | None) -> tuple[int, int]:
    """The span of a line; without times it is the whole day. 23:59 is how many say midnight."""
    begin = 0 if opens is None else opens.hour * 60 + opens.minute
    if closes is None:
        return begin, DAY
    end = closes.hour * 60 + closes.minute
    if (closes.hour, closes.minute) == (23, 59):
        end = DAY
    return (begin, end) if end > begin else (begin, end + DAY)


def on_day(lines: Iterable[Hours], day: date) -> list[Hours]:
    """The open lines of one day, by when they open; special days stand in place of the others."""
    there = [line for line in lines if line.is_on(day)]
    special = [line for line in there if line.instead]
    return sorted((line for line in special or there if not line.closed), key=lambda line: (line.opens, line.closes))


def open_within(lines: Sequence[Hours], day: date, begin: int, end: int) -> bool:
    """Whether it is open at some minute from `begin` to before `end` of a day."""
    today = any(line.opens < end and line.closes > begin for line in on_day(lines, day))
    return today or any(line.opens < end + DAY and line.closes > begin + DAY for line in on_day(lines, day - ONE_DAY))


def wall(now: datetime, zone: str, ahead: float | None) -> tuple[date, int]:
    """The day and the minute that a clock shows there: `zone` is the house's, `ahead` the hours a source names.

    A source writes one number for the whole year, and most mean their town's clock: where the house's own clock is
    that far ahead in summer or in winter, the house's clock is meant.
    """
    there = now.astimezone(ZoneInfo(zone) if ahead is None or ahead in _offsets(zone, now.year) else _fixed(ahead))
    return there.date(), there.hour * 60 + there.minute


@lru_cache(maxsize=256)
def _offsets(zone: str, year: int) -> frozenset[float]:
    place = ZoneInfo(zone)
    found = (datetime(year, month, 1, 12, tzinfo=place).utcoffset() for month in (1, 7))
    return frozenset(each.total_seconds() / 3600 for each in found if each is not None)


def _fixed(ahead: float) -> timezone:
    return timezone(timedelta(minutes=max(-14 * 60, min(14 * 60, round(ahead * 60)))))


def tonight(day: date, minute: int) -> tuple[date, int, int]:
    """The span that people mean by tonight, seen from a minute of a day."""
    return (day, minute, MORNING) if minute < MORNING else (day, max(EVENING, minute), DAY)


@dataclass(frozen=True, slots=True)
class Closing:
    """Open now until a minute of a day; without a day it never closes within a week."""

    day: date | None
    minute: int


def open_until(lines: Sequence[Hours], day: date, minute: int) -> Closing | None:
    """When it closes, over spans that follow each other; none where it is not open at this minute."""
    if not open_within(lines, day, minute, minute + 1):
        return None
    spans = [
        (offset * DAY + line.opens, offset * DAY + line.closes)
        for offset in range(-1, _LONGEST_LOOK)
        for line in on_day(lines, day + offset * ONE_DAY)
    ]
    end = minute
    for opens, closes in sorted(spans):
        if opens <= end < closes:
            end = closes
    # Closing at midnight is the end of the day before and not the begin of the next.
    ahead = (end - 1) // DAY
    return Closing(None, 0) if ahead >= _LONGEST_LOOK - 1 else Closing(day + ahead * ONE_DAY, end - ahead * DAY)


def opens_next(lines: Sequence[Hours], day: date, minute: int) -> tuple[date, int] | None:
    """When it opens next, within a week; none where nobody knows."""
    for offset in range(_LONGEST_LOOK):
        for line in on_day(lines, day + offset * ONE_DAY):
            if offset or line.opens > minute:
                return day + offset * ONE_DAY, line.opens
    return None


def week_of(lines: Iterable[Hours], day: date) -> list[list[tuple[int, int]]]:
    """The spans of each weekday from Monday on, as a usual week now has them, without special days and odd rules.

    What its source says of another season is no usual week: the hours of next summer are not those of now.
    """
    week: list[list[tuple[int, int]]] = [[] for _day in WEEKDAYS]
    for line in lines:
        over, to_come = line.last is not None and line.last < day, line.first is not None and line.first >= day + WEEK
        if line.instead or line.closed or line.rule is not None or over or to_come:
            continue
        for number in range(7) if line.weekday is None else (line.weekday,):
            week[number].append((line.opens, line.closes))
    return [sorted(set(spans)) for spans in week]


def spread(line: Hours, weekdays: Iterable[int]) -> list[Hours]:
    return [replace(line, weekday=number) for number in weekdays]
