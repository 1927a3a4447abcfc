"""A solver in a process of its own: `python -m respite.staffing.roster.alone`. It knows no database.

The first line of its input is what to solve; a second one, or the end of the input, asks it to stop with the best so
far. It tells of its progress and, last, of its answer, in a line of JSON each. It gives way to whoever answers pages.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from respite.staffing.roster import model
from respite.staffing.roster.answers import Answer, Coverage, Progress, State
from respite.staffing.roster.carrying import unpacked
from respite.staffing.roster.costs import gaps
from respite.staffing.roster.explaining import Explanation, explain
from respite.staffing.roster.facts import Fact
from respite.staffing.roster.parts import Absence
from respite.staffing.roster.problem import Problem

NICER = 10
EXPLAINING = 0.5  # of the seconds for solving, on top of them, where something stays open


def engine() -> str:
    """The solver's name and version, which stand with each roster it fills."""
    return f"ortools {version('ortools')}"


def main() -> None:
    os.nice(NICER)
    asked = json.loads(sys.stdin.readline())
    stopped = threading.Event()
    threading.Thread(target=_wait_for_stop, args=[stopped], daemon=True).start()
    tell(answer=solve_all(asked, stopped))


def solve_all(asked: dict[str, Any], stopped: threading.Event) -> list[dict[str, Any]]:
    """Solve one problem after the other; who is on by the first cannot be in two places in the next."""
    answers: list[dict[str, Any]] = []
    problems = [unpacked(each) for each in asked["problems"]]
    taken: list[tuple[Problem, Answer]] = []
    for place, problem in enumerate(problems):
        busy = replace(problem, absences=(*problem.absences, *_busy(problem, taken)))
        seconds = asked["seconds"] / len(problems)

        def progress(found: Progress, place: int = place) -> None:
            tell(progress=[place, found.objective, found.bound])

        answer = model.solve(
            busy, seconds=seconds, seed=asked["seed"], on_progress=progress, should_stop=stopped.is_set
        )
        taken.append((busy, answer))
        causes = _causes(busy, answer.coverage, seconds * EXPLAINING, asked["seed"], stopped)
        answers.append(_told(busy, answer, causes))
    return answers


def tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _wait_for_stop(stopped: threading.Event) -> None:
    sys.stdin.readline()
    stopped.set()


def _busy(problem: Problem, taken: list[tuple[Problem, Answer]]) -> list[Absence]:
    found = []
    for before, answer in taken:
        for each in answer.roster:
            begin, end = before.span(each.shift)
            shifts = frozenset(s for s in problem.cover if problem.span(s)[0] < end and begin < problem.span(s)[1])
            if shifts and each.person in problem.person:
                absence = Absence(id=f"floor:{each.day} {each.kind} {each.person}", person=each.person, shifts=shifts)
                found.append(replace(absence, changeable=False))
    return found


def _causes(
    problem: Problem, coverage: Coverage | None, seconds: float, seed: int, stopped: threading.Event
) -> list[Explanation]:
    if coverage is None or not coverage.proven or coverage.least == 0 or stopped.is_set():
        return []
    tell(explaining=True)
    return explain(problem, coverage, seconds=seconds, seed=seed, should_stop=stopped.is_set)


def _told(problem: Problem, answer: Answer, causes: list[Explanation]) -> dict[str, Any]:
    coverage = answer.coverage
    found = answer.state in (State.PROVEN, State.FOUND)
    return {
        "state": answer.state,
        "roster": sorted(answer.roster) if found else [],
        "objective": answer.objective,
        "bound": answer.bound,
        "seconds": answer.seconds,
        "gaps": [[gap.day, gap.kind, gap.tag, gap.missing] for gap in gaps(problem, answer.roster)] if found else [],
        "least": coverage.least if coverage else None,
        "least_proven": bool(coverage and coverage.proven),
        "causes": [
            {
                "demands": [[*demand.shift, demand.tag] for demand in cause.demands],
                "facts": [_fact(fact) for fact in cause.facts],
                "least_of_all": cause.least_of_all,
                "cures": [[_fact(cure.change), cure.least] for cure in cause.cures],
            }
            for cause in causes
        ],
    }


def _fact(fact: Fact) -> list[Any]:
    return [fact.what, fact.person, fact.day, fact.until, fact.tag]


if __name__ == "__main__":
    main()
