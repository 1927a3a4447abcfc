"""Mending a published roster with as few changes as can be: somebody is away all of a sudden, a shift was added."""

from __future__ import annotations

from dataclasses import replace

from respite.staffing.roster import model
from respite.staffing.roster.answers import Answer
from respite.staffing.roster.model import OnProgress, ShouldStop
from respite.staffing.roster.parts import Roster
from respite.staffing.roster.problem import Problem

CHANGE = 30  # points for each day of somebody that is no longer as published


def repair(
    problem: Problem,
    published: Roster,
    *,
    frozen: int,
    seconds: float,
    change: int = CHANGE,
    seed: int = 1,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Answer:
    """The best roster for the problem as it is now, where what was published stays before the day `frozen`.

    After that day nothing of the published roster is bound, but each change must be worth its points. What is locked in
    the problem stays as well.
    """
    past = frozenset(each for each in published if each.day < frozen)
    asked = replace(
        problem, previous=published, change=change, frozen=frozen, locked=problem.locked | past, coverage_first=False
    )
    return model.solve(asked, seconds=seconds, seed=seed, on_progress=on_progress, should_stop=should_stop)
