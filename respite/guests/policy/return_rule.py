"""How many nights a guest may have, and from when.

Houses read "seven nights in thirty days" differently, so the kind of rule is a setting of the house. Nothing
here says "not until": an answer is always how many nights are open now and from when a full stay is. It is
worked out anew from the nights themselves and never stored with a guest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from respite.houses.policy.house_time import ONE_DAY, nights_between

MOST_COUNTED = 365


@dataclass(frozen=True, slots=True)
class RollingWindow:
    """At most `nights` nights in any `days` days in a row."""

    nights: int
    days: int

    def __post_init__(self) -> None:
        if self.nights < 1 or self.days < 1:
            raise ValueError("a rolling window needs at least one night in at least one day")


@dataclass(frozen=True, slots=True)
class DaysSinceLeaving:
    """A stay may begin `days` days after the day on which the last one ended; nought means the same day."""

    days: int

    def __post_init__(self) -> None:
        if self.days < 0:
            raise ValueError("days since leaving cannot be negative")


@dataclass(frozen=True, slots=True)
class NoReturnRule:
    """Come back whenever there is a bed."""


ReturnRule: TypeAlias = RollingWindow | DaysSinceLeaving | NoReturnRule


class ReturnKind(StrEnum):
    """The kinds as a house's settings name them."""

    ROLLING = "rolling"
    SINCE_LEAVING = "since-leaving"
    NONE = "none"


def return_rule_of(kind: str, nights: int, days: int) -> ReturnRule:
    """The rule that a house's settings mean; a number that the kind does not use is passed over."""
    match ReturnKind(kind):
        case ReturnKind.ROLLING:
            return RollingWindow(nights, days)
        case ReturnKind.SINCE_LEAVING:
            return DaysSinceLeaving(days)
        case ReturnKind.NONE:
            return NoReturnRule()


@dataclass(frozen=True, slots=True)
class NightsRule:
    """A house's return rule and its longest stay in nights (None: it sets no limit)."""

    return_rule: ReturnRule
    longest_stay: int | None

    def __post_init__(self) -> None:
        if self.longest_stay is not None and self.longest_stay < 1:
            raise ValueError("the longest stay is at least one night")


@dataclass(frozen=True, slots=True)
class NightsUsed:
    """The nights of one guest's other stays in this house, had or saved, and the days on which those end.

    `this_stay` holds the nights of the stay that is being made longer, and is empty for a new one.
    """

    nights: frozenset[date] = frozenset()
    left_on: frozenset[date] = frozenset()
    this_stay: frozenset[date] = frozenset()

    @classmethod
    def of_stays(cls, stays: Iterable[tuple[date, date]], this_stay: Iterable[date] = ()) -> "NightsUsed":
        """From the (first night, leaving day) of each other stay."""
        kept = tuple(stays)
        return cls(
            nights=frozenset(night for first, leaving in kept for night in nights_between(first, leaving)),
            left_on=frozenset(leaving for _, leaving in kept),
            this_stay=frozenset(this_stay),
        )


class NightsLimit(StrEnum):
    """What leaves fewer nights than asked."""

    OWN_OTHER_STAY = "own-other-stay"
    LONGEST_STAY = "longest-stay"
    RETURN_RULE = "return-rule"


@dataclass(frozen=True, slots=True)
class NightsAnswer:
    """What a guest may have from the asked night on, as far as the rules go (beds are another question)."""

    asked_from: date
    nights_open: int
    opens_on: date
    full_stay: int | None
    full_stay_opens_on: date


def nights_allowed(first_night: date, nights_wanted: int, used: NightsUsed, rule: NightsRule) -> int:
    """How many consecutive nights, of those wanted, may be had from `first_night` on.

    A night that another stay of the guest's already has ends the run: nobody has two beds in one night.
    """
    if nights_wanted < 1:
        raise ValueError("a stay is asked for by one night or more")
    most = min(
        nights_wanted,
        _left_of_longest_stay(used, rule, nights_wanted),
        _until_own_next_night(first_night, used, nights_wanted),
    )
    return _open_by_return_rule(first_night, most, used, rule.return_rule)


def may_stay(first_night: date, nights_wanted: int, used: NightsUsed, rule: NightsRule) -> bool:
    """Whether all the nights wanted may be had from `first_night` on."""
    return nights_allowed(first_night, nights_wanted, used, rule) == nights_wanted


def what_limits(first_night: date, nights_wanted: int, used: NightsUsed, rule: NightsRule) -> NightsLimit | None:
    """The rule that leaves fewer nights than wanted (the tighter of them); None where all may be had."""
    allowed = nights_allowed(first_night, nights_wanted, used, rule)
    if allowed == nights_wanted:
        return None
    if allowed == _until_own_next_night(first_night, used, nights_wanted):
        return NightsLimit.OWN_OTHER_STAY
    if allowed == _left_of_longest_stay(used, rule, nights_wanted):
        return NightsLimit.LONGEST_STAY
    return NightsLimit.RETURN_RULE


def full_stay(rule: NightsRule) -> int | None:
    """The most nights that a guest with none behind them may have; None where the house sets no limit."""
    window = rule.return_rule
    if not isinstance(window, RollingWindow) or not _binds(window):
        return rule.longest_stay
    return window.nights if rule.longest_stay is None else min(window.nights, rule.longest_stay)


def opens_on(asked_from: date, used: NightsUsed, rule: NightsRule) -> date:
    """The first night, from the asked one on, with which a new stay of one night or more may begin."""
    return _first_night_for(1, asked_from, used, rule)


def full_stay_opens_on(asked_from: date, used: NightsUsed, rule: NightsRule) -> date:
    """The first night, from the asked one on, with which a new full stay may begin.

    Where a house sets no limit there is no full stay to wait for: it is the night on which anything opens.
    """
    return _first_night_for(full_stay(rule) or 1, asked_from, used, rule)


def nights_answer(asked_from: date, used: NightsUsed, rule: NightsRule) -> NightsAnswer:
    """The whole answer for a new stay. Where a house sets no limit, nights count up to `MOST_COUNTED`."""
    return NightsAnswer(
        asked_from=asked_from,
        nights_open=nights_allowed(asked_from, MOST_COUNTED, used, rule),
        opens_on=opens_on(asked_from, used, rule),
        full_stay=full_stay(rule),
        full_stay_opens_on=full_stay_opens_on(asked_from, used, rule),
    )


def _binds(window: RollingWindow) -> bool:
    return window.nights < window.days


def _left_of_longest_stay(used: NightsUsed, rule: NightsRule, without_limit: int) -> int:
    if rule.longest_stay is None:
        return without_limit
    return max(0, rule.longest_stay - len(used.this_stay))


def _until_own_next_night(first_night: date, used: NightsUsed, without_one: int) -> int:
    following = _own_next_night(first_night, used)
    return without_one if following is None else (following - first_night).days


def _own_next_night(first_night: date, used: NightsUsed) -> date | None:
    return min((night for night in used.nights if night >= first_night), default=None)


def _open_by_return_rule(first_night: date, most: int, used: NightsUsed, rule: ReturnRule) -> int:
    match rule:
        case RollingWindow():
            return _open_in_windows(first_night, most, used, rule)
        case DaysSinceLeaving():
            return _open_since_leaving(first_night, most, used, rule)
        case NoReturnRule():
            return most


def _open_in_windows(first_night: date, most: int, used: NightsUsed, window: RollingWindow) -> int:
    if not _binds(window):
        return most
    reach = timedelta(days=window.days)
    taken = {night for night in used.nights | used.this_stay if night > first_night - reach}
    for had in range(most):
        night = first_night + timedelta(days=had)
        taken.add(night)
        # A night also counts in the windows of nights already saved further on, which it must not push over.
        ends = [end for end in taken if night <= end < night + reach]
        if any(sum(end - reach < other <= end for other in taken) > window.nights for end in ends):
            return had
    return most


def _open_since_leaving(first_night: date, most: int, used: NightsUsed, rule: DaysSinceLeaving) -> int:
    pause = timedelta(days=rule.days)
    is_new_stay = not used.this_stay
    if is_new_stay and any(first_night - pause < left <= first_night for left in used.left_on):
        return 0
    # A stay saved further on needs its own pause after this one ends.
    following = _own_next_night(first_night, used)
    if following is None:
        return most
    return max(0, min(most, (following - pause - first_night).days))


def _first_night_for(nights: int, asked_from: date, used: NightsUsed, rule: NightsRule) -> date:
    if used.this_stay:
        raise ValueError("this asks about a new stay, not about making one longer")
    night = asked_from
    # Ends: past the last night used and one window or pause, nothing is in the way of a full stay or less.
    while nights_allowed(night, nights, used, rule) < nights:
        night += ONE_DAY
    return night
