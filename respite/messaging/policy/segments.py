"""What a text costs: tidied of marks that make it dear, and counted as networks count.

GSM-7 carries 160 characters in one segment and 153 in each of several; one character outside its alphabet turns the
whole text into UCS-2, with 70 and 67 UTF-16 units (3GPP TS 23.038, 23.040).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

LONGEST = 1600  # characters that Twilio takes in one message

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")  # sent as an escape and a character

_DOTS = str.maketrans({"…": "..."})
_BREAKS = "\n\t\v\f\x85"  # controls that stand for a space or a new line
_PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′‵ʼ´`‹›＇", "'")
    | dict.fromkeys("“”„‟″‶«»〝〞＂", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | dict.fromkeys("\v\f\x85\u2028\u2029", "\n")
    | {"\t": " "}
)
#: Marks that are not seen: they turn the direction of what stands beside them, or hide in a word.
#: The joiners that hold an emoji together stay.
_UNSEEN = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\u00ad")


@dataclass(frozen=True)
class Counted:
    """`units` are septets in GSM-7 and 16-bit units in UCS-2, over the whole text."""

    encoding: Literal["gsm-7", "ucs-2"]
    units: int
    segments: int


def tidy(text: str) -> str:
    """The same words with plain quotes, dashes and spaces, composed accents, and nothing unseen.

    Doing it twice changes nothing more, and no text grows by a segment: where dots for an ellipsis, or composing,
    would cost one, that is left as it was.
    """
    plain = _seen(text.replace("\r\n", "\n").replace("\r", "\n")).translate(_PLAIN)
    for better in (_composed, _dotted):
        changed = better(plain)
        if count(changed).segments <= count(plain).segments:
            plain = changed
    return plain


def count(text: str) -> Counted:
    """How the text travels. A pair that belongs together, escape and character or a surrogate pair, is never cut."""
    if all(letter in _BASIC or letter in _EXTENSION for letter in text):
        costs = [2 if letter in _EXTENSION else 1 for letter in text]
        return Counted("gsm-7", sum(costs), _packed(costs, alone=160, each=153))
    costs = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    return Counted("ucs-2", sum(costs), _packed(costs, alone=70, each=67))


def _packed(costs: list[int], *, alone: int, each: int) -> int:
    if sum(costs) <= alone:
        return 1 if costs else 0
    segments, room = 0, 0
    for cost in costs:
        if cost > room:
            segments, room = segments + 1, each
        room -= cost
    return segments


def _seen(text: str) -> str:
    return "".join(
        " " if unicodedata.category(letter) == "Zs" else letter
        for letter in text
        if letter not in _UNSEEN and (letter in _BREAKS or unicodedata.category(letter) not in ("Cc", "Cs"))
    )


def _composed(text: str) -> str:
    # Composing may itself give a mark that has a plain form, as U+1FFD gives an acute accent.
    return _seen(unicodedata.normalize("NFC", text)).translate(_PLAIN)


def _dotted(text: str) -> str:
    return text.translate(_DOTS)
