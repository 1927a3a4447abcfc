"""Languages that a peer speaks or signs: those of the list by a code, any other in the peer's own word for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.errors import Invalid

MOST_OTHERS = 6
LONGEST = 30  # letters

#: By ISO 639 code; `ase` is American Sign Language.
KNOWN: Mapping[str, Any] = {
    "en": _l("English"),
    "es": _l("Spanish"),
    "ase": _l("American Sign Language"),
    "ar": _l("Arabic"),
    "fr": _l("French"),
    "ht": _l("Haitian Creole"),
    "nv": _l("Navajo"),
    "so": _l("Somali"),
    "tl": _l("Tagalog"),
    "vi": _l("Vietnamese"),
    "zh": _l("Chinese"),
}


def language_word(language: str) -> str:
    """A language as the reader's own says it; a word that a peer wrote stays as it is."""
    return str(KNOWN.get(language, language))


def checked_languages(known: Iterable[str], others: str) -> list[str]:
    """What is kept: codes in the order of the list, then each other word once. Raises Invalid."""
    ticked = set(known)
    kept = {code: code for code in KNOWN if code in ticked}
    by_word = {str(word).casefold(): code for code, word in KNOWN.items()}
    for word in (" ".join(each.split()) for each in others.split(",")):
        if word:
            code = by_word.get(word.casefold(), word)
            kept.setdefault(code if code in KNOWN else word.casefold(), code)
    own = [each for each in kept.values() if each not in KNOWN]
    if any(len(each) > LONGEST for each in own):
        raise Invalid(fields={"others": _("Please keep each language to %(most)s letters.", most=LONGEST)})
    if len(own) > MOST_OTHERS:
        raise Invalid(fields={"others": _("There is room for %(most)s more languages.", most=MOST_OTHERS)})
    return [code for code in KNOWN if code in kept] + own
