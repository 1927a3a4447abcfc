"""Rules of promises: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from respite.houses.policy.house_time import ONE_DAY, instant_of, local, night_of, night_turns

LONGEST_WORDS = 140
LONGEST_WORD = 280  # to whom it was for, when it is let go
LATEST_ENTRY = timedelta(days=31)  # how long afterwards it may be written down with the time it was said
#: Words of a promise that is kept or let go are not needed any longer after this.
FORGOTTEN_AFTER = timedelta(days=30)


class Kind(StrEnum):
    CALLBACK = "callback"
    LEFT_BEHIND = "left-behind"
    HELP = "help"
    OTHER = "other"


class Way(StrEnum):
    """How two who miss each other meet again: we call, we write, or they call us."""

    CALL = "call"
    TEXT = "text"
    THEIRS = "theirs"


class State(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    LET_GO = "let-go"


class Outcome(StrEnum):
    REACHED = "reached"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True)
class When:
    """By when: an instant, or with `by_day` the end of a day of the house; no hurry without an instant."""

    due_at: datetime | None = None
    by_day: bool = False


NO_HURRY = When()


def overdue(state: str, way: str | None, due_at: datetime | None, now: datetime) -> bool:
    """Whether what we said is late. What somebody else said they would do is never late."""
    return state == State.OPEN and way != Way.THEIRS and due_at is not None and due_at <= now


def by_day(day: date, zone: str, turns_at: time) -> When:
    """Some time on that day: it ends when the house's night turns."""
    return When(night_turns(day, zone, turns_at), by_day=True)


def day_of(due_at: datetime, zone: str, turns_at: time) -> date:
    """The day of a `by_day` promise."""
    return night_of(due_at - timedelta(seconds=1), zone, turns_at)


def at_time(day: date, at: time, zone: str, now: datetime) -> When | None:
    """That time on that day, of an hour that comes twice the one that is not over; None where both are."""
    for fold in (0, 1):
        instant = instant_of(datetime.combine(day, at), zone, fold=fold)
        if instant > now:
            return When(instant)
    return None


def next_time(at: time, zone: str, now: datetime) -> When:
    """The next time the house's clock shows `at`."""
    today = local(now, zone).date()
    found = (at_time(today + n * ONE_DAY, at, zone, now) for n in range(3))
    return next(when for when in found if when is not None)


def outcome_fits(kind: str, way: str | None, outcome: str | None) -> bool:
    """A callback is kept by saying what came of it; of somebody else's call only that they called."""
    if kind != Kind.CALLBACK:
        return outcome is None
    if way == Way.THEIRS:
        return outcome == Outcome.REACHED
    return outcome in set(Outcome)
