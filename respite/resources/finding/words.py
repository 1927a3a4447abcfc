"""Words as they are looked for: without accents and capitals, singular and plural alike, and what a typo may mean.

Both databases keep the words that come out of here, so what is found is the same on each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST_WORD = 30
#: What people type is cut here; more words than these narrow nothing.
MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_KEEPS_ITS_END = 3  # letters; a shorter word is its own stem


def folded(text: str) -> str:
    """Small letters without accents: "Niños" is "ninos"."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """One form for singular and plural, in English and in Spanish: families, family; hogares, hogar; houses, house.

    It is looked for and never shown.
    """
    if len(word) > _KEEPS_ITS_END and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > _KEEPS_ITS_END and word.endswith("e"):
        word = word[:-1]
    return f"{word[:-1]}i" if len(word) > _KEEPS_ITS_END and word.endswith("y") else word


def stems(text: str) -> list[str]:
    """The words of a text as they are looked for, in order."""
    return [stem(word) for word in plain_words(text)]


def plain_words(text: str) -> list[str]:
    """The words of a text, folded and whole. An apostrophe or a dot inside a word is none: "people's", "U.S."."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded(text).replace("'", "").replace("’", ""))]


def trigrams(word: str) -> frozenset[str]:
    """Three letters each, with the beginning and the end marked, so that a typo leaves most of them."""
    marked = f"^{word}$"
    return frozenset(marked[at : at + 3] for at in range(len(marked) - 2))


def typos_allowed(word: str) -> int:
    """How many slips of a finger a word of this length may have: none below three letters, two from eight."""
    return 0 if len(word) < 3 else 1 if len(word) < 8 else 2


def slips(one: str, other: str, most: int) -> int:
    """Letters left out, put in, changed, or two beside each other swapped; `most + 1` where it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, there in enumerate(other, 1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def near(word: str, among: Iterable[str], most: int = 6) -> list[str]:
    """The words that may have been meant, the nearest first. Up to `most`."""
    allowed = typos_allowed(word)
    if not allowed:
        return []
    found = [(slips(word, other, allowed), other) for other in among]
    return [other for count, other in sorted(found) if count <= allowed][:most]
