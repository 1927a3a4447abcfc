"""Filling rosters beside a bare CP-SAT model of the same rules, in turn, on the public instances and on houses.

Seconds are those of two cores of one's own: on a machine that does other things as well, everything takes longer, but
no figure is worse for it, save those of what is over in a moment. Alone on two cores all of it takes 40 minutes;
`python -m bench roster 5 house-1` runs a part.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from bench.bare_roster import Bare
from bench.cores import Stint
from bench.figures import Figure
from respite.staffing.roster import model
from respite.staffing.roster.answers import Answer, State
from respite.staffing.roster.benchmark import read
from respite.staffing.roster.checking import broken
from respite.staffing.roster.costs import changed
from respite.staffing.roster.parts import Absence, Shift
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.repair import repair
from tests.rosters import HOUSES, SCARCE, instance, respite

SECONDS = 60.0
LONGEST = 3600.0  # on the clock, however busy the machine is
SEEDS = (1, 2, 3)
MORE_SEEDS = (2, 3, 4, 5)  # when a good roster comes is luck: the same model takes 2 s or 20
NEAR = 10  # points
PROVEN = ("1", "2", "3")  # public instances of which the best is proven within the time
NEARLY = ("4", "5", "6", "7")

Trail = list[tuple[float, int]]


def run(*only: str) -> Iterator[Figure]:
    houses = [f"house-{seed}" for seed in HOUSES]
    for name in only or (*PROVEN, *NEARLY, *houses):
        if name in houses:
            yield from _house(HOUSES[houses.index(name)])
        elif name in PROVEN:
            yield from _proven(name)
        else:
            yield from _nearly(name)


def _proven(number: str) -> Iterator[Figure]:
    problem = read(instance(int(number)))
    ours, theirs = [], []
    for seed in SEEDS:
        answer, _, seconds = _solve(problem, seed)
        bare = Bare(problem, SECONDS, seed)
        assert answer.state is State.PROVEN
        assert answer.objective == bare.objective
        ours.append(seconds)
        theirs.append(bare.seconds)
        _tell(f"instance {number}, seed {seed}: {answer.objective} after {seconds:.1f} s, bare {bare.seconds:.1f} s")
    yield Figure(f"instance {number}, proof that {answer.objective} is best", median(ours), "s", median(theirs))


def _nearly(number: str) -> Iterator[Figure]:
    problem = read(instance(int(number)))
    ours, theirs = [], []
    for seed in SEEDS:
        answer, _, seconds = _solve(problem, seed)
        bare = Bare(problem, SECONDS, seed)
        ours.append((answer.objective, answer.bound))
        theirs.append((bare.objective, bare.bound))
        _tell(
            f"instance {number}, seed {seed}: {answer.objective}, bound {answer.bound}, after {seconds:.1f} s;"
            f" bare {bare.objective}, bound {bare.bound}, after {bare.seconds:.1f} s"
        )
    name = f"instance {number}, after {SECONDS:.0f} s"
    yield Figure(name, median(o for o, _ in ours), "points", median(o for o, _ in theirs))
    yield Figure(f"{name}, bound", median(b for _, b in ours), "points", median(b for _, b in theirs), "more")


def _solve(problem: Problem, seed: int, enough: int = -1) -> tuple[Answer, Trail, float]:
    """The answer, when each better roster came, and the seconds that it took; it ends with one that is good enough."""
    trail: Trail = []
    stint = Stint(SECONDS)

    def over() -> bool:
        return stint.is_over() or bool(trail and trail[-1][1] <= enough)

    answer = model.solve(
        problem,
        seconds=LONGEST,
        seed=seed,
        on_progress=lambda heard: trail.append((stint.seconds, heard.objective)),
        should_stop=over,
    )
    assert broken(problem, answer.roster) == []
    return answer, trail, stint.seconds


def _tell(what: str) -> None:
    print(f"{what} (load {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)


def _house(seed: int) -> Iterator[Figure]:
    problem = respite(seed)
    answer, ours, _ = _solve(problem, 1)
    bare = Bare(problem, SECONDS, 1)
    _tell(f"house {seed}: {answer.objective}, bound {answer.bound}; bare {bare.objective}, bound {bare.bound}")
    near = min(answer.objective, bare.objective) + NEAR
    name = f"house {seed}"
    ours_to, bare_to = [_time_to(ours, near)], [_time_to(bare.trail, near)]
    for other in MORE_SEEDS:
        ours_to.append(_time_to(_solve(problem, other, near)[1], near))
        bare_to.append(_time_to(Bare(problem, SECONDS, other, near).trail, near))
        _tell(f"house {seed}, seed {other}: near after {ours_to[-1]:.1f} s, bare {bare_to[-1]:.1f} s")
    yield Figure(f"{name}, within {NEAR} points of the best", median(ours_to), "s", median(bare_to))
    yield Figure(f"{name}, points after {SECONDS:.0f} s", float(answer.objective), "points", float(bare.objective))
    assert answer.coverage is not None
    yield Figure(f"{name}, proof that all can be covered", answer.coverage.seconds, "s")
    assert (answer.coverage.least, answer.coverage.proven) == (0, True)
    scarce = model.least_uncovered(respite(seed, SCARCE), seconds=SECONDS)
    assert scarce.proven
    yield Figure(f"{name}, scarce: proof that {scarce.least} cannot be fewer", scarce.seconds, "s")
    person, _ = Counter(each.person for each in answer.roster if 7 <= each.day < 14).most_common(1)[0]
    week = frozenset(Shift(day, kind.id) for day in range(7, 14) for kind in problem.kinds)
    ill = replace(problem, absences=(*problem.absences, Absence(id="ill", person=person, shifts=week)))
    mended = repair(ill, answer.roster, frozen=7, seconds=SECONDS)
    yield Figure(f"{name}, repair, {changed(answer.roster, mended.roster)} days changed", mended.seconds, "s")


def _time_to(trail: Trail, near: int) -> float:
    """Seconds to a roster that costs no more than that; all there were, if it never came."""
    return next((seconds for seconds, objective in trail if objective <= near), SECONDS)
