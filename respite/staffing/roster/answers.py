"""What filling a roster answers, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from respite.staffing.roster.costs import Gap
from respite.staffing.roster.parts import Roster
from respite.staffing.roster.reasons import Reason


class State(StrEnum):
    PROVEN = "proven"  # nothing better exists
    FOUND = "found"
    NOTHING_YET = "nothing-yet"  # stopped before there was any roster
    IMPOSSIBLE = "impossible"  # no roster keeps every least; `broken` says what this one breaks


@dataclass(frozen=True)
class Progress:
    """The best so far, the bound below which nothing can come, and the seconds since the start."""

    objective: int
    bound: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The least that stays uncovered (an open seat weighs 2, a missing holder of a tag 1); `proven`: cannot be less.

    Not even that much was `found` in the time where the roster is only what is locked.
    """

    least: int
    found: bool
    proven: bool
    roster: Roster
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Unmet:
    """Something that stays uncovered, and what speaks against each person who is not on that shift."""

    gap: Gap
    against: dict[str, list[Reason]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A roster and how good it is. `objective` is counted from the roster; nothing can cost less than `bound`."""

    state: State
    roster: Roster
    objective: int
    bound: int
    seconds: float
    seed: int
    unmet: list[Unmet]
    broken: list[Reason]
    coverage: Coverage | None = None
