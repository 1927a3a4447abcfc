"""Rules about whom a house can offer a bed: their kinds, and what each needs to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from respite.houses.policy.lengths import too_long

#: The nights rule has this number in every house; its version is that of the house's rules.
NIGHTS_NUMBER = 1
LONGEST_WORDS, LONGEST_NO = 160, 240
LONGEST = {"words_en": LONGEST_WORDS, "words_es": LONGEST_WORDS, "no_en": LONGEST_NO, "no_es": LONGEST_NO}
OLDEST = 120


class RuleKind(StrEnum):
    AREA = "area"
    AGE = "age"
    VETERANS = "veterans"
    WOMEN = "women"
    OWN = "own"


#: These are asked in words of the house; the others come with words that the house may put its own in place of.
NEEDS_WORDS = frozenset({RuleKind.AREA, RuleKind.OWN})


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as the house wants it."""

    kind: str
    least_age: int | None = None
    words_en: str = ""
    words_es: str = ""
    no_en: str = ""
    no_es: str = ""


def wrong_in(rule: RuleWords) -> dict[str, str]:
    """The sentence for each field that cannot be."""
    wrong: dict[str, str] = {}
    if rule.kind not in set(RuleKind):
        wrong["kind"] = _("Please choose one of the answers shown.")
    if rule.kind == RuleKind.AGE:
        if rule.least_age is None or not 1 <= rule.least_age <= OLDEST:
            wrong["least_age"] = _("This must be a whole number from %(least)s to %(most)s.", least=1, most=OLDEST)
    elif rule.least_age is not None:
        wrong["least_age"] = _("Only the age rule has an age.")
    if rule.kind in NEEDS_WORDS and not (rule.words_en or rule.words_es):
        wrong["words_en"] = _("Please fill this in, in one of the languages or in both.")
    return wrong | too_long(rule, LONGEST)
