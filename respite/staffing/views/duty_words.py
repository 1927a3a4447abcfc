"""The rules of duty in words: what each is called, and how its value reads."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.houses.rule_words import minutes_words
from respite.staffing.policy.duty import SWITCHES, Duty

#: (heading, what it says, (rule, label)): in the order of the page.
GROUPS: tuple[tuple[Any, Any, tuple[tuple[str, Any], ...]], ...] = (
    (
        _l("Rest and hours"),
        _l("Nobody is put on against these without a reason that is written down. 0 in the last three: no such rule."),
        (
            ("rest", _l("Rest between two shifts, in minutes")),
            ("week", _l("Most in a week, in minutes")),
            ("days_in_a_row", _l("Most days in a row")),
            ("nights_in_a_row", _l("Most nights in a row")),
        ),
    ),
    (
        _l("The house"),
        _l("A living room has two people at least, whatever stands here."),
        (
            ("floor_least", _l("People in the house at any time, at least")),
            ("open_at_once", _l("Shifts of a pattern can be taken at once, without a roster")),
            ("swaps_looked_at", _l("Whoever keeps the shifts says yes to each swap before it counts")),
        ),
    ),
    (
        _l("What a roster is weighed by"),
        _l("In points: the more, the harder it is avoided."),
        (
            ("open_costs", _l("A place that nobody has")),
            ("need_costs", _l("A shift without who is needed on it")),
            ("wish_costs", _l("A wish that is passed over")),
            ("short_hour_costs", _l("Each hour below what somebody wanted")),
            ("share_costs", _l("Each tenth of a night or weekend beside a fair share")),
            ("isolated_costs", _l("A single day on between two off")),
            ("change_costs", _l("Each day that differs from what is published")),
        ),
    ),
    (
        _l("Around a shift"),
        _l("In minutes before it begins, and after."),
        (
            ("remind_before", _l("The first reminder, before")),
            ("remind_again_before", _l("The second reminder, before")),
            ("on_way_before", _l("“On my way?” is asked, before")),
            ("ask_peer_after", _l("Nobody there yet: they are asked, after")),
            ("ask_on_call_after", _l("Then who is on call, after")),
            ("ask_second_after", _l("Then the next on call, after")),
            ("ask_lead_after", _l("Then the coordinators, after")),
            ("on_way_gives", _l("How long somebody on their way is waited for")),
            ("on_call_answers", _l("How long each who is called in has to answer")),
            ("longest_extension", _l("The most by which somebody makes their own shift longer")),
        ),
    ),
    (
        _l("Open shifts"),
        _l("Who is asked, and how soon the next are."),
        (
            ("waves", _l("Rounds of asking")),
            ("wave_people", _l("People asked in each round")),
            ("wave_minutes", _l("Minutes between two rounds")),
            ("all_at_once_before", _l("From so many minutes before it, everybody at once")),
            ("phone_after", _l("So many minutes after that, somebody phones round")),
        ),
    ),
)

LABELS: dict[str, Any] = {name: label for _head, _words, rules in GROUPS for name, label in rules}

_MINUTES = frozenset(
    {
        "rest", "week", "remind_before", "remind_again_before", "on_way_before", "ask_peer_after", "ask_on_call_after",
        "ask_second_after", "ask_lead_after", "on_way_gives", "on_call_answers", "longest_extension", "wave_minutes",
        "all_at_once_before",
        "phone_after",
    }
)  # fmt: skip


def duty_word(name: str, value: int) -> str:
    """A rule's value as a person reads it."""
    if name in SWITCHES:
        return _("yes") if value else _("no")
    if value == 0 and name in ("week", "days_in_a_row", "nights_in_a_row"):
        return _("no such rule")
    if name in _MINUTES:
        return minutes_words(value)
    if name.endswith("_costs"):
        return ngettext("%(num)s point", "%(num)s points", value)
    return str(value)


def duty_changes(before: Duty, after: Duty) -> list[tuple[str, str, str]]:
    """What differs between two sets of rules: (rule, was, is), in the order of the page."""
    return [
        (str(label), duty_word(name, getattr(before, name)), duty_word(name, getattr(after, name)))
        for name, label in LABELS.items()
        if getattr(before, name) != getattr(after, name)
    ]
