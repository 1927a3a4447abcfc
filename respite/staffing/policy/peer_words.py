"""The house's own lists about peers, and the words that the product knows in each language."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

LONGEST_WORD = 40  # letters
MOST_WORDS = 30  # of one kind


class WordKind(StrEnum):
    TITLE = "title"  # what somebody is called in the house
    SHARE = "share"  # what somebody may choose to share of their own experience


#: Kept in English, shown in the reader's language; a house adds, renames and takes off as it likes.
KNOWN: Mapping[WordKind, Mapping[str, Any]] = {
    WordKind.TITLE: {
        "Peer specialist": _l("Peer specialist"),
        "Peer companion": _l("Peer companion"),
        "Recovery guide": _l("Recovery guide"),
        "Peer supervisor": _l("Peer supervisor"),
    },
    WordKind.SHARE: {
        "veteran": _l("veteran"),
        "new mother": _l("new mother"),
        "a parent": _l("a parent"),
        "LGBTQ+": _l("LGBTQ+"),
        "stayed here too": _l("stayed here too"),
        "was without a home": _l("was without a home"),
        "hears voices": _l("hears voices"),
        "lost somebody": _l("lost somebody"),
        "came from another country": _l("came from another country"),
    },
}


def word_shown(kind: str, name: str) -> str:
    """The word as the reader's language says it; a house's own stays as it was written."""
    return str(KNOWN[WordKind(kind)].get(name, name))


def kept_as(kind: WordKind, name: str) -> str:
    """The word as it is kept: a known one by its key, whichever language it was written in."""
    known = {str(word).casefold(): each for each, word in KNOWN[kind].items()}
    known |= {each.casefold(): each for each in KNOWN[kind]}
    return known.get(name.casefold(), name)
