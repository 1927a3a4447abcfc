"""When two who are not to meet would be in the house at one time, and what may be answered."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

LONGEST_NOTE = 300
MOST_WISHES = 10  # of one guest at a time
USUAL_MONTHS = 3
MONTHS = (1, 6)


class What(StrEnum):
    BED = "bed"
    CHAIR = "chair"
    ACTIVITY = "activity"
    NOW = "now"  # both are here, or both have a bed saved, when it is said


class Answer(StrEnum):
    YES = "yes"
    NOT_NOW = "not-now"


class IsIt(StrEnum):
    """Whether somebody of a name is the one who was meant."""

    SAME = "same"
    OTHER = "other"


def meet(first: date, until: date, other_first: date, other_until: date) -> bool:
    """Whether two are in the house on one day. Who leaves in the morning may meet who comes that afternoon."""
    return first <= other_until and other_first <= until


def covers(first: date, until: date, asked_first: date, asked_until: date) -> bool:
    """Whether what was asked about holds these days."""
    return asked_first <= first and until <= asked_until
