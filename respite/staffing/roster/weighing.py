"""What a roster costs, as terms of a model: the same points as `costs` counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from respite.staffing.roster.parts import Cover, Person, Shift
from respite.staffing.roster.rows import Rows, Term

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

LARGEST = 1_000_000  # tenths of a shift: more than any history holds


class Weighing:
    """The cover of a problem upon its rows, and the terms of its costs."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.problem = rows.problem
        self.model = rows.model
        self.terms: list[tuple[int, Term]] = []
        self.missing: dict[tuple[Shift, str], IntVar] = {}  # heads; with a tag, heads that hold it
        for cover in self.problem.covers:
            self._cover(cover)

    @property
    def uncovered(self) -> list[tuple[int, Term]]:
        """The terms of `costs.uncovered`."""
        return [(1 if tag else 2, short) for (_, tag), short in self.missing.items()]

    def wish_for_everything(self) -> None:
        """Add the terms of all costs to those of cover."""
        for wish in self.problem.wishes:
            on = self.rows.on(wish.person, Shift(wish.day, wish.kind))
            self.terms.append((wish.weight, 1 - on if wish.wanted else on))
        for person in self.problem.people:
            self._hours(person)
            if self.problem.isolated:
                self._isolated(person)
        self._burdens()
        if self.problem.change:
            self._changes()

    def _up_to(self, most: int) -> IntVar:
        return self.model.new_int_var(0, max(0, most), "")

    def _cover(self, cover: Cover) -> None:
        people = self.problem.people
        heads = [self.rows.on(person.id, cover.shift) for person in people]
        possible = sum(term if isinstance(term, int) else 1 for term in heads)
        if cover.most is not None:
            self.rows.at_most([(1, term) for term in heads], cover.most)
        short = self.missing[cover.shift, ""] = self._up_to(cover.wanted)
        self.terms.append((cover.missing, short))
        above = self._up_to(possible - cover.wanted)
        self.model.add(sum(heads) + short - above == cover.wanted)
        self.terms.append((cover.surplus, above))
        for need in cover.needs:
            holding = [self.rows.on(each.id, cover.shift) for each in people if each.held(need.tag, cover.day)]
            lack = self.missing[cover.shift, need.tag] = self._up_to(need.least)
            self.model.add(sum(holding) + lack >= need.least)
            self.terms.append((need.missing, lack))

    def _hours(self, person: Person) -> None:
        mine = self.rows.of[person.id]
        for hours in person.hours:
            if not hours.short or hours.wanted <= 0:
                continue
            inside = [(each, term) for each, term in mine.items() if hours.first <= each.day < hours.until]
            have = sum(self.problem.minutes(each) * term for each, term in inside)
            short = self._up_to(-(-hours.wanted // 60))
            self.model.add(have + 60 * short >= hours.wanted)
            self.terms.append((hours.short, short))

    def _isolated(self, person: Person) -> None:
        known = self.problem.known
        for day in range(self.problem.days):
            if day - 1 in known and day + 1 in known:
                alone = self._up_to(1)
                before, on, after = (self.rows.works(person.id, each) for each in (day - 1, day, day + 1))
                self.model.add(on - before - after <= alone)
                self.terms.append((self.problem.isolated, alone))

    def _burdens(self) -> None:
        for burden in self.problem.burdens:
            largest = self._up_to(LARGEST)
            for person, share in self.problem.share(burden).items():
                before = burden.before.get(person, 0)
                have = before + sum(self.rows.on(person, each) for each in burden.shifts)
                off = self._up_to(max(share, 10 * (before + len(burden.shifts))))
                self.model.add(off >= 10 * have - share)
                self.model.add(off >= share - 10 * have)
                self.model.add(largest >= off)
                self.terms.append((burden.each, off))
            self.terms.append((burden.largest, largest))

    def _changes(self) -> None:
        """A day of somebody is changed unless it is as it was."""
        problem = self.problem
        for person in problem.people:
            for day in range(problem.days):
                was = {each.kind for each in problem.previous if (each.person, each.day) == (person.id, day)}
                now = {kind.id: self.rows.on(person.id, Shift(day, kind.id)) for kind in problem.kinds}
                self.terms.append((problem.change, _changed(was, now)))


def _changed(was: set[str], now: dict[str, Term]) -> Term:
    """Whether the kinds of shift on somebody's day differ from what they were. A day that is open has at most one."""
    if all(isinstance(term, int) for term in now.values()):
        return int({kind for kind, term in now.items() if term} != was)
    if len(was) > 1:
        return 1
    (kept,) = [now[kind] for kind in was] or [1 - sum(now.values())]
    return 1 - kept
