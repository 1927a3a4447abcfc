"""Checking what a house wants as its rules: values in, the sentence for each wrong field out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask_babel import gettext as _

from respite.core.errors import Invalid

RETURN_KINDS = ("rolling", "since-leaving", "none")
COMPANION_ANSWERS = ("yes", "ask", "no")
WALL_MOST = ("nothing", "picture", "initial", "name")
EXTENSION_BY = ("peer", "supervisor", "coordinator", "director")

COUNTS: dict[str, tuple[int, int]] = {
    "longest_stay": (1, 366),
    "return_nights": (1, 366),
    "return_days": (1, 730),
    "extensions_most": (0, 20),
    "extension_nights": (1, 60),
    "saved_minutes": (5, 10_080),
    "ask_minutes_before": (0, 1_440),
    "offer_minutes": (15, 2_880),
    "conversation_months": (1, 60),
    "answer_days": (1, 60),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "return_kind": RETURN_KINDS,
    "extension_by": EXTENSION_BY,
    "wall_most": WALL_MOST,
    "child": COMPANION_ANSWERS,
    "support_person": COMPANION_ANSWERS,
    "animal": COMPANION_ANSWERS,
}
TIMES = ("night_turns_at", "census_at", "quiet_from", "quiet_until")
#: From noon on, and none for not at all.
EVENINGS = ("paper_at",)
NOON = time(12)
FLAGS = (
    "nameless_stays",
    "agreement_at_arrival",
    "conversation_first",
    "tells_place",
    "counts_first_asking",
    "names_on_paper",
    "part_two",
    "paper_to_on_call",
)
#: Flags of every house, whether it has beds or not.
OF_PAPER = ("names_on_paper", "paper_to_on_call")
FIELDS = (*COUNTS, *CHOICES, *TIMES, *EVENINGS, *FLAGS, "visit_notices")


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises Invalid with a sentence for each field that cannot be."""
    wrong: dict[str, str] = {}
    for name, value in values.items():
        sentence = _wrong(name, value)
        if sentence is not None:
            wrong[name] = sentence
    if wrong:
        raise Invalid(fields=wrong)
    return dict(values)


def _wrong(name: str, value: Any) -> str | None:
    if name in COUNTS:
        least, most = COUNTS[name]
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            return _("This must be a whole number from %(least)s to %(most)s.", least=least, most=most)
        return None
    if name in CHOICES:
        return None if value in CHOICES[name] else _("Please choose one of the answers shown.")
    if name in TIMES:
        return None if isinstance(value, time) else _("This must be a time of day, such as 22:00.")
    if name in EVENINGS:
        fine = value is None or (isinstance(value, time) and value >= NOON)
        return None if fine else _("Please give an hour of the afternoon or the evening.")
    if name in FLAGS:
        return None if isinstance(value, bool) else _("This must be yes or no.")
    if name == "visit_notices":
        return wrong_notices(value)
    return _("The house has no such rule.")


def wrong_notices(value: Any) -> str | None:
    fine = (
        isinstance(value, list)
        and len(value) <= 4
        and all(isinstance(m, int) and not isinstance(m, bool) and 30 <= m <= 10_080 for m in value)
        and value == sorted(set(value))
    )
    return None if fine else _("Please give up to four times in hours, the shortest first, such as 20 and 22.")
