"""The house's rules in plain words: what each is called, and how its value reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.houses.models import House, HouseRules
from respite.houses.policy.rules import FIELDS

LABELS = {
    "longest_stay": _l("Longest stay"),
    "return_kind": _l("Coming again"),
    "return_nights": _l("Nights in that time"),
    "return_days": _l("Days for coming again"),
    "extensions_most": _l("How often a stay may get longer"),
    "extension_nights": _l("Nights added each time, at most"),
    "extension_by": _l("Who may make a stay longer"),
    "saved_minutes": _l("How long a bed stays saved"),
    "ask_minutes_before": _l("When a peer is asked to call"),
    "offer_minutes": _l("How long an offer of a bed stands"),
    "night_turns_at": _l("A night turns at"),
    "census_at": _l("Who is here is counted at"),
    "quiet_from": _l("Quiet from"),
    "quiet_until": _l("Quiet until"),
    "wall_most": _l("What the wall may show at most"),
    "names_on_paper": _l("Names of guests stand on the sheet for a night without the line"),
    "part_two": _l("42 CFR Part 2 counts in this house"),
    "paper_at": _l("The sheet for the night is ready each evening at"),
    "paper_to_on_call": _l("Whoever is on call is texted where it is"),
    "nameless_stays": _l("Stays without a name"),
    "agreement_at_arrival": _l("The agreement comes before the first night"),
    "conversation_first": _l("A conversation comes before the first night"),
    "conversation_months": _l("How long a conversation is kept"),
    "counts_first_asking": _l("Who comes from another house of ours keeps the time of first asking"),
    "tells_place": _l("Who waits reads how many asked before them"),
    "answer_days": _l("A guest has an answer within"),
    "child": _l("A child"),
    "support_person": _l("A support person"),
    "animal": _l("An animal"),
    "visit_notices": _l("Staff are told of a long visit after"),
}

CHOICES: dict[str, dict[str, Any]] = {
    "return_kind": {
        "rolling": _l("so many nights in any stretch of days"),
        "since-leaving": _l("so many days after leaving"),
        "none": _l("whenever a door is free"),
    },
    "extension_by": {
        "peer": _l("any peer on shift"),
        "supervisor": _l("a supervisor, coordinator or director"),
        "coordinator": _l("a coordinator or director"),
        "director": _l("a director"),
    },
    "wall_most": {
        "nothing": _l("the door and its state only"),
        "picture": _l("a picture, if the guest chose one"),
        "initial": _l("a picture or an initial, if the guest chose it"),
        "name": _l("a picture, an initial or a name, if the guest chose it"),
    },
    **{
        name: {"yes": _l("welcome"), "ask": _l("please ask first"), "no": _l("not in this house")}
        for name in ("child", "support_person", "animal")
    },
}


def minutes_words(minutes: int) -> str:
    """A length of time: "4 hours", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    words = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    if rest or not hours:
        words.append(ngettext("%(num)s minute", "%(num)s minutes", rest))
    return " ".join(words)


def _nights(value: int) -> str:
    return ngettext("%(num)s night", "%(num)s nights", value)


def _notices(value: list[int]) -> str:
    return ", ".join(minutes_words(minutes) for minutes in value) or _("no notice")


_WORDS: dict[str, Callable[[Any], str]] = {
    "longest_stay": _nights,
    "return_nights": _nights,
    "return_days": lambda value: ngettext("%(num)s day", "%(num)s days", value),
    "extensions_most": lambda value: ngettext("%(num)s time", "%(num)s times", value),
    "extension_nights": _nights,
    "saved_minutes": minutes_words,
    "ask_minutes_before": lambda value: _("%(time)s before", time=minutes_words(value)),
    "offer_minutes": minutes_words,
    "conversation_months": lambda value: ngettext("%(num)s month", "%(num)s months", value),
    "answer_days": lambda value: ngettext("%(num)s day", "%(num)s days", value),
    "paper_at": lambda value: _("never") if value is None else f"{value:%H:%M}",
    "visit_notices": _notices,
}


def word(name: str, value: Any) -> str:
    """A rule's value as a person reads it."""
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name in _WORDS:
        return _WORDS[name](value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


_OF_ANY_HOUSE = (
    "answer_days",
    "night_turns_at",
    "census_at",
    "quiet_from",
    "quiet_until",
    "wall_most",
    "names_on_paper",
    "paper_at",
    "paper_to_on_call",
)
_IDLE = {"rolling": (), "since-leaving": ("return_nights",), "none": ("return_nights", "return_days")}


def in_words(rules: HouseRules, house: House) -> list[tuple[str, str]]:
    """The rules that count in a house of its kind, as people read them."""
    shown = [
        name
        for name in LABELS
        if name in _OF_ANY_HOUSE
        or (house.has_chairs if name == "visit_notices" else house.has_beds and name not in _IDLE[rules.return_kind])
    ]
    return [(str(LABELS[name]), word(name, getattr(rules, name))) for name in shown]


def changes(before: HouseRules, after: HouseRules) -> list[tuple[str, str, str]]:
    """What differs between two versions: (rule, was, is), in the order of the page."""
    return [
        (str(LABELS[name]), word(name, getattr(before, name)), word(name, getattr(after, name)))
        for name in sorted(FIELDS, key=list(LABELS).index)
        if getattr(before, name) != getattr(after, name)
    ]
