"""How hard a text is to read: the grade by Flesch and Kincaid for English, the ease by Fernández Huerta for Spanish.

A library that is well kept, textstat, fetches its list of English syllables from the network when it is first used.
So what is needed stands here: two formulas, and syllables by rule, which a test holds against words counted by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_END = re.compile(r"(?<=[.!?:;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a text: how hard it is, and its sentences, the hardest first."""

    value: float
    hardest: tuple[tuple[float, str], ...]


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _END.split(text) if _WORD.search(part)]


def grade(text: str) -> float:
    """Flesch-Kincaid: the school year in which English of this kind is read."""
    found = sentences(text)
    words = [word for each in found for word in _WORD.findall(each)]
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / len(found) + 11.8 * syllables / len(words) - 15.59


def ease(text: str) -> float:
    """Fernández Huerta: from 70 on, Spanish is fairly easy."""
    found = sentences(text)
    words = [word for each in found for word in _WORD.findall(each)]
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / len(found)


def measured(texts: Iterable[str], language: str) -> Measured:
    """All of it as one text. Labels of a word or three are no sentences, and would make the rest look easier."""
    said = [part for text in texts for part in sentences(text) if len(_WORD.findall(part)) > 3]
    measure = grade if language == "en" else ease
    if not said:
        return Measured(0.0 if language == "en" else 100.0, ())
    ranked = sorted(((measure(part), part) for part in said), reverse=language == "en")
    return Measured(measure("\n".join(said)), tuple(ranked))


# -- syllables ---------------------------------------------------------------------------------------------------

_SILENT_E = re.compile(r"(?:[^aeiouylr]|[aeiouy]r|[aeiouy]l)e$")
_ED = re.compile(r"[^aeioutd]ed$")
_ES = re.compile(r"(?:[^aeiouylscxzg]|[aeiouy][lr])es$|[^cs]hes$")
_ENGLISH_NUCLEI = re.compile(r"[aeiouy]+")
_APART = re.compile(r"ie(?=nc)|ia(?!l\b)|io(?!n|us)|eo(?!us|p)|ua(?!r)|uou|iet|iu|ying|[aeiou]ing")


def english_syllables(word: str) -> int:
    """Groups of vowels, less a silent e, more where two vowels are said apart."""
    word = word.lower().replace("’", "'").split("'")[0] if len(word) > 3 else word.lower()
    word = re.sub("[^a-z]", "", word)
    if not word:
        return 1
    count = len(_ENGLISH_NUCLEI.findall(word))
    if len(word) > 2 and (_SILENT_E.search(word) or _ED.search(word) or _ES.search(word)):
        count -= 1
    count += len(_APART.findall(re.sub("tion|sion|cian|cial|tial|ious", "", word)))
    count -= len(re.findall("some(?=[a-z])|every|here(?=[a-z])|care(?=[a-z])|time(?=[a-rt-z])|home(?=[a-z])", word))
    return max(count, 1)


_STRONG, _WEAK = "aeoáéó", "iuü"
_SPANISH_NUCLEI = re.compile(rf"[{_WEAK}]?[{_STRONG}][{_WEAK}y]?|[{_WEAK}]+y?|[íú]|y\b", re.IGNORECASE)


def spanish_syllables(word: str) -> int:
    """A strong vowel with the weak ones beside it is one syllable; a weak one with an accent stands alone."""
    word = re.sub("qu(?=[eiéí])|gu(?=[eiéí])", "k", word.lower())
    word = word.replace("h", "")
    return max(len(_SPANISH_NUCLEI.findall(word)), 1)


def too_hard(found: Measured, language: str, bound: float) -> bool:
    return found.value > bound if language == "en" else found.value < bound


def too_hard_alone(found: Measured, language: str, bound: float) -> list[str]:
    """Sentences of six words or more that are past a bound of their own, however easy the rest is."""
    long = [(value, part) for value, part in found.hardest if len(_WORD.findall(part)) >= 6]
    return [part for value, part in long if (value > bound if language == "en" else value < bound)]


def report(found: Measured, most: int = 3) -> Sequence[str]:
    return [f"{value:.1f}  {part}" for value, part in found.hardest[:most]]
