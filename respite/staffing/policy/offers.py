"""Open shifts: who is asked first, and how long one wave waits for the next. Values in, values out."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from respite.staffing.policy.duty import Duty

#: Who had three days off is rested; from there on it is the turn that counts.
RESTED = timedelta(days=3)
SHORTEST_WAVE = timedelta(minutes=10)
#: The due row of an offer's next step.
MOVES = "staffing.offer.moves"


class OfferState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class Closed(StrEnum):
    """Why an offer is closed."""

    TAKEN = "taken"
    FILLED = "filled"  # somebody was put on
    MOVED = "moved"  # the shift is another one now
    STOPPED = "stopped"
    OVER = "over"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    GLADLY = "gladly"  # a yes that rules speak against


@dataclass(frozen=True, slots=True)
class Willing:
    """Somebody who may be asked: when their last shift before this one ends, and when they were asked last."""

    person_id: uuid.UUID
    last_ends_at: datetime | None
    asked_at: datetime | None


def in_fair_order(people: Iterable[Willing], starts_at: datetime, draw: uuid.UUID) -> list[Willing]:
    """Longest rested first, by whole days; then whoever was asked longest ago; then by a draw of this offer's own."""

    def turn(each: Willing) -> tuple[int, float, bytes]:
        rest = RESTED if each.last_ends_at is None else min(RESTED, starts_at - each.last_ends_at)
        asked = each.asked_at.timestamp() if each.asked_at else 0.0
        return -rest.days, asked, hashlib.sha256(draw.bytes + each.person_id.bytes).digest()

    return sorted(people, key=turn)


def all_at_once_at(starts_at: datetime, duty: Duty) -> datetime:
    """From then on everybody is asked together."""
    return starts_at - timedelta(minutes=duty.all_at_once_before)


def next_wave_at(now: datetime, starts_at: datetime, wave: int, duty: Duty) -> datetime:
    """When the wave after `wave` is due: the house's pause, or a fair share of the time that is left."""
    last = all_at_once_at(starts_at, duty)
    waits = max(1, duty.waves + 1 - wave)  # after the counted waves comes one of everybody else
    pause = min(timedelta(minutes=duty.wave_minutes), (last - now) / waits)
    return min(last, now + max(SHORTEST_WAVE, pause)) if wave <= duty.waves else last


def size_of(wave: int, duty: Duty) -> int | None:
    """How many are asked in a wave; none: everybody whom it fits."""
    return duty.wave_people if wave <= duty.waves else None
