"""A visit to a living room: counted in minutes, with a quiet word to staff at the house's hours.

A notice is for staff alone, never for the wall, and asks for nothing but a thought: home, a bed, another place,
or simply longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QuietNotice:
    """A notice after `minutes` of a visit, due at `due_at`; `past` once that instant has come."""

    minutes: int
    due_at: datetime
    past: bool


def visit_minutes(began_at: datetime, ended_at: datetime | None, now: datetime) -> int:
    """Whole minutes of a visit, up to `now` while it is open. Counted on instants, so clock changes add none."""
    end = now if ended_at is None else ended_at
    if end < began_at:
        raise ValueError("a visit cannot end before it begins")
    return (end - began_at) // ONE_MINUTE


def quiet_notices(
    began_at: datetime, notice_minutes: Iterable[int], now: datetime, ended_at: datetime | None = None
) -> tuple[QuietNotice, ...]:
    """The notices of a visit in the order they fall due (20 h and 22 h are 1200 and 1320 minutes).

    A visit that has ended keeps only those that came due before its end.
    """
    return tuple(
        QuietNotice(minutes, due_at, past=due_at <= now)
        for minutes, due_at in _dues(began_at, notice_minutes)
        if ended_at is None or due_at < ended_at
    )


def next_notice(began_at: datetime, notice_minutes: Iterable[int], now: datetime) -> QuietNotice | None:
    """The next notice of an open visit that is not past; None where there is no other."""
    coming = (notice for notice in quiet_notices(began_at, notice_minutes, now) if not notice.past)
    return next(coming, None)


def _dues(began_at: datetime, notice_minutes: Iterable[int]) -> list[tuple[int, datetime]]:
    asked = sorted(set(notice_minutes))
    if asked and asked[0] < 1:
        raise ValueError("a notice comes one minute or more after a visit began")
    return [(minutes, began_at + minutes * ONE_MINUTE) for minutes in asked]
