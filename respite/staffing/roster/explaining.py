"""Why not everything can be covered: shifts and facts that together make it so, and what one change would cure it.

Everything told is proven, not guessed. As long as the named facts stand, whatever else were different, the named shifts
cannot all be covered; and where `least_of_all`, without any one of the named shifts or facts they could. A cure was
tried on the whole problem: with that one change, less stays uncovered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypeVar

from respite.staffing.roster import model
from respite.staffing.roster.answers import Coverage
from respite.staffing.roster.costs import gaps
from respite.staffing.roster.facts import Fact, What, facts_of, keeping, of_absence, without
from respite.staffing.roster.parts import Shift
from respite.staffing.roster.problem import Problem

#: What people could decide to change, the easiest first. An absence only where it is changeable; no day that is frozen.
CHANGES = (
    What.AWAY,
    What.LOCKED,
    What.REST,
    What.NOT_HELD,
    What.HOURS,
    What.NIGHTS,
    What.IN_A_ROW,
    What.WEEKENDS,
    What.OF_KIND,
    What.LEAST_HOURS,
    What.LEAST_IN_A_ROW,
    What.LEAST_OFF,
)
REACHES = (0, 1, 2, 4, 7, 14)  # days around what stays uncovered, within which its cause is looked for first
ONE_QUESTION = 5.0  # seconds

T = TypeVar("T")


class Demand(NamedTuple):
    """All that a shift wants: its heads, or with a tag those who hold it."""

    shift: Shift
    tag: str


@dataclass(frozen=True, kw_only=True)
class Cure:
    """With this one change no more than `least` (counted as in Coverage) would have to stay uncovered."""

    change: Fact
    least: int


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Demands that cannot all be met as long as the facts stand, which alone leave at least `least` uncovered.

    No facts: there are too few people, whatever they did. No demands: the facts contradict each other, and there is no
    roster at all.
    """

    demands: tuple[Demand, ...]
    facts: tuple[Fact, ...]
    least: int
    least_of_all: bool
    cures: tuple[Cure, ...] = ()


def explain(
    problem: Problem,
    coverage: Coverage,
    *,
    seconds: float,
    seed: int = 1,
    should_stop: Callable[[], bool] | None = None,
) -> list[Explanation]:
    """What makes it impossible to cover everything, one cause after the other; as much as the seconds allow.

    `coverage` is what `model.least_uncovered` found for the problem. Nothing uncovered: nothing to explain.
    """
    search = _Search(problem, coverage, time.monotonic() + seconds, seed, should_stop)
    found = list(search.explanations())
    return [replace(each, cures=tuple(search.cures(each.facts))) for each in found]


def _demands(problem: Problem) -> list[Demand]:
    heads = [Demand(cover.shift, "") for cover in problem.covers if cover.wanted]
    return heads + [Demand(cover.shift, need.tag) for cover in problem.covers for need in cover.needs if need.least]


def asking(problem: Problem, demands: Iterable[Demand]) -> Problem:
    """The problem with these demands alone. A shift of which nothing is wanted does not take place, unless some least
    rule could lean on it."""
    asked = set(demands)
    some_least = any(
        person.least_in_a_row > 1 or person.least_off_in_a_row > 1 or any(hours.least for hours in person.hours)
        for person in problem.people
    )
    covers = []
    for cover in problem.covers:
        needs = tuple(need for need in cover.needs if Demand(cover.shift, need.tag) in asked)
        wanted = cover.wanted if Demand(cover.shift, "") in asked else 0
        if wanted or needs or some_least:
            covers.append(replace(cover, wanted=wanted, needs=needs))
    return replace(problem, covers=tuple(covers))


class _Search:
    """The questions that explaining asks the solver, until the time is over. What is not proven in time is not told."""

    def __init__(
        self,
        problem: Problem,
        coverage: Coverage,
        until: float,
        seed: int,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.problem = problem
        self.coverage = coverage
        self.facts = facts_of(problem)
        self.until = until
        self.seed = seed
        self.should_stop = should_stop
        self.unsure = 0  # questions that got no answer in time
        self.tried: dict[Fact, Coverage] = {}

    def explanations(self) -> Iterator[Explanation]:
        """One cause after the other: what the first explains is no longer asked of the next."""
        demands = _demands(self.problem)
        open_still = [(Demand(gap.shift, gap.tag), gap.missing) for gap in gaps(self.problem, self.coverage.roster)]
        known = self.coverage.proven and self.coverage.least > 0
        while known or self.is_impossible(demands, self.facts):
            known, unsure = False, self.unsure
            core = self.core([demand for demand, _ in open_still], demands)
            facts = self.smallest(self.facts, partial(self.is_impossible, core))
            if self.is_over():
                return  # true, but hardly sorted out
            least, least_of_all = self.least_with(demands, facts), self.unsure == unsure
            yield Explanation(demands=tuple(sorted(core)), facts=tuple(facts), least=least, least_of_all=least_of_all)
            if not core:
                return
            days = [demand.shift.day for demand in core]
            open_still.sort(key=lambda each: (each[0] not in core, min(abs(each[0].shift.day - day) for day in days)))
            explained = 0
            while open_still and explained < max(1, least):
                demand, missing = open_still.pop(0)
                explained += missing * (1 if demand.tag else 2)
                demands.remove(demand)

    def is_over(self) -> bool:
        return time.monotonic() > self.until or bool(self.should_stop and self.should_stop())

    def is_impossible(self, demands: Iterable[Demand], facts: Iterable[Fact]) -> bool:
        """Whether it is proven that, as long as these facts stand, not all of these can be covered."""
        if self.is_over():
            self.unsure += 1
            return False
        asked = asking(keeping(self.problem, frozenset(facts)), demands)
        can = model.can_cover(asked, seconds=self._seconds(), seed=self.seed, should_stop=self.should_stop)
        self.unsure += can is None
        return can is False

    def least_with(self, demands: list[Demand], facts: Sequence[Fact]) -> int:
        """The least of the demands that stays uncovered as long as these facts stand; 0 where that is not known."""
        asked = asking(keeping(self.problem, frozenset(facts)), demands)
        found = model.least_uncovered(asked, seconds=self._seconds(), seed=self.seed, should_stop=self.should_stop)
        return found.least if found.proven else 0

    def core(self, uncovered: Sequence[Demand], demands: list[Demand]) -> list[Demand]:
        """The fewest demands, near to one that stays uncovered, that cannot all be met."""
        if not self.coverage.found and self.is_impossible([], self.facts):
            return []
        for focus in uncovered:
            if self.is_impossible([focus], self.facts):
                return [focus]
        if not uncovered:
            return self.smallest(demands, self._is_impossible_now)
        day = uncovered[0].shift.day
        near = sorted(demands, key=lambda each: (-abs(each.shift.day - day), each != uncovered[0], each))
        for reach in REACHES:
            window = [each for each in near if abs(each.shift.day - day) <= reach]
            if len(window) < len(near) and self.is_impossible(window, self.facts):
                near = window
                break
        return self.smallest(near, self._is_impossible_now)

    def _is_impossible_now(self, demands: list[Demand]) -> bool:
        return self.is_impossible(demands, self.facts)

    def smallest(self, items: Sequence[T], still: Callable[[list[T]], bool]) -> list[T]:
        """What is left of the items, for which it is `still` so, when no other can be spared; the first go first."""
        kept, size = list(items), max(1, len(items) // 2)
        while True:
            place = 0
            while place < len(kept):
                fewer = kept[:place] + kept[place + size :]
                if still(fewer):
                    kept = fewer
                else:
                    place += size
            if size == 1:
                return kept
            size = max(1, min(size, len(kept)) // 2)

    def cures(self, facts: Sequence[Fact]) -> Iterator[Cure]:
        """Which single changes would leave less uncovered than must be now, the easiest first."""
        if self.coverage.found and not self.coverage.proven:
            return
        for change, gone in self._changes(facts):
            if self.is_over():
                return
            better = self.tried.get(change) or model.least_uncovered(
                without(self.problem, gone), seconds=self._seconds(), seed=self.seed, should_stop=self.should_stop
            )
            self.tried[change] = better
            if better.found and (not self.coverage.found or better.least < self.coverage.least):
                yield Cure(change=change, least=better.least)

    def _changes(self, facts: Sequence[Fact]) -> list[tuple[Fact, list[Fact]]]:
        """Each change that could be decided on, with the facts that end with it: a day of an absence, or all of it."""
        days = {fact: each for each in self.problem.absences if each.changeable for fact in of_absence(each)}
        found = [
            (fact, [fact]) for fact in facts if fact.what in CHANGES and (fact.what is not What.AWAY or fact in days)
        ]
        for absence in dict.fromkeys(days[fact] for fact in facts if fact in days):
            all_days = list(of_absence(absence))
            if len(all_days) > 1:
                found.append((replace(all_days[0], until=all_days[-1].until), all_days))
        return sorted(found, key=lambda each: (CHANGES.index(each[0].what), len(each[1])))

    def _seconds(self) -> float:
        return min(ONE_QUESTION, self.until - time.monotonic())
