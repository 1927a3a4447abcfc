"""What a short text says: "Y42", "n 42", "sí", "1"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from respite.messaging.policy.heard import plain


class Word(StrEnum):
    YES = "yes"
    NO = "no"
    NO_MORE = "x"  # not wanted any more
    ONE = "1"  # on my way
    TWO = "2"  # I'm here
    THREE = "3"  # I can't come


@dataclass(frozen=True, slots=True)
class Said:
    """A word, and the number of the question where they gave one."""

    word: Word
    code: int | None


_YES = "y yes yep yeah si s claro ok okay sure take"
_NO = "n no nope pass paso"
_WORDS = (
    dict.fromkeys(_YES.split(), Word.YES)
    | dict.fromkeys(_NO.split(), Word.NO)
    | {"x": Word.NO_MORE, "1": Word.ONE, "2": Word.TWO, "3": Word.THREE}
)
_AROUND = re.compile(r"\b(?:please|pls|plz|thanks|thank you|thx|gracias|por favor)\b")
_SHORT = re.compile(r"(?P<word>[a-z]+|[123]) ?(?P<code>\d{2,4})?")


def said(body: str) -> Said | None:
    """The answer, where the text is one and nothing else; politeness aside. None: it is for a person to read."""
    words = " ".join(_AROUND.sub(" ", plain(body)).split())
    found = _SHORT.fullmatch(words)
    word = _WORDS.get(found["word"]) if found else None
    if found is None or word is None:
        return None
    if found["code"] and word in (Word.ONE, Word.TWO, Word.THREE):
        return None  # "142" is no answer to anything
    return Said(word, int(found["code"]) if found["code"] else None)
