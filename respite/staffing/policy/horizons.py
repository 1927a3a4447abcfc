"""How near a gap has come, and when it comes nearer: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum


class Horizon(StrEnum):
    """Each is told of once for each gap, the nearest alone where several are passed at once."""

    FORTNIGHT = "14-days"
    DAYS = "72-hours"
    DAY = "24-hours"
    NOW = "now"


BEFORE = {
    Horizon.FORTNIGHT: timedelta(days=14),
    Horizon.DAYS: timedelta(hours=72),
    Horizon.DAY: timedelta(hours=24),
    Horizon.NOW: timedelta(0),
}
#: From so shortly before it a text about it leaves at any hour.
AT_ANY_HOUR = timedelta(hours=4)


def reached(starts_at: datetime, now: datetime) -> list[Horizon]:
    """The horizons that the gap's begin has come within, the farthest first."""
    return [horizon for horizon, before in BEFORE.items() if starts_at - before <= now]


def next_crossing(starts: Iterable[datetime], now: datetime) -> datetime | None:
    """When the next of these comes within a nearer horizon."""
    return min((at - before for at in starts for before in BEFORE.values() if at - before > now), default=None)
