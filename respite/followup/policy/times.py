"""When somebody is asked: the same time of day some days later, in their hours, and never two at once.

Instants are aware and come back in UTC; hours and zones are the person's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from respite.followup.policy.steps import A_DAY
from respite.houses.policy.house_time import ONE_DAY, day_begins, local
from respite.messaging.policy.hours import Hours, Span, closes_at, is_open, next_open, spread

MINUTE = timedelta(minutes=1)
SPREAD = 40  # minutes either way
#: A row that runs so long after its time was missed: the house was not looking, and others were missed with it.
LATE = 30 * MINUTE
#: Between two of one guest.
APART = timedelta(hours=22)
UNANSWERED = 3


@dataclass(frozen=True, slots=True)
class Theirs:
    """The hours somebody chose, and the zones they may be in, the likeliest first."""

    hours: Hours
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """It is time."""


@dataclass(frozen=True, slots=True)
class Move:
    at: datetime


@dataclass(frozen=True, slots=True)
class Miss:
    """It is not worth asking any more."""


Turn = Ask | Move | Miss


def wall_offset(left_at: datetime, after: int, zone: str) -> datetime:
    """So many hours later on the wall's clock. A time that the clocks jump over moves on by the jump; of one that
    comes twice it is the first."""
    wall = local(left_at, zone).replace(tzinfo=None, fold=0) + timedelta(hours=after)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def planned_at(left_at: datetime, after: int, theirs: Theirs, seed: bytes) -> datetime:
    """When to ask: on that day where they are, moved into their hours and a little to either side, by `seed`."""
    wanted = wall_offset(left_at, after, theirs.zones[0])
    spans = _spans_of_day(wanted, theirs)
    if not spans:
        return next_open(wanted, theirs.hours, theirs.zones) or wanted
    begin, end = min(spans, key=lambda span: max(span[0] - wanted, wanted - span[1], timedelta()))
    room = min(SPREAD, max(0, int((end - begin) / MINUTE) // 2 - 1))
    calm = min(max(wanted, begin + room * MINUTE), end - (room + 1) * MINUTE)
    at = spread(max(calm, begin), seed, room) if room else max(calm, begin)
    return at if at > left_at else next_open(wanted, theirs.hours, theirs.zones) or wanted


def lasts(after: int) -> timedelta:
    """How long after its time it is still worth asking."""
    if after < 2 * A_DAY:
        return timedelta(hours=18)
    if after < 7 * A_DAY:
        return timedelta(days=2)
    return timedelta(days=3) if after < 30 * A_DAY else timedelta(days=7)


def turn(
    now: datetime,
    due_at: datetime,
    last: datetime,
    theirs: Theirs,
    seed: bytes,
    *,
    asked_before: datetime | None,
    paused: bool,
    moved: bool,
) -> Turn:
    """What becomes of a step whose row runs now, and was due at `due_at`; `moved` where that is not its first time.

    `asked_before` is when this guest was asked last. `paused`: they are in a house, so it is looked at again tomorrow.
    """
    if now >= last:
        return Miss()
    earliest = now
    if paused:
        earliest = now + ONE_DAY
    elif asked_before is not None and asked_before + APART > now:
        earliest = asked_before + APART
    at = next_open(earliest, theirs.hours, theirs.zones)
    if at is None:
        return Ask()  # no hour is fit wherever they may be: the text's own gate puts it to a person
    if at == now and (moved or now - due_at <= LATE):
        return Ask()
    at = _a_little_later(at, theirs, seed)
    return Move(at) if at < last else Miss()


def quiet(answers: Sequence[bool]) -> bool:
    """Whether to ask no more: the last three that reached for them, oldest first, were not answered."""
    return len(answers) >= UNANSWERED and not any(answers[-UNANSWERED:])


def _a_little_later(at: datetime, theirs: Theirs, seed: bytes) -> datetime:
    """Those that were missed together do not leave together."""
    seconds = int.from_bytes(hashlib.sha256(seed).digest()[:4]) % (SPREAD * 60) + 1
    later = at + timedelta(seconds=seconds)
    return later if is_open(later, theirs.hours, theirs.zones) else at + timedelta(seconds=1)


def _spans_of_day(wanted: datetime, theirs: Theirs) -> list[Span]:
    """Their hours on that day of the wall's, as far as they are on it."""
    day = local(wanted, theirs.zones[0]).date()
    begins, over = day_begins(day, theirs.zones[0]), day_begins(day + ONE_DAY, theirs.zones[0])
    spans: list[Span] = []
    at = next_open(begins, theirs.hours, theirs.zones)
    while at is not None and at < over:
        end = min(closes_at(at, theirs.hours, theirs.zones), over)
        if end <= at:
            break
        spans.append((at, end))
        at = next_open(end, theirs.hours, theirs.zones) if end < over else None
    return spans
