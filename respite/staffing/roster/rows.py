"""The model's variables and hard rows for the people of a problem: at most one shift a day, rest, hours, stretches.

Whether somebody is on a shift is a variable, or the number 0 or 1 where that is settled: locked, outside of the roster,
or impossible. Where what is settled breaks a most already, nothing more may be added; so an override stays, and no rule
can make a roster impossible but those that ask for a least.

Who must stay on or off for some days has a variable more for each day: whether a run of days on begins with it. With
these the rows of runs leave nothing between whole numbers, and the bound comes much nearer to the best roster.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Union

from respite.staffing.roster.parts import DAY, Assignment, Person, Shift
from respite.staffing.roster.problem import Problem

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, LinearExpr

Term = Union["LinearExpr", int]


class Rows:
    """`lenient`: rows that ask for a least may be missed, and `missed` says which (for problems without a roster)."""

    def __init__(self, model: CpModel, problem: Problem, lenient: bool = False) -> None:
        self.model = model
        self.problem = problem
        self.lenient = lenient
        self.missed: list[Term] = []
        # Every shift that each person has or can have, those around the roster too.
        self.of: dict[str, dict[Shift, Term]] = {person.id: {} for person in problem.people}
        for each in sorted(problem.around | problem.locked):
            self.of.setdefault(each.person, {})[each.shift] = 1
        self._day: dict[tuple[str, int], Term] = {}
        self._night: dict[tuple[str, int], Term] = {}
        self._begins: dict[tuple[str, int], Term] = {}
        for person in problem.people:
            self._shifts_of(person)
        for person in problem.people:
            if self._is_in_runs(person):
                self._runs(person)
            self._rests(person)
            self._sums(person)
            self._stretches(person)

    # -- what is on ------------------------------------------------------------------------------------------------

    def on(self, person: str, shift: Shift) -> Term:
        """Whether somebody is on a shift."""
        return self.of[person].get(shift, 0)

    def works(self, person: str, day: int) -> Term:
        """Whether a shift of theirs begins on the day."""
        return self._day[person, day]

    def _shifts_of(self, person: Person) -> None:
        problem, mine = self.problem, self.of[person.id]
        settled = {each.day for each in mine}
        for shift, cover in problem.cover.items():
            able = Assignment(person.id, *shift) not in problem.away and person.most_of_kind.get(shift.kind) != 0
            able = able and all(person.held(tag, shift.day) for tag in cover.everyone)
            if able and shift.day >= problem.frozen and shift.day not in settled:
                mine[shift] = self.model.new_bool_var(f"{person.id} {shift.day} {shift.kind}")
        kinds = list(problem.kind.values())
        for day in problem.known:
            terms = [self.on(person.id, Shift(day, kind.id)) for kind in kinds]
            nights = [self.on(person.id, Shift(day, kind.id)) for kind in kinds if kind.night]
            self._day[person.id, day] = self._either(terms)
            self._night[person.id, day] = self._either(nights)

    def _either(self, terms: list[Term]) -> Term:
        """Whether one of them is; at most one can be."""
        free = [term for term in terms if not isinstance(term, int)]
        if len(free) < 2:
            return free[0] if free else max([0, *terms])
        any_of_them = self.model.new_bool_var("")
        self.model.add(sum(free) == any_of_them)
        return any_of_them

    def _is_in_runs(self, person: Person) -> bool:
        return not self.lenient and max(person.least_in_a_row, person.least_off_in_a_row) > 1

    def _begin(self, before: Term, on: Term) -> Term:
        """Whether somebody is on who was not on the day before; the rows of runs see to it that it is not more."""
        if isinstance(before, int):
            return 0 if before else on
        if isinstance(on, int):
            return 1 - before if on else 0
        begins = self.model.new_bool_var("")
        self.model.add(on - before <= begins)
        return begins

    # -- rows ------------------------------------------------------------------------------------------------------

    def at_most(self, terms: Iterable[tuple[int, Term]], most: int) -> None:
        """The weighted terms sum up to no more than `most`, or to as little as what is settled leaves them."""
        free, most = _without_numbers(terms, most)
        lowest = sum(weight for weight, _ in free if weight < 0)
        if free and _highest(free) > most:
            self.model.add(sum(weight * term for weight, term in free) <= max(most, lowest))

    def at_least(self, terms: Iterable[tuple[int, Term]], least: int) -> None:
        """The weighted terms sum up to `least`, whatever is settled; a lenient model may miss it."""
        free, most = _without_numbers([(-weight, term) for weight, term in terms], -least)
        if (over := _highest(free) - most) <= 0:
            return
        missed = self.model.new_bool_var("") if self.lenient else 0
        self.missed.append(missed)
        self.model.add(sum(weight * term for weight, term in free) <= most + over * missed)

    def _rests(self, person: Person) -> None:
        """Two shifts that cannot both be theirs: for those of one day at a time, as large groups as there are."""
        problem = self.problem
        by_day: dict[int, list[Shift]] = {}
        for shift in sorted(self.of[person.id]):
            by_day.setdefault(shift.day, []).append(shift)
        if self._is_in_runs(person):
            for day in problem.known[1:]:
                self._follows(person, by_day.get(day - 1, []), by_day.get(day, []))
        longest = max((kind.minutes for kind in problem.kinds), default=0)
        for day, earlier in by_day.items():
            for gap in range(1, 3 + (longest + person.rest) // DAY):
                later = by_day.get(day + gap, [])
                barred = {
                    each: {after for after in later if self._is_too_near(person, each, after)} for each in earlier
                }
                groups = set()
                for some in barred.values():
                    before = [each for each in earlier if some <= barred[each]]
                    if some:
                        groups.add(frozenset([*before, *some]))
                for after in later:
                    before = [each for each in earlier if after in barred[each]]
                    if before:
                        common = set.intersection(*(barred[each] for each in before))
                        groups.add(frozenset([*before, *common]))
                for group in sorted(map(sorted, groups)):
                    self.at_most([(1, self.on(person.id, shift)) for shift in group], 1)

    def _follows(self, person: Person, earlier: list[Shift], later: list[Shift]) -> None:
        """Who is on a shift begins a run with it, or was on a shift on the day before that it may follow."""
        on = {each: self.on(person.id, each) for each in (*earlier, *later)}
        if 1 in [term for term in on.values() if isinstance(term, int)]:
            return
        barred = {each: {before for before in earlier if self._is_too_near(person, before, each)} for each in later}
        for some in sorted({tuple(sorted(each)) for each in barred.values() if each}):
            these = [(-1, on[each]) for each in later if barred[each].issuperset(some)]
            others = [(1, on[each]) for each in earlier if each not in some]
            self.at_least([(1, self._begins[person.id, later[0].day]), *others, *these], 0)

    def _is_too_near(self, person: Person, earlier: Shift, later: Shift) -> bool:
        problem = self.problem
        follows = later.day == earlier.day + 1 and later.kind in problem.kind[earlier.kind].never_before
        if follows and earlier.day not in person.short_rest_after:
            return True
        between = problem.span(later)[0] - problem.span(earlier)[1]
        return between < problem.asked_rest(person, earlier)

    def _sums(self, person: Person) -> None:
        problem, mine = self.problem, self.of[person.id]
        for hours in person.hours:
            terms = [
                (problem.minutes(each), term) for each, term in mine.items() if hours.first <= each.day < hours.until
            ]
            if hours.most is not None:
                self.at_most(terms, hours.most)
            if hours.least:
                self.at_least(terms, hours.least)
        for kind, most in person.most_of_kind.items():
            inside = [term for each, term in mine.items() if each.kind == kind and 0 <= each.day < problem.days]
            self.at_most([(1, term) for term in inside], most)
        if person.most_weekends is not None:
            self.at_most([(1, self._weekend(person, days)) for days in problem.weekends], person.most_weekends)

    def _weekend(self, person: Person, days: tuple[int, ...]) -> Term:
        """Whether they are on in it."""
        terms = [self.works(person.id, day) for day in days]
        if 1 in [term for term in terms if isinstance(term, int)]:
            return 1
        free = [term for term in terms if not isinstance(term, int)]
        if len(free) < 2:
            return free[0] if free else 0
        weekend = self.model.new_bool_var("")
        if self._is_in_runs(person):
            free = [free[0] + self._begins[person.id, days[1]]]
        for term in free:
            self.model.add(term <= weekend)
        return weekend

    def _stretches(self, person: Person) -> None:
        known = self.problem.known
        on = [self._day[person.id, day] for day in known]
        nights = [self._night[person.id, day] for day in known]
        for some, most in ((on, person.most_in_a_row), (nights, person.most_nights_in_a_row)):
            if most is not None:
                for first in range(len(known) - most):
                    self.at_most([(1, term) for term in some[first : first + most + 1]], most)
        if self._is_in_runs(person):
            return
        # Who is on again after a day off stays on for the least number of days: on the day after that, and so forth.
        for begin in range(1, len(known)):
            for later in range(begin + 1, min(begin + person.least_in_a_row, len(known))):
                self.at_least([(1, on[later]), (1, on[begin - 1]), (-1, on[begin])], 0)
            for later in range(begin + 1, min(begin + person.least_off_in_a_row, len(known))):
                self.at_least([(-1, on[later]), (-1, on[begin - 1]), (1, on[begin])], -1)

    def _runs(self, person: Person) -> None:
        """The least days on and off in a row, and the most once more, in terms of where runs begin."""
        known, most = self.problem.known, person.most_in_a_row
        on = [self._day[person.id, day] for day in known]
        begins: list[Term] = [0]  # what is before is not known
        for place, day in enumerate(known[1:], 1):
            begins.append(self._begin(on[place - 1], on[place]))
            self._begins[person.id, day] = begins[place]
        for place, is_on in enumerate(on):
            lately = begins[max(0, place + 1 - person.least_in_a_row) : place + 1]
            self.at_least([(1, is_on), *((-1, each) for each in lately)], 0)
            soon = begins[place + 1 : place + 1 + person.least_off_in_a_row]
            self.at_least([(-1, is_on), *((-1, each) for each in soon)], -1)
            if most is not None and place >= most:
                window = on[place - most : place + 1]
                if 1 not in [term for term in window if isinstance(term, int)]:
                    self.at_least([(-1, is_on), *((1, each) for each in begins[place + 1 - most : place + 1])], 0)


def _without_numbers(terms: Iterable[tuple[int, Term]], most: int) -> tuple[list[tuple[int, LinearExpr]], int]:
    """The terms that are open, and what is left of `most` for them."""
    terms = list(terms)
    free = [(weight, term) for weight, term in terms if not isinstance(term, int)]
    return free, most - sum(weight * term for weight, term in terms if isinstance(term, int))


def _highest(free: list[tuple[int, LinearExpr]]) -> int:
    return sum(weight for weight, _ in free if weight > 0)
