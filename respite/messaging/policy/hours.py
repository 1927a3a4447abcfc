"""When a text may leave, on the clock of the person who gets it.

Where a person's zone is not known, it must be a fit hour in every zone that it may be. Hours follow the house's one
rule for the two odd nights of the year (`houses.policy.house_time`), so they begin once and end once in a day.
Instants are aware datetimes and come back in UTC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone as number_zones

from respite.houses.policy.house_time import ONE_DAY, local, span_of

Span = tuple[datetime, datetime]

_AHEAD = 4  # days looked through: a common hour that is not found by then never comes


@dataclass(frozen=True)
class Hours:
    """From `start` until `end` on a wall clock, half-open. An end before the start is on the next day; an end that is
    the start means the whole day.
    """

    start: time = time(9)
    end: time = time(20)


def zones_for(zone: str | None, number: str, house_zone: str) -> tuple[str, ...]:
    """The zones that somebody may be in: the one we were told, or the house's and each that the number hints at.

    `number` is in international form. A stored zone that is no longer a zone counts as not known.
    """
    if zone is not None and _is_zone(zone):
        return (zone,)
    return tuple(dict.fromkeys((house_zone, *filter(_is_zone, _hinted(number)))))


def is_open(at: datetime, hours: Hours, zones: Sequence[str]) -> bool:
    """Is it a fit hour in each of the zones?"""
    return any(begin <= at < end for begin, end in _shared(at, hours, zones))


def next_open(at: datetime, hours: Hours, zones: Sequence[str]) -> datetime | None:
    """The first fit instant: `at` itself where it is one. None where the zones share no hour."""
    return next((max(begin, at) for begin, end in _shared(at, hours, zones) if end > at), None)


def closes_at(at: datetime, hours: Hours, zones: Sequence[str]) -> datetime:
    """The instant at which the fit hours around `at` end in the first of the zones; `at` itself where it is not fit.

    Hours without an end say a day or more ahead.
    """
    return next((end for begin, end in _shared(at, hours, zones) if begin <= at < end), at)


def on_day(left_at: datetime, days: int, zone: str) -> datetime:
    """The same wall-clock time, `days` calendar days after `left_at`.

    A time that the clocks jump over moves on by the jump (02:30 becomes 03:30); of one that comes twice it is the
    first.
    """
    wall = local(left_at, zone).replace(tzinfo=None, fold=0) + timedelta(days=days)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def spread(at: datetime, seed: bytes, minutes: int = 40) -> datetime:
    """`at` moved by up to `minutes` either way, to the second, always the same way for one seed.

    Several texts that fall due together leave apart, and none looks as if a machine had a timetable.
    """
    widest = minutes * 60
    drawn = int.from_bytes(hashlib.sha256(seed).digest()[:8]) % (2 * widest + 1)
    return at + timedelta(seconds=drawn - widest)


def _shared(at: datetime, hours: Hours, zones: Sequence[str]) -> list[Span]:
    """The spans, in order and apart, around and after `at` that are fit in every zone."""
    first, *others = (_spans(at, hours, zone) for zone in zones)
    shared = first
    for spans in others:
        both = [(max(a, b), min(c, d)) for a, c in shared for b, d in spans]
        shared = [(begin, end) for begin, end in both if begin < end]
    return shared


def _spans(at: datetime, hours: Hours, zone: str) -> list[Span]:
    today = local(at, zone).date()
    spans: list[Span] = []
    for day in (today + n * ONE_DAY for n in range(-1, _AHEAD)):
        begin, end = span_of(day, hours.start, hours.end, zone)
        if spans and spans[-1][1] >= begin:  # hours that go on all day
            spans[-1] = (spans[-1][0], end)
        elif begin < end:
            spans.append((begin, end))
    return spans


def _hinted(number: str) -> Sequence[str]:
    try:
        return number_zones.time_zones_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return ()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of the database is no zone
        return False
    return True
