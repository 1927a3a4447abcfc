"""When a shift may stand, and when somebody on it is in the house: values in, values out."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_SHIFT = timedelta(hours=26)  # a day and a night with the hour that autumn adds, and its handoff
EARLIEST_COMING = timedelta(hours=3)
LONGEST_STAYING = timedelta(hours=12)  # after the end of a shift; nobody is on for ever because nobody said otherwise


class ShiftKind(StrEnum):
    FLOOR = "floor"  # in the house
    ON_CALL = "on-call"  # reachable by telephone


def is_here(
    now: datetime,
    starts_at: datetime,
    ends_at: datetime,
    came_at: datetime | None,
    went_at: datetime | None,
    stays_on_at: datetime | None = None,
) -> bool:
    """Whether somebody on a floor shift counts as in the house.

    They do from the shift's begin, or from when they came before it, until its end or until they went. Whoever said
    that they stay until somebody relieves them counts until they are relieved or go.
    """
    begin = starts_at if came_at is None else min(starts_at, came_at)
    end = ends_at if stays_on_at is None else ends_at + LONGEST_STAYING
    return begin <= now < (end if went_at is None else min(end, went_at))
