"""Counts of people: what is told of each together, and which of them may be released to a funder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from respite.reports.policy.atoms import Atoms

AS_PLANNED = "as-planned"


@dataclass(frozen=True, slots=True)
class Family:
    """One count of people, or one that says how many they are at most. `parts` says what has to be told together.

    Nights that were slept are no count of people, and still say that no more people slept than that.
    """

    name: str
    parts: tuple[str, ...]  # prefixes of keys in Atoms; each part is the sum of all keys under it
    is_total: bool = True
    years_only: bool = False
    whole: str | None = None  # the count that its parts add up to

    def of(self, atoms: Atoms) -> tuple[int, ...]:
        return tuple(_part(atoms, each) for each in self.parts)


def _part(atoms: Atoms, part: str) -> int:
    """A part that begins with "not:" is what is left of its group without that key."""
    if part.startswith("not:"):
        key = part.removeprefix("not:")
        return atoms.sum(f"{key.partition('.')[0]}.") - atoms.numbers[key]
    return atoms.sum(part) if part.endswith(".") else atoms.numbers[part]


#: Counts of what follows a stay, and of connections: each key under one of these is a count by itself.
EACH_KEY = ("follow.", "connect.")

FAMILIES = {
    each.name: each
    for each in (
        Family("stays-ended", ("ended.",)),
        Family("left-sooner", (f"not:ended.{AS_PLANNED}", f"ended.{AS_PLANNED}"), is_total=False, whole="stays-ended"),
        Family("new-guests", ("guest.new",), years_only=True),
        Family("bed-nights", ("night.slept",), is_total=False),
        Family("visits", ("visit.began",)),
    )
}


def families_in(found: Iterable[Atoms]) -> dict[str, Family]:
    """Every count of people in these."""
    keys = {key for atoms in found for key in atoms.numbers if key.startswith(EACH_KEY)}
    return FAMILIES | {key: Family(key, (key,), is_total=False) for key in sorted(keys)}
