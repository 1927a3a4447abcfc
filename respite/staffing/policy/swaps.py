"""When one peer may ask another to take or swap a shift, and how such a question ends. Values in, values out."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: So long before the earlier shift begins whoever has it must know that it is theirs.
LATEST = timedelta(hours=1)
#: Who asked whom, and what came of it, helps nobody any more after that.
KEPT_FOR = timedelta(days=90)


class Ended(StrEnum):
    """Why a question is over."""

    DONE = "done"
    DECLINED = "declined"
    TAKEN_BACK = "taken-back"
    CHANGED = "changed"  # a shift of it is another one now, or somebody else's
    OVER = "over"  # nobody answered in time
    STOPPED = "stopped"  # by whoever keeps the shifts


def open_until(*begins: datetime) -> datetime:
    """When a question about shifts with these begins is over."""
    return min(begins) - LATEST
