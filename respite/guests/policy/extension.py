"""Whether a stay may be made longer, which rule stops it, and what is possible instead."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from respite.guests.policy.return_rule import NightsLimit, NightsRule, NightsUsed, nights_allowed, what_limits


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """How often one stay may be made longer, by how many nights each time, and the roles that may say so.

    None sets no limit; `most_times` of nought means that this house does not make stays longer.
    """

    most_times: int | None
    most_nights_each: int | None
    granted_by: frozenset[str]

    def __post_init__(self) -> None:
        if self.most_times is not None and self.most_times < 0:
            raise ValueError("a stay cannot be made longer less than never")
        if self.most_nights_each is not None and self.most_nights_each < 1:
            raise ValueError("a stay is made longer by one night or more")


class ExtensionStop(StrEnum):
    """A rule in the way of the nights asked for."""

    NOT_THEIRS_TO_GRANT = "not-theirs-to-grant"
    TIMES_USED_UP = "times-used-up"
    TOO_MANY_AT_ONCE = "too-many-at-once"
    LONGEST_STAY = "longest-stay"
    RETURN_RULE = "return-rule"
    OWN_OTHER_STAY = "own-other-stay"
    BED_TAKEN = "bed-taken"


@dataclass(frozen=True, slots=True)
class ExtensionAsk:
    """`nights` more from `leaving_day` on (the stay's present leaving day, which is the first new night)."""

    leaving_day: date
    nights: int
    times_before: int
    roles: frozenset[str]
    """The roles that the person answering has in this house."""


@dataclass(frozen=True, slots=True)
class ExtensionAnswer:
    """`stops` names every rule in the way, the one to tell first in front; with none, the ask is allowed.

    The nights possible are what a person who may grant it could grant: in this bed, and in any bed that is free.
    """

    leaving_day: date
    nights_asked: int
    stops: tuple[ExtensionStop, ...]
    possible_in_this_bed: int
    possible_in_another_bed: int

    @property
    def allowed(self) -> bool:
        return not self.stops

    @property
    def leaves_then(self) -> date:
        """The leaving day with the nights possible in this bed."""
        return self.leaving_day + timedelta(days=self.possible_in_this_bed)


_STOP_OF_LIMIT = {
    NightsLimit.LONGEST_STAY: ExtensionStop.LONGEST_STAY,
    NightsLimit.RETURN_RULE: ExtensionStop.RETURN_RULE,
    NightsLimit.OWN_OTHER_STAY: ExtensionStop.OWN_OTHER_STAY,
}


def may_extend(
    ask: ExtensionAsk, rule: ExtensionRule, nights_rule: NightsRule, used: NightsUsed, taken: Set[date]
) -> ExtensionAnswer:
    """Answers an ask for more nights.

    `used.this_stay` holds all nights of the stay so far; `taken` the nights which others have in its bed.
    """
    if ask.nights < 1:
        raise ValueError("a stay is made longer by one night or more")
    by_rules = _open_by_rules(ask, rule, nights_rule, used)
    return ExtensionAnswer(
        leaving_day=ask.leaving_day,
        nights_asked=ask.nights,
        stops=tuple(_stops(ask, rule, nights_rule, used, taken)),
        possible_in_this_bed=min(by_rules, free_nights(ask.leaving_day, ask.nights, taken)),
        possible_in_another_bed=by_rules,
    )


def free_nights(first_night: date, most: int, taken: Collection[date]) -> int:
    """How many nights in a row from `first_night`, up to `most`, nobody else has."""
    following = min((night for night in taken if night >= first_night), default=None)
    return most if following is None else min(most, (following - first_night).days)


def _times_used_up(ask: ExtensionAsk, rule: ExtensionRule) -> bool:
    return rule.most_times is not None and ask.times_before >= rule.most_times


def _open_by_rules(ask: ExtensionAsk, rule: ExtensionRule, nights_rule: NightsRule, used: NightsUsed) -> int:
    if _times_used_up(ask, rule):
        return 0
    most = ask.nights if rule.most_nights_each is None else min(ask.nights, rule.most_nights_each)
    return nights_allowed(ask.leaving_day, most, used, nights_rule)


def _stops(
    ask: ExtensionAsk, rule: ExtensionRule, nights_rule: NightsRule, used: NightsUsed, taken: Set[date]
) -> list[ExtensionStop]:
    limit = what_limits(ask.leaving_day, ask.nights, used, nights_rule)
    in_the_way = {
        ExtensionStop.TIMES_USED_UP: _times_used_up(ask, rule),
        ExtensionStop.TOO_MANY_AT_ONCE: rule.most_nights_each is not None and ask.nights > rule.most_nights_each,
        **{stop: limit is of for of, stop in _STOP_OF_LIMIT.items()},
        ExtensionStop.BED_TAKEN: free_nights(ask.leaving_day, ask.nights, taken) < ask.nights,
        # Last: who may answer matters only once there is something to answer.
        ExtensionStop.NOT_THEIRS_TO_GRANT: not ask.roles & rule.granted_by,
    }
    return [stop for stop, stands in in_the_way.items() if stands]
