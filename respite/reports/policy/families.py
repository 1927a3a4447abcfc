"""Counts of people: what is told of each together, and which of them may be released to a funder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from respite.reports.policy.atoms import Atoms

AS_PLANNED = "as-planned"


@dataclass(frozen=True, slots=True)
class Family:
    """One count of people, or one that says how many they are at most. `parts` says what has to be told together.

    Nights that were slept are no count of people, and still say that no more people slept than that. `rests` are what
    a count leaves of its whole, as those who did not agree of those who were asked: also people, whom the two tell.
    """

    name: str
    parts: tuple[str, ...]  # prefixes of keys in Atoms; each part is the sum of all keys under it
    is_total: bool = True
    years_only: bool = False
    whole: str | None = None  # the count that its parts, or it and its rest, add up to
    rests: tuple[str, ...] = ()

    def rests_of(self, atoms: Atoms) -> tuple[int, ...]:
        return tuple(_part(atoms, each) for each in self.rests)

    def of(self, atoms: Atoms) -> tuple[int, ...]:
        return tuple(_part(atoms, each) for each in self.parts)


def _part(atoms: Atoms, part: str) -> int:
    """A part that begins with "not:" is what is left of its group without that key; with "less:", of one part without
    another."""
    if part.startswith("less:"):
        whole, _less, taken = part.removeprefix("less:").partition(":")
        return _part(atoms, whole) - _part(atoms, taken)
    if part.startswith("not:"):
        key = part.removeprefix("not:")
        return atoms.sum(f"{key.partition('.')[0]}.") - atoms.numbers[key]
    return atoms.sum(part) if part.endswith(".") else atoms.numbers[part]


#: What follows a stay, and connections, each step among those of the one before.
STEPS = {
    "follow": ("offered", "agreed", "reached", "answered"),
    "connect": ("offered", "wanted", "connected"),
}

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
    """Every count of people in these, each after the one that it is part of."""
    keys = {key for atoms in found for key in atoms.numbers}
    steps = {}
    for group, names in STEPS.items():
        things = sorted({key.split(".", 2)[2] for key in keys if key.startswith(f"{group}.")})
        for thing in things:
            whole, key_of_whole = ("stays-ended", "ended.") if group == "follow" else (None, "")
            for name in names:
                key = f"{group}.{name}.{thing}"
                rests = (f"less:{key_of_whole}:{key}",) if whole else ()
                steps[key] = Family(key, (key,), is_total=False, whole=whole, rests=rests)
                whole = key_of_whole = key
    return FAMILIES | steps
