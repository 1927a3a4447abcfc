"""What of a request can go along to another house, each only with a yes. The name they are called by always does."""

from __future__ import annotations

from enum import StrEnum


class Goes(StrEnum):
    REACH = "reach"  # the number, and how they would like to hear
    HOURS = "hours"
    WISH = "wish"  # nights, and what they would like
