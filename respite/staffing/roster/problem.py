"""A roster to fill, in general terms. See `parts` for what it is made of and for the units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from respite.staffing.roster.parts import (
    DAY,
    Absence,
    Assignment,
    Burden,
    Cover,
    Kind,
    Person,
    Roster,
    Shift,
    Wish,
)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """All that filling a roster needs to know. Raises ValueError where the parts do not fit together.

    `locked` stands, whatever it breaks; before the day `frozen` nothing else is added. `around` is what is known of the
    `known_before` days before the roster and the `known_after` days after it. `exact` gives begin and end of shifts
    that a change of clocks moves. A person's day that differs from `previous` costs `change` points, a single day on
    between two off costs `isolated`. `coverage_first`: first find the least that must stay uncovered.
    """

    days: int
    kinds: tuple[Kind, ...]
    people: tuple[Person, ...]
    covers: tuple[Cover, ...]
    first_weekday: int = 0  # of day 0; 0 is Monday
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    burdens: tuple[Burden, ...] = ()
    locked: Roster = frozenset()
    frozen: int = 0
    around: Roster = frozenset()
    known_before: int = 0
    known_after: int = 0
    exact: Mapping[Shift, tuple[int, int]] = field(default_factory=dict)
    previous: Roster = frozenset()
    change: int = 0
    isolated: int = 0
    coverage_first: bool = True

    def __post_init__(self) -> None:
        for problem in _misfits(self):
            raise ValueError(problem)

    @cached_property
    def kind(self) -> dict[str, Kind]:
        return {kind.id: kind for kind in self.kinds}

    @cached_property
    def person(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def cover(self) -> dict[Shift, Cover]:
        return {cover.shift: cover for cover in self.covers}

    @cached_property
    def away(self) -> dict[Assignment, Absence]:
        """Why somebody cannot be on a shift."""
        return {Assignment(each.person, *shift): each for each in self.absences for shift in each.shifts}

    @property
    def known(self) -> range:
        """The days of which is known, or decided, who is on."""
        return range(-self.known_before, self.days + self.known_after)

    @property
    def weekends(self) -> list[tuple[int, ...]]:
        """The Saturdays and Sundays of the roster, by weekend."""
        saturdays = range(5 - self.first_weekday if self.first_weekday < 6 else -1, self.days, 7)
        return [tuple(day for day in (saturday, saturday + 1) if 0 <= day < self.days) for saturday in saturdays]

    def span(self, shift: Shift) -> tuple[int, int]:
        """Begin and end, in minutes."""
        if shift in self.exact:
            return self.exact[shift]
        kind = self.kind[shift.kind]
        start = shift.day * DAY + kind.start
        return start, start + kind.minutes

    def minutes(self, shift: Shift) -> int:
        start, end = self.span(shift)
        return end - start

    def asked_rest(self, person: Person, earlier: Shift) -> int:
        """Minutes that must lie between this shift of theirs and the next."""
        return 0 if earlier.day in person.short_rest_after else person.rest

    def share(self, burden: Burden) -> dict[str, int]:
        """Everybody's share of a burden, with what was before, in tenths of a shift."""
        seats = sum(self.cover[shift].wanted for shift in burden.shifts if shift in self.cover)
        total = seats + sum(burden.before.get(person, 0) for person in burden.shares)
        parts = sum(burden.shares.values())
        return {person: (20 * total * part + parts) // (2 * parts) for person, part in burden.shares.items() if parts}


def _misfits(problem: Problem) -> Iterator[str]:
    people, kinds = set(problem.person), set(problem.kind)
    if problem.days < 1 or not 0 <= problem.first_weekday <= 6:
        yield "a roster has days, and its first one is a weekday"
    if len(people) < len(problem.people) or len(kinds) < len(problem.kinds) or len(problem.cover) < len(problem.covers):
        yield "two people, two kinds of shift or two covers are the same"
    if len({absence.id for absence in problem.absences}) < len(problem.absences):
        yield "two absences are the same"
    named: list[tuple[str, Iterable[Assignment | Cover | Wish]]] = [
        ("covers", problem.covers),
        ("wishes", problem.wishes),
        ("locked", problem.locked),
        ("previous", problem.previous),
    ]
    for name, parts in named:
        for part in parts:
            if not 0 <= part.day < problem.days or part.kind not in kinds:
                yield f"{name}: no such shift: {part}"
            if not isinstance(part, Cover) and part.person not in people:
                yield f"{name}: no such person: {part}"
    for part in problem.around:
        if part.day not in problem.known or 0 <= part.day < problem.days or not {part.kind} <= kinds:
            yield f"around: not a known shift outside the roster: {part}"
    strangers = {absence.person for absence in problem.absences} | {each for b in problem.burdens for each in b.shares}
    if strangers - people:
        yield f"no such people: {sorted(strangers - people)}"
