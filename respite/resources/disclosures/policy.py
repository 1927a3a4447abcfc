"""When something may be told to somebody outside, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from respite.core.crypto import digest

LONGEST_RECIPIENT, LONGEST_PURPOSE, LONGEST_WORDS = 120, 160, 2000
LONGEST_DAYS = 365

#: What goes with it where the house's rule says that 42 CFR Part 2 counts here.
NOTICE = {
    "en": "This was given with the person's written agreement and is protected by federal rules (42 CFR Part 2)."
    " Unless the person agrees in writing, or those rules allow it, it may not be passed on, and it may not be used"
    " against the person in any legal proceeding.",
    "es": "Esto se entrega con el acuerdo por escrito de la persona y lo protegen reglas federales (42 CFR Parte 2)."
    " Sin el acuerdo por escrito de la persona, o si esas reglas no lo permiten, no se puede pasar a nadie más ni usar"
    " en contra de la persona en ningún proceso legal.",
}


class How(StrEnum):
    """How it was told."""

    PHONE = "phone"
    IN_PERSON = "in-person"
    PAPER = "paper"


class AgreedHow(StrEnum):
    PAGE = "page"  # on the guest's own page
    HERE = "here"  # read together, with somebody of the house


class Standing(StrEnum):
    ASKED = "asked"
    LIVE = "live"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What counts of one: whether the guest agreed, whether it ended, its last day, once or until then."""

    agreed: bool
    ended: bool
    until: date
    once: bool
    told: int


def standing(agreement: Agreement, today: date) -> Standing:
    if agreement.ended or today > agreement.until or (agreement.once and agreement.told):
        return Standing.OVER
    return Standing.LIVE if agreement.agreed else Standing.ASKED


def composed(words: str, language: str, part_two: bool) -> str:
    """The whole text: what the guest reads, agrees to, and what is told, letter by letter."""
    return f"{words}\n\n{NOTICE[language]}" if part_two else words


def mark_of(text: str) -> str:
    """By which a form says which text was read."""
    return digest(text).hex()
