"""What people look for, from needs.toml: which needs an entry answers, and which other words mean the same."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from respite.resources.finding.words import MOST_WORDS, plain_words, stem, stems

#: Every need, in the order in which it is offered, and what it is called on a page.
NEEDS: dict[str, Any] = {
    "food": _l("Food"),
    "bed": _l("A place to sleep"),
    "home": _l("Housing"),
    "health": _l("Health"),
    "mind": _l("Somebody to talk to"),
    "peers": _l("Peers and groups"),
    "recovery": _l("Recovery and sobriety"),
    "now": _l("Help right now"),
    "safe": _l("Safety from violence"),
    "law": _l("Law and rights"),
    "papers": _l("Papers and immigration"),
    "work": _l("Work"),
    "school": _l("Learning"),
    "children": _l("Children and families"),
    "money": _l("Money and benefits"),
    "ride": _l("Getting around"),
    "things": _l("Clothes, showers and things"),
    "veterans": _l("Veterans"),
    "elders": _l("Older people"),
    "coming_home": _l("Coming home from jail or prison"),
}

Phrase = tuple[str, ...]  # stems that stand beside each other
_LONGEST_PHRASE = 5


@dataclass(frozen=True, slots=True)
class _Told:
    nothing: frozenset[str]
    tells: dict[str, frozenset[Phrase]]
    same: dict[str, frozenset[Phrase]]  # a stem: all that means the same, itself left out


@cache
def _told() -> _Told:
    told = tomllib.loads(Path(__file__).with_name("needs.toml").read_text(encoding="utf-8"))
    nothing = frozenset(plain_words(told.pop("nothing")))
    tells = {need: frozenset(_phrases(words["tells"])) for need, words in told.items() if "tells" in words}
    same: dict[str, set[Phrase]] = {}
    for words in told.values():
        for line in words["words"]:
            phrases = _phrases(line)
            for phrase in phrases:
                if len(phrase) == 1:
                    same.setdefault(phrase[0], set()).update(phrases - {phrase})
    return _Told(nothing, tells, {word: frozenset(phrases) for word, phrases in same.items()})


def _phrases(line: str) -> set[Phrase]:
    return {tuple(stems(each.replace("_", " "))) for each in line.split()}


def needs_in(texts: Iterable[str]) -> list[str]:
    """The needs that these texts name, each text by itself, in the order of NEEDS."""
    tells, found = _told().tells, set[str]()
    for text in texts:
        there = stems(text)
        phrases = {
            tuple(there[at : at + length])
            for length in range(1, _LONGEST_PHRASE + 1)
            for at in range(len(there) - length + 1)
        }
        found |= {need for need in tells if not tells[need].isdisjoint(phrases)}
    return [need for need in NEEDS if need in found]


def asked_words(text: str) -> list[str]:
    """The stems of what somebody typed, each once, without what says nothing. If nothing is left, all of it."""
    typed = plain_words(text)
    telling = [stem(word) for word in typed if word not in _told().nothing]
    return list(dict.fromkeys(telling or map(stem, typed)))[:MOST_WORDS]


def same_as(word: str) -> frozenset[Phrase]:
    """What else a stem is called, in either language."""
    return _told().same.get(word, frozenset())


def words_said() -> Iterable[str]:
    """Every stem that has other names."""
    return _told().same
