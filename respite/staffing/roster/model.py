"""Filling a roster with OR-Tools CP-SAT. The one module that starts the solver, which is imported when it is needed.

A house's roster is solved twice: for coverage alone, which proves within moments how little can stay uncovered; then,
with everything weighed, afresh. To start the second from the first's roster made it slower; what was proven helps it:
where all can be covered, all is, and the second run weighs only what remains.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from respite.staffing.roster.answers import Answer, Coverage, Progress, State, Unmet
from respite.staffing.roster.checking import against, broken
from respite.staffing.roster.costs import cost, gaps, uncovered
from respite.staffing.roster.parts import Assignment, Roster
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.reasons import LEAST
from respite.staffing.roster.rows import Rows
from respite.staffing.roster.weighing import Weighing

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolverStatus, LinearExprT

# The ways of searching that a house of fourteen gains from, on two cores; the other two workers improve what was found.
# More ways of searching take the time from one another, and a house waits twice as long for a good roster.
SEARCHES = ("max_lp", "core", "reduced_costs", "quick_restart")
WORKERS = len(SEARCHES) + 2
POLL = 0.1  # seconds between two looks at whether to stop
MISSED = 1_000_000  # points for a least that is missed where not all can be kept: above everything else
COVERAGE_SECONDS = 10.0  # at most, and no more than a quarter of all


OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 1,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Answer:
    """The best roster found in so many seconds, or until `should_stop`. Both callbacks run in the caller's thread."""
    began = time.monotonic()
    coverage = None
    if problem.coverage_first:
        within = min(COVERAGE_SECONDS, seconds / 4)
        coverage = least_uncovered(problem, seconds=within, seed=seed, should_stop=should_stop)
        if on_progress and coverage.found:
            first = Progress(cost(problem, coverage.roster).total, 0, time.monotonic() - began)
            on_progress(first)
            on_progress = _no_worse_than(first, on_progress)
    run = _weighed(problem, coverage.least if coverage and coverage.proven else None, seed)
    run.go(seconds - (time.monotonic() - began), began, on_progress, should_stop)
    roster, state = run.roster, run.state
    if state is State.IMPOSSIBLE:
        nearest = _weighed(problem, None, seed, lenient=True)
        nearest.go(seconds - (time.monotonic() - began), began, None, should_stop)
        roster = nearest.roster
    elif state is not State.PROVEN and coverage and coverage.found:
        found = [coverage.roster] if state is State.NOTHING_YET else [coverage.roster, roster]
        roster, state = min(found, key=lambda each: cost(problem, each).total), State.FOUND
    return _answer(problem, roster, state, run.bound, time.monotonic() - began, seed, coverage)


def _no_worse_than(first: Progress, on_progress: OnProgress) -> OnProgress:
    return lambda later: on_progress(replace(later, objective=min(first.objective, later.objective)))


def least_uncovered(
    problem: Problem, *, seconds: float, seed: int = 1, should_stop: ShouldStop | None = None
) -> Coverage:
    """The least that must stay uncovered, whatever else is wished, and a roster that leaves no more open."""
    began = time.monotonic()
    rows, weighing = _rows(problem)
    run = _Run(rows, sum(weight * term for weight, term in weighing.uncovered), seed)
    run.go(seconds, began, None, should_stop)
    return Coverage(
        least=uncovered(gaps(problem, run.roster)),
        found=run.state in (State.PROVEN, State.FOUND),
        proven=run.state is State.PROVEN,
        roster=run.roster,
        seconds=time.monotonic() - began,
    )


def can_cover(problem: Problem, *, seconds: float, seed: int = 1, should_stop: ShouldStop | None = None) -> bool | None:
    """Whether everything can be covered; None where that is not known in time."""
    rows, weighing = _rows(problem)
    for short in weighing.missing.values():
        rows.model.add(short == 0)
    run = _Run(rows, None, seed)
    run.go(seconds, time.monotonic(), None, should_stop)
    return {State.PROVEN: True, State.FOUND: True, State.IMPOSSIBLE: False}.get(run.state)


def _rows(problem: Problem, lenient: bool = False) -> tuple[Rows, Weighing]:
    from ortools.sat.python.cp_model import CpModel

    rows = Rows(CpModel(), problem, lenient)
    return rows, Weighing(rows)


def _weighed(problem: Problem, least_uncovered: int | None, seed: int, lenient: bool = False) -> _Run:
    """Everything weighed, upon what was proven of cover. Where no roster keeps every least, the lenient one misses the
    fewest of them."""
    rows, weighing = _rows(problem, lenient)
    weighing.wish_for_everything()
    if least_uncovered == 0:
        for short in weighing.missing.values():
            rows.model.add(short == 0)
    elif least_uncovered:
        rows.model.add(sum(weight * term for weight, term in weighing.uncovered) >= least_uncovered)
    return _Run(rows, sum(weight * term for weight, term in weighing.terms) + MISSED * sum(rows.missed), seed)


def _answer(
    problem: Problem, roster: Roster, state: State, bound: int, seconds: float, seed: int, coverage: Coverage | None
) -> Answer:
    found = broken(problem, roster)
    if state in (State.PROVEN, State.FOUND):
        settled = set(broken(problem, problem.locked))
        unexcused = [each for each in found if each not in settled or each.rule in LEAST]
        if unexcused:
            raise RuntimeError(f"the model and the judge of rules disagree: {unexcused}")
    unmet = []
    for gap in gaps(problem, roster) if state is not State.NOTHING_YET else []:
        there = {each.person for each in roster if each.shift == gap.shift}
        others = [person.id for person in problem.people if person.id not in there]
        unmet.append(Unmet(gap=gap, against={each: against(problem, roster, each, *gap.shift) for each in others}))
    return Answer(
        state=state,
        roster=roster,
        objective=cost(problem, roster).total,
        bound=bound,
        seconds=seconds,
        seed=seed,
        unmet=unmet,
        broken=found,
        coverage=coverage,
    )


class _Run:
    """One run of the solver; then `state`, `bound`, and `roster`, which is what is locked where none was found."""

    def __init__(self, rows: Rows, objective: LinearExprT | None, seed: int) -> None:
        from ortools.sat.python import cp_model

        self.rows = rows
        self.state = State.NOTHING_YET
        self.bound = 0
        self.roster: Roster = rows.problem.locked
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = WORKERS
        self.solver.parameters.subsolvers.extend(SEARCHES)
        self.solver.parameters.num_full_subsolvers = len(SEARCHES)
        self.solver.parameters.random_seed = seed
        self.solver.parameters.catch_sigint_signal = False  # who is asked to stop is the caller's to say
        if objective is not None:
            rows.model.minimize(objective)

    def go(self, seconds: float, began: float, on_progress: OnProgress | None, should_stop: ShouldStop | None) -> None:
        """Solve in a thread of its own, so that this one can tell of progress and be asked to stop."""
        from ortools.sat.python import cp_model

        objectives: list[int] = []
        bounds = [0]

        class Listener(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                objectives.append(_whole(self.objective_value))
                bounds.append(_whole(self.best_objective_bound))

        def work() -> None:
            outcome.append(self.solver.solve(self.rows.model, Listener()))

        outcome: list[CpSolverStatus] = []
        self.solver.best_bound_callback = lambda bound: bounds.append(_whole(bound))
        self.solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        thread = threading.Thread(target=work, name="roster-solver", daemon=True)
        thread.start()
        told = (0, 0)
        try:
            while thread.is_alive():
                thread.join(POLL)
                if on_progress and objectives and told != (objectives[-1], bounds[-1]):
                    told = objectives[-1], bounds[-1]
                    on_progress(Progress(*told, time.monotonic() - began))
                if should_stop and should_stop():
                    self.solver.stop_search()
        finally:
            self.solver.stop_search()
            thread.join()
        if not outcome or outcome[0] == cp_model.MODEL_INVALID:
            raise RuntimeError("the solver could not take the model")
        self._read(outcome[0])

    def _read(self, status: CpSolverStatus) -> None:
        from ortools.sat.python import cp_model

        states = {
            cp_model.OPTIMAL: State.PROVEN,
            cp_model.FEASIBLE: State.FOUND,
            cp_model.INFEASIBLE: State.IMPOSSIBLE,
        }
        self.state = states.get(status, State.NOTHING_YET)
        if self.state in (State.PROVEN, State.FOUND):
            self.roster = frozenset(
                Assignment(person, *shift)
                for person, mine in self.rows.of.items()
                for shift, term in mine.items()
                if 0 <= shift.day < self.rows.problem.days and self.solver.value(term)
            )
            self.bound = _whole(self.solver.best_objective_bound)


def _whole(points: float) -> int:
    """Points are whole; the solver tells them as floating numbers, its bounds a hair too low at times."""
    return math.ceil(points - 1e-6)
