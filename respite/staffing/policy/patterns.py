"""What a pattern of shifts asks, when it comes round, and a week of it: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol

from respite.houses.policy.house_time import span_of
from respite.staffing.policy.shifts import ShiftKind

ONE_DAY = timedelta(days=1)
DAY_MINUTES = 1440
WEEK_MINUTES = 7 * DAY_MINUTES
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
MOST_SEATS = 12
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Need:
    """So many of those who are on hold the tag."""

    tag: str
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A pattern as somebody wrote it down. Hours go by the house's clock; an end at or before the begin is the next
    day's. `everyone` are tags that each of those on it holds."""

    name: str
    kind: str = ShiftKind.FLOOR
    weekdays: tuple[int, ...] = EVERY_DAY
    begins: time
    ends: time
    seats: int = 2
    awake: bool = False
    needs: tuple[Need, ...] = ()
    everyone: tuple[str, ...] = ()


class Comes(Protocol):
    """What comes round: a row of the table, or what somebody typed."""

    kind: Any
    weekdays: Any
    begins: Any
    ends: Any
    seats: Any


class Counts(Comes, Protocol):
    """What comes round on days from the first, before `until`."""

    first_day: Any
    until: Any


class Starter(StrEnum):
    """Patterns that a house may begin from."""

    THREE = "three-of-eight"
    TWO = "two-of-twelve"
    AFTERNOONS = "afternoons"


def asks_on(pattern: Counts, day: date) -> bool:
    return day.weekday() in pattern.weekdays and in_force(pattern, day)


def in_force(pattern: Counts, day: date) -> bool:
    return bool(pattern.first_day <= day and (pattern.until is None or day < pattern.until))


def turns(pattern: Counts, first: date, until: date, zone: str) -> Iterator[tuple[date, datetime, datetime]]:
    """(day, begin, end) of each time it comes round on days from the first, before `until`.

    Where the clocks jump over the whole of it that day, it does not come.
    """
    for number in range((until - first).days):
        day = first + number * ONE_DAY
        if asks_on(pattern, day):
            begin, end = span_of(day, pattern.begins, pattern.ends, zone)
            if begin < end:
                yield day, begin, end


def minutes_of(pattern: Comes) -> int:
    """How long it is on a day on which no clock changes."""
    return (_minute(pattern.ends) - _minute(pattern.begins) - 1) % DAY_MINUTES + 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """Minutes of a week, from Monday midnight on, in which the same is asked."""

    begin: int
    end: int
    floor: int
    on_call: int


def week_of(patterns: Iterable[Comes]) -> list[Stretch]:
    """A week of the patterns on a wall's clock, without a change of clocks; Sunday's night runs into Monday."""
    pieces = [(*piece, p) for p in patterns for piece in _pieces(p)]
    edges = sorted({0, WEEK_MINUTES, *(edge for begin, end, _p in pieces for edge in (begin, end))})
    found: list[Stretch] = []
    for begin, end in pairwise(edges):
        over = [p for b, e, p in pieces if b <= begin and end <= e]
        now = Stretch(begin, end, _seats(over, ShiftKind.FLOOR), _seats(over, ShiftKind.ON_CALL))
        if found and (found[-1].floor, found[-1].on_call) == (now.floor, now.on_call):
            found[-1] = Stretch(found[-1].begin, end, now.floor, now.on_call)
        else:
            found.append(now)
    return found


def below(patterns: Iterable[Comes], least: int, *, all_hours: bool) -> list[Stretch]:
    """Stretches of the week in which fewer than `least` are asked into the house; with `all_hours` also those in which
    nobody is."""
    return [s for s in week_of(patterns) if s.floor < least and (all_hours or s.floor > 0)]


def starters(kind: Starter, names: Sequence[str]) -> list[Asked]:
    """The patterns of a starter; the names go in the order of the day."""
    hours: Mapping[Starter, tuple[tuple[int, int], ...]] = {
        Starter.THREE: ((7, 15), (15, 23), (23, 7)),
        Starter.TWO: ((7, 19), (19, 7)),
        Starter.AFTERNOONS: ((13, 21),),
    }
    return [
        Asked(name=name, begins=time(begin), ends=time(end), seats=2, awake=begin > end)
        for name, (begin, end) in zip(names, hours[kind], strict=True)
    ]


def needs_of(stored: Iterable[Any]) -> tuple[Need, ...]:
    return tuple(Need(str(each["tag"]), int(each["least"])) for each in stored)


def _pieces(pattern: Comes) -> Iterator[tuple[int, int]]:
    length = minutes_of(pattern)
    for weekday in pattern.weekdays:
        begin = weekday * DAY_MINUTES + _minute(pattern.begins)
        end = begin + length
        yield begin, min(end, WEEK_MINUTES)
        if end > WEEK_MINUTES:
            yield 0, end - WEEK_MINUTES


def _seats(patterns: Iterable[Comes], kind: ShiftKind) -> int:
    return sum(int(p.seats) for p in patterns if p.kind == kind)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
