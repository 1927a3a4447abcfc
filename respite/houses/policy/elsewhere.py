"""Where else somebody can turn: what kinds there are, and those that come with Respite."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.houses.policy.lengths import too_long

LONGEST_NAME, LONGEST_LINE, LONGEST_NOTE = 60, 80, 160
LONGEST = {
    "name": LONGEST_NAME,
    "text_to": LONGEST_LINE,
    "hours": LONGEST_LINE,
    "note": LONGEST_NOTE,
    "note_es": LONGEST_NOTE,
}


class PlaceKind(StrEnum):
    SUPPORT = "support"  # somebody to turn to: a line, a shelter for the young
    HOUSE = "house"  # another house where one can ask for a bed
    CHAIR = "chair"  # the living room of this house: when one can come, and what to know


@dataclass(frozen=True, slots=True)
class General:
    """A place that is there for anybody in the country; its words are in the catalogues."""

    key: str
    name: Any
    phone: str
    text_to: Any
    hours: Any
    note: Any


#: Only what is surely there for everybody in the country.
GENERAL = (
    General(
        "988",
        _l("Somebody to talk to, at 988"),
        "988",
        _l("Text 988"),
        _l("Day and night"),
        _l("By telephone, text or chat."),
    ),
)


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """A place as the house wants it shown."""

    kind: str
    name: str
    phone: str | None = None
    text_to: str = ""
    hours: str = ""
    note: str = ""
    note_es: str = ""


def wrong_in(place: PlaceWords) -> dict[str, str]:
    """The sentence for each field that cannot be."""
    wrong: dict[str, str] = {}
    if place.kind not in set(PlaceKind):
        wrong["kind"] = _("Please choose one of the answers shown.")
    if not place.name:
        wrong["name"] = _("Please fill this in.")
    if place.kind != PlaceKind.CHAIR and not (place.phone or place.text_to):
        wrong["phone"] = _("How can they be reached? A number, or how to write to them.")
    return wrong | too_long(place, LONGEST)
