"""Filling rosters beside a bare CP-SAT model of the same rules, in turn, on the public instances and on houses.

With 60 seconds each and every run three times: half an hour, on a machine that does nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from bench.bare_roster import Bare
from bench.figures import Figure
from respite.staffing.roster import model
from respite.staffing.roster.answers import Answer, Progress
from respite.staffing.roster.benchmark import read
from respite.staffing.roster.costs import changed
from respite.staffing.roster.parts import Absence, Shift
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.repair import repair
from tests.rosters import HOUSES, SCARCE, instance, respite

SECONDS = 60.0
SEEDS = (1, 2, 3)
NEAR = 10  # points

Trail = list[tuple[float, int]]


def run() -> Iterator[Figure]:
    for number in (4, 5, 6, 7):
        problem = read(instance(number))
        ours, bare = [], []
        for seed in SEEDS:
            ours.append(float(_solve(problem, seed)[0].objective))
            bare.append(float(Bare(problem, SECONDS, seed).objective))
        yield Figure(f"instance {number}, after {SECONDS:.0f} s", median(ours), "points", median(bare))
    for seed in HOUSES:
        yield from _house(seed)


def _solve(problem: Problem, seed: int) -> tuple[Answer, Trail]:
    heard: list[Progress] = []
    answer = model.solve(problem, seconds=SECONDS, seed=seed, on_progress=heard.append)
    return answer, [(each.seconds, each.objective) for each in heard]


def _house(seed: int) -> Iterator[Figure]:
    problem = respite(seed)
    answer, ours = _solve(problem, 1)
    bare = Bare(problem, SECONDS, 1)
    best = min(answer.objective, bare.objective)
    name = f"house {seed}"
    yield Figure(f"{name}, within {NEAR} points of the best", _time_to(ours, best), "s", _time_to(bare.trail, best))
    yield Figure(f"{name}, points after {SECONDS:.0f} s", float(answer.objective), "points", float(bare.objective))
    assert answer.coverage is not None
    yield Figure(f"{name}, proof that all can be covered", answer.coverage.seconds, "s")
    scarce = model.least_uncovered(respite(seed, SCARCE), seconds=SECONDS)
    assert scarce.proven
    yield Figure(f"{name}, scarce: proof that {scarce.least} cannot be fewer", scarce.seconds, "s")
    person, _ = Counter(each.person for each in answer.roster if 7 <= each.day < 14).most_common(1)[0]
    week = frozenset(Shift(day, kind.id) for day in range(7, 14) for kind in problem.kinds)
    ill = replace(problem, absences=(*problem.absences, Absence(id="ill", person=person, shifts=week)))
    mended = repair(ill, answer.roster, frozen=7, seconds=SECONDS)
    yield Figure(f"{name}, repair, {changed(answer.roster, mended.roster)} days changed", mended.seconds, "s")


def _time_to(trail: Trail, best: int) -> float:
    """Seconds to a roster that costs at most ten points more than the best; all there were, if it never came."""
    return next((seconds for seconds, objective in trail if objective <= best + NEAR), SECONDS)
