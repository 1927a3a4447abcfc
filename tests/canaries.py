"""Words, names and numbers that occur nowhere else, so that a look into logs and addresses finds each that leaked."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterable
from dataclasses import dataclass, field

# Area codes of Mountain Time, whose office code is never one that the house itself has.
AREAS = ("303", "720", "970", "505")


@dataclass
class Canaries:
    """What was said to whom in a run. Chance needs no seed here: nothing but uniqueness depends on it."""

    words: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    _chance: random.Random = field(default_factory=random.SystemRandom)

    def word(self) -> str:
        """A word to hide in a body or to be somebody's name."""
        made = "q" + "".join(self._chance.choices(string.ascii_lowercase, k=9))
        self.words.add(made)
        return made

    def number(self, area: str | None = None) -> str:
        """A telephone number in international form."""
        office = self._chance.randint(221, 989)
        while office % 100 == 11:  # 411, 911 and their like are no offices
            office += 1
        made = f"+1{area or self._chance.choice(AREAS)}{office}{self._chance.randint(1000, 9999)}"
        if made in self.numbers:
            return self.number(area)
        self.numbers.add(made)
        return made

    def words_in(self, text: str) -> set[str]:
        small = text.lower()
        return {word for word in self.words if word in small}

    def in_text(self, text: str) -> set[str]:
        """Which of them stand in a text: words in any case, numbers however they are written."""
        digits = re.sub(r"(?<=\d)\)?(?:%20|[-. ])\(?(?=\d)", "", text)
        return self.words_in(text) | {number for number in self.numbers if number[2:] in digits}

    def in_any(self, texts: Iterable[str]) -> set[str]:
        return set().union(*map(self.in_text, texts))
