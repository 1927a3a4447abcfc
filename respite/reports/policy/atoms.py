"""What a house counted in some days: whole numbers by key, and lists of whole numbers of which a middle is taken.

Counts of neighbouring days, and of several houses, add up to those of all; no count is of somebody by id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import Any


@dataclass
class Atoms:
    numbers: Counter[str] = field(default_factory=Counter)
    lists: dict[str, list[int]] = field(default_factory=dict)

    def __add__(self, other: Atoms) -> Atoms:
        lists = {key: [*self.lists.get(key, ()), *other.lists.get(key, ())] for key in {*self.lists, *other.lists}}
        numbers = Counter(self.numbers)
        numbers.update(other.numbers)
        return Atoms(numbers, lists)

    def sum(self, prefix: str) -> int:
        """All numbers whose key begins with the prefix."""
        return sum(number for key, number in self.numbers.items() if key.startswith(prefix))

    def kinds(self, prefix: str) -> dict[str, int]:
        """The numbers under a prefix, by what follows it."""
        return {key.removeprefix(prefix): n for key, n in sorted(self.numbers.items()) if key.startswith(prefix)}

    def list(self, key: str) -> list[int]:
        return self.lists.get(key, [])

    def as_body(self) -> dict[str, Any]:
        """As it is stored; lists in order of size, so that nothing of the order of days is left in them."""
        return {"numbers": dict(self.numbers), "lists": {key: sorted(found) for key, found in self.lists.items()}}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Atoms:
        return cls(Counter(body["numbers"]), {key: list(found) for key, found in body["lists"].items()})


def total(found: Iterable[Atoms]) -> Atoms:
    return sum(found, Atoms())


def middle(found: list[int]) -> float | None:
    """The median: the one in the middle, or half way between the two."""
    return float(median(found)) if found else None


def ninetieth(found: list[int]) -> float | None:
    """The smallest of them that nine in ten do not exceed."""
    return float(sorted(found)[ceil(len(found) * 0.9) - 1]) if found else None
