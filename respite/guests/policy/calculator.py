"""The nights calculator: what the rules and the beds leave together.

For staff bed by bed; for a guest a few values from which the page makes one sentence ("three nights are open now,
a full stay from 6 February"). A full stay here is one bed for the whole of it: nobody is asked to move.
"""

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from respite.guests.policy.extension import free_nights
from respite.guests.policy.return_rule import (
    MOST_COUNTED,
    NightsAnswer,
    NightsRule,
    NightsUsed,
    full_stay,
    nights_allowed,
    nights_answer,
)

BedId = TypeVar("BedId", bound=Hashable)
TakenNights = Mapping[BedId, Set[date]]
"""For each bed that could be offered, the nights that others have in it, closures included."""

LOOK_AHEAD = 180
"""Days ahead in which a night is looked for; past them the answer is "please ask"."""


@dataclass(frozen=True, slots=True)
class BedRun(Generic[BedId]):
    """One bed from the asked night on: nights in a row that nobody has, and how many of them the rules allow.

    `free_nights` is counted up to `MOST_COUNTED`.
    """

    bed: BedId
    free_nights: int
    nights_open: int


@dataclass(frozen=True, slots=True)
class StaffNights(Generic[BedId]):
    """What the rules leave, and every bed with it, the longest run first."""

    by_rules: NightsAnswer
    beds: tuple[BedRun[BedId], ...]


@dataclass(frozen=True, slots=True)
class GuestNights:
    """What a guest is told. `nights_now` are open from the asked night on.

    `opens_on` is the first night with one open or more, with `nights_then` from it on; `full_stay_on` the first
    night with which a full stay may begin. A date is None where none is found within `LOOK_AHEAD` days, and the
    full stay's also where the house sets no limit, since there is then no such thing.
    """

    asked_from: date
    nights_now: int
    opens_on: date | None
    nights_then: int
    full_stay: int | None
    full_stay_on: date | None

    @property
    def full_stay_now(self) -> bool:
        return self.full_stay_on == self.asked_from


def for_staff(asked_from: date, used: NightsUsed, rule: NightsRule, taken: TakenNights[BedId]) -> StaffNights[BedId]:
    """Every bed's longest run from `asked_from` for a new stay; beds of the same length keep their order."""
    by_rules = nights_answer(asked_from, used, rule)
    runs = (BedRun(bed, free, min(free, by_rules.nights_open)) for bed, free in _free(asked_from, taken))
    return StaffNights(by_rules, tuple(sorted(runs, key=lambda run: -run.free_nights)))


def for_guest(asked_from: date, used: NightsUsed, rule: NightsRule, taken: TakenNights[BedId]) -> GuestNights:
    """What a guest may be shown: no bed is named, and no reason why a night is not open."""
    opens_on = _first_open(1, asked_from, used, rule, taken)
    full = full_stay(rule)
    return GuestNights(
        asked_from=asked_from,
        nights_now=_open_from(asked_from, used, rule, taken),
        opens_on=opens_on,
        nights_then=0 if opens_on is None else _open_from(opens_on, used, rule, taken),
        full_stay=full,
        full_stay_on=None if full is None else _first_open(full, asked_from, used, rule, taken),
    )


def _free(first_night: date, taken: TakenNights[BedId]) -> list[tuple[BedId, int]]:
    return [(bed, free_nights(first_night, MOST_COUNTED, nights)) for bed, nights in taken.items()]


def _open_from(first_night: date, used: NightsUsed, rule: NightsRule, taken: TakenNights[BedId]) -> int:
    longest = max((free for _, free in _free(first_night, taken)), default=0)
    return nights_allowed(first_night, longest, used, rule) if longest else 0


def _first_open(
    nights: int, asked_from: date, used: NightsUsed, rule: NightsRule, taken: TakenNights[BedId]
) -> date | None:
    days = (asked_from + timedelta(days=n) for n in range(LOOK_AHEAD))
    return next((day for day in days if _open_from(day, used, rule, taken) >= nights), None)
