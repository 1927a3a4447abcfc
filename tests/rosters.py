"""Rosters to fill: small ones made by hand or at random, and a peer respite of fourteen for four weeks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from respite.staffing.roster.parts import Assignment, Cover, Kind, Person, Roster
from respite.staffing.roster.problem import Problem

INSTANCES = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "rostering"

DAY = Kind(id="day", start=7 * 60, minutes=8 * 60)
EVENING = Kind(id="evening", start=15 * 60, minutes=8 * 60)
NIGHT = Kind(id="night", start=23 * 60, minutes=8 * 60, night=True)


def instance(number: int) -> str:
    """The text of a public benchmark instance, which stands beside the repository."""
    path = INSTANCES / f"Instance{number}.txt"
    if not path.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{path.name} is not in {INSTANCES.parent}")
    return path.read_text(encoding="utf-8")


def small(days: int = 7, people: tuple[Person, ...] = (Person(id="ana"),), **more: object) -> Problem:
    """Day, evening and night on each of a few days, one wanted on each."""
    kinds = (DAY, EVENING, NIGHT)
    covers = tuple(Cover(day=day, kind=kind.id, wanted=1, missing=100) for day in range(days) for kind in kinds)
    return Problem(**{"days": days, "kinds": kinds, "people": people, "covers": covers, **more})


def on(*shifts: str, person: str = "ana") -> Roster:
    """`on("0 day", "1 night")`."""
    return frozenset(Assignment(person, int(day), kind) for day, kind in (shift.split() for shift in shifts))
