"""What may be asked for at arrival, for the day somebody leaves without a talk."""

from __future__ import annotations

from enum import StrEnum

LONGEST_WORDS = 1000
LONGEST_WISH = 140  # it becomes a promise, in the same words


class IfGone(StrEnum):
    CALL = "call"
    TEXT = "text"
    WORDS = "words"  # something they said in their own words
