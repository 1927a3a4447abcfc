"""The floor of the roster: CP-SAT with nothing around it, one row for each sentence of the published model.

It takes what the public instances and a house of fourteen use, and no more: nothing locked, nothing before the roster.
"""

from __future__ import annotations

import threading

from ortools.sat.python import cp_model

from bench.cores import Stint
from respite.staffing.roster.parts import DAY, Person
from respite.staffing.roster.problem import Problem

WORKERS = 8
POLL = 0.1


class Bare:
    """Solve for so many seconds of two cores, or until it costs no more than `enough`; then `trail` holds when each
    better objective came."""

    def __init__(self, problem: Problem, seconds: float, seed: int, enough: int | None = None) -> None:
        self.problem = problem
        self.enough = enough
        self.model = model = cp_model.CpModel()
        self.cost: list[cp_model.LinearExprT] = []
        days, kinds, people = range(problem.days), problem.kinds, problem.people
        self.x = {(p.id, d, k.id): model.new_bool_var("") for p in people for d in days for k in kinds}
        self.w = {(p.id, d): model.new_bool_var("") for p in people for d in days}
        for assignment in problem.away:
            model.add(self.x[assignment.person, assignment.day, assignment.kind] == 0)
        for person in people:
            self._person(person)
        self._cover()
        for wish in problem.wishes:
            on = self.x[wish.person, wish.day, wish.kind]
            self.cost.append(wish.weight * (1 - on if wish.wanted else on))
        self._burdens()
        model.minimize(sum(self.cost))
        self._solve(seconds, seed)

    def _person(self, person: Person) -> None:
        problem, model = self.problem, self.model
        days, kinds = range(problem.days), problem.kinds
        x = {(d, k.id): self.x[person.id, d, k.id] for d in days for k in kinds}
        w = [self.w[person.id, d] for d in days]
        for d in days:
            model.add(sum(x[d, k.id] for k in kinds) == w[d])
        for first in kinds:
            for then in kinds:
                gap = DAY + then.start - first.start - first.minutes
                if then.id in first.never_before or gap < person.rest:
                    for d in days[:-1]:
                        model.add(x[d, first.id] + x[d + 1, then.id] <= 1)
        for kind, cap in person.most_of_kind.items():
            model.add(sum(x[d, kind] for d in days) <= cap)
        for hours in person.hours:
            inside = range(hours.first, hours.until)
            worked = sum(k.minutes * x[d, k.id] for d in inside for k in kinds)
            if hours.most is not None:
                model.add(worked <= hours.most)
            if hours.least:
                model.add(worked >= hours.least)
            if hours.short:
                short = model.new_int_var(0, hours.wanted // 60, "")
                model.add(worked + 60 * short >= hours.wanted)
                self.cost.append(hours.short * short)
        night = [sum(x[d, k.id] for k in kinds if k.night) for d in days]
        for some, most in ((w, person.most_in_a_row), (night, person.most_nights_in_a_row)):
            if most is not None:
                for d in range(problem.days - most):
                    model.add(sum(some[d : d + most + 1]) <= most)
        for length in range(1, person.least_in_a_row):
            for d in range(1, problem.days - length):
                model.add(sum(w[d : d + length]) - w[d - 1] - w[d + length] <= length - 1)
        for length in range(1, person.least_off_in_a_row):
            for d in range(1, problem.days - length):
                model.add(w[d - 1] + w[d + length] - sum(w[d : d + length]) <= 1)
        if person.most_weekends is not None:
            weekends = []
            for weekend in problem.weekends:
                weekends.append(model.new_bool_var(""))
                for d in weekend:
                    model.add(w[d] <= weekends[-1])
            model.add(sum(weekends) <= person.most_weekends)
        if problem.isolated:
            for d in days[1:-1]:
                alone = model.new_bool_var("")
                model.add(w[d] - w[d - 1] - w[d + 1] <= alone)
                self.cost.append(problem.isolated * alone)

    def _cover(self) -> None:
        people, model = self.problem.people, self.model
        for cover in self.problem.covers:
            heads = sum(self.x[p.id, cover.day, cover.kind] for p in people)
            under = model.new_int_var(0, cover.wanted, "")
            over = model.new_int_var(0, len(people), "")
            model.add(heads + under - over == cover.wanted)
            if cover.most is not None:
                model.add(heads <= cover.most)
            self.cost.append(cover.missing * under + cover.surplus * over)
            for need in cover.needs:
                lack = model.new_int_var(0, need.least, "")
                holding = sum(self.x[p.id, cover.day, cover.kind] for p in people if p.held(need.tag, cover.day))
                model.add(holding + lack >= need.least)
                self.cost.append(need.missing * lack)

    def _burdens(self) -> None:
        for burden in self.problem.burdens:
            largest = self.model.new_int_var(0, 10_000, "")
            for person, share in self.problem.share(burden).items():
                off = self.model.new_int_var(0, 10_000, "")
                have = 10 * sum(self.x[person, shift.day, shift.kind] for shift in burden.shifts)
                self.model.add(off >= have - share)
                self.model.add(off >= share - have)
                self.model.add(largest >= off)
                self.cost.append(burden.each * off)
            self.cost.append(burden.largest * largest)

    def _solve(self, seconds: float, seed: int) -> None:
        trail: list[tuple[float, int]] = []
        stint, ended, enough = Stint(seconds), threading.Event(), self.enough

        class Listener(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                trail.append((stint.seconds, round(self.objective_value)))
                if enough is not None and trail[-1][1] <= enough:
                    self.stop_search()

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = WORKERS
        solver.parameters.random_seed = seed

        def watch() -> None:
            while not ended.wait(POLL):
                if stint.is_over():
                    solver.stop_search()

        watcher = threading.Thread(target=watch)
        watcher.start()
        status = solver.solve(self.model, Listener())
        ended.set()
        watcher.join()
        self.trail = trail
        self.objective = trail[-1][1] if trail else -1
        self.bound = round(solver.best_objective_bound)
        self.proven = status == cp_model.OPTIMAL
        self.seconds = stint.seconds
