"""Where in a text a word stands for which there is another one. Quotations are left alone: what a guest said is theirs.

The patterns are made here and read in two places, by this module and by the script beside a field, so they keep to
what both understand. They are matched against a text without accents and capitals (`plain`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_WORDS, LONGEST_SAY, MOST_WORDS = 120, 120, 6
SHORT = 5  # letters from which on a word has all of its endings
_QUOTED = re.compile(
    "“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|‹[^›]*(?:›|$)|\"[^\"]*(?:\"|$)|(?<!\\w)'(?:[^'\n]|'(?=\\w))*'(?!\\w)"
)
_ONE_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SINGLE_QUOTES = str.maketrans("‘’", "''")


@dataclass(frozen=True, slots=True)
class Hint:
    """Words, and what one may say instead; `apart` are phrases in which they mean something else."""

    entry: str
    language: str
    words: tuple[str, ...]
    say: str
    apart: tuple[str, ...] = ()
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Where a word stands in the text, and the hint for it."""

    start: int
    end: int
    hint: Hint


def found(text: str, hints: Iterable[Hint]) -> list[Found]:
    """Each hit in order; of two that overlap the earlier, of two at one place the longer."""
    offered = [each for each in hints if each.offered]
    read, places = plain(text)
    read = _QUOTED.sub(_blank, read)
    if apart := apart_pattern(offered):
        read = _bordered(apart).sub(_blank, read)
    hits = [
        (match.start(), -match.end(), hint) for hint in offered for match in _bordered(pattern(hint)).finditer(read)
    ]
    told: list[Found] = []
    over = 0
    for start, minus_end, hint in sorted(hits, key=lambda hit: hit[:2]):
        if start >= over:
            over = -minus_end
            told.append(Found(places[start], places[over - 1] + 1, hint))
    return told


def plain(text: str) -> tuple[str, list[int]]:
    """The text without accents and capitals, and for each letter of it where it stands in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text.translate(_SINGLE_QUOTES)):
        for part in unicodedata.normalize("NFD", letter):
            if not unicodedata.combining(part):
                lower = part.lower()
                letters.append(lower if len(lower) == 1 else part)
                places.append(place)
    return "".join(letters), places


def pattern(hint: Hint) -> str:
    """What to look for, as a regular expression that Python and a browser read alike."""
    return "|".join(_phrase(plain(each)[0], hint.language) for each in hint.words)


def apart_pattern(hints: Sequence[Hint]) -> str:
    return "|".join(r"\s+".join(plain(phrase)[0].split()) for hint in hints for phrase in hint.apart)


def words_in(written: str) -> tuple[str, ...]:
    """The words of a hint as the house writes them, with commas between."""
    return tuple(" ".join(each.split()) for each in written.split(",") if each.strip())


def are_words(words: Sequence[str]) -> bool:
    """Letters alone, in words of two letters and more, a few of them: anything else could not be looked for."""
    return 1 <= len(words) <= MOST_WORDS and all(
        len(each) > 1 and all(_ONE_WORD.fullmatch(part) for part in plain(each)[0].split()) for each in words
    )


def _phrase(phrase: str, language: str) -> str:
    return r"\s+".join(_with_endings(word, language) for word in phrase.split())


def _with_endings(word: str, language: str) -> str:
    """The word and its simple forms: of one and of several, of women and men, what was done and is being done."""
    stem, last = word[:-1].replace("-", r"[\s-]?"), word[-1]
    whole = stem + last
    if len(word) < SHORT:
        return f"{whole}s?"
    if language == "es":
        if last in "oa":
            return f"{stem}(?:o|a|os|as)"
        if last == "z":
            return f"{stem}(?:z|ces)"
        return f"{whole}s?" if last in "eiu" else f"{whole}(?:es|a|as)?"
    if last == "e":
        return f"{stem}(?:e|es|ed|ing)"
    if last == "y":
        return f"{stem}(?:y|ies|ied|ying)"
    return f"{whole}(?:s|es|ed|ing)?"


def _bordered(looked_for: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{looked_for})(?!\w)")


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
