"""Why an assignment cannot be, as values; the edge puts them into words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from respite.staffing.roster.parts import Shift


class Rule(StrEnum):
    """The hard rules."""

    NOT_OFFERED = "not-offered"  # no such shift takes place
    FULL = "full"  # have: how many are on, limit
    AWAY = "away"  # tag: the absence
    NOT_HELD = "not-held"  # tag: what everybody on the shift must hold
    ONE_A_DAY = "one-a-day"  # other: the second shift that begins on the day
    REST = "rest"  # other: the earlier shift; have, limit: minutes between them
    NEVER_AFTER = "never-after"  # other: the earlier shift
    MOST_OF_KIND = "most-of-kind"  # have, limit: shifts of the kind
    MOST_MINUTES = "most-minutes"  # day, until: the stretch; have, limit: minutes
    LEAST_MINUTES = "least-minutes"  # the same
    MOST_IN_A_ROW = "most-in-a-row"  # day, until: the days on; have, limit: their number
    LEAST_IN_A_ROW = "least-in-a-row"  # the same
    LEAST_OFF_IN_A_ROW = "least-off-in-a-row"  # day, until: the days off; have, limit: their number
    NIGHTS_IN_A_ROW = "nights-in-a-row"  # day, until: the days on which nights begin; have, limit: their number
    WEEKENDS = "weekends"  # have, limit: weekends with a shift
    FROZEN = "frozen"  # the day may not change any more
    LEFT_WITHOUT = "left-without"  # of hands that change: tag; have, limit: how many would still hold it on the shift


#: Those that ask for a least, and so alone can make a roster impossible.
LEAST = frozenset({Rule.LEAST_MINUTES, Rule.LEAST_IN_A_ROW, Rule.LEAST_OFF_IN_A_ROW})


@dataclass(frozen=True, order=True)
class Reason:
    """A rule that is broken, whose it is, where, and the figures it is judged by; `Rule` says which of them count."""

    rule: Rule
    person: str = ""
    day: int = 0
    kind: str = ""
    until: int = 0  # the day after the last
    other: Shift | None = None
    tag: str = ""
    have: int = 0
    limit: int = 0
