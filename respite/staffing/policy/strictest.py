"""Several rules of duty at once: whoever keeps the strictest keeps each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from respite.staffing.policy.duty import Duty


def strictest(rules: Sequence[Duty]) -> Duty:
    """What binds is the strictest of each; what is weighed is the first one's."""
    return replace(
        rules[0],
        rest=max(rule.rest for rule in rules),
        week=least(rule.week for rule in rules) or 0,
        days_in_a_row=least(rule.days_in_a_row for rule in rules) or 0,
        nights_in_a_row=least(rule.nights_in_a_row for rule in rules) or 0,
        floor_least=max(rule.floor_least for rule in rules),
    )


def least(limits: Iterable[int | None]) -> int | None:
    """The lowest limit; 0 and none are no limit."""
    return min((limit for limit in limits if limit), default=None)
