"""Somebody is ill for a week: what was published changes little, and not at all where it is past."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from respite.staffing.roster import model
from respite.staffing.roster.answers import Progress, State
from respite.staffing.roster.checking import broken
from respite.staffing.roster.costs import changed, uncovered
from respite.staffing.roster.parts import Absence, Person, Shift
from respite.staffing.roster.repair import repair
from tests.rosters import HOUSES, on, respite, small


def ill(person: str, days: range) -> Absence:
    shifts = frozenset(Shift(day, kind) for day in days for kind in ("day", "evening", "night"))
    return Absence(id="ill", person=person, shifts=shifts)


def test_only_the_lost_shift_changes_hands() -> None:
    people = tuple(Person(id=name, rest=600) for name in ("ana", "ben", "cleo", "dee"))
    published = on("0 day", "1 day", "2 day") | on("0 evening", "1 evening", "2 evening", person="ben")
    published |= on("0 night", "1 night", "2 night", person="cleo")
    problem = small(days=3, people=people, absences=(ill("ben", range(1, 2)),))
    answer = repair(problem, published, frozen=0, seconds=10)
    assert answer.state is State.PROVEN
    assert answer.unmet == []
    assert answer.roster ^ published == on("1 evening", person="ben") | on("1 evening", person="dee")
    assert answer.objective == 2 * 30


def test_what_is_past_stays_even_where_it_breaks_a_rule_or_left_something_open() -> None:
    published = on("0 day", "1 day", "1 night")
    problem = small(days=5, people=(Person(id="ana", rest=600), Person(id="ben", rest=600)))
    answer = repair(problem, published, frozen=2, seconds=10)
    assert {each for each in answer.roster if each.day < 2} == on("0 day", "1 day", "1 night")
    assert answer.broken == broken(problem, on("1 day", "1 night"))
    assert {unmet.gap.day for unmet in answer.unmet} >= {0, 1}


def test_a_change_that_is_not_worth_its_points_is_not_made() -> None:
    problem = small(days=1, people=(Person(id="ana"),))
    assert repair(problem, on(), frozen=0, seconds=10, change=101).roster == on()
    assert len(repair(problem, on(), frozen=0, seconds=10, change=99).roster) == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", HOUSES[:2])
def test_a_week_of_illness_in_a_house_of_fourteen_changes_few_days(seed: int) -> None:
    """Two weeks; the busiest peer of the second is ill in it. At the least each lost shift is two changes."""
    problem = respite(seed, weeks=2)
    near: list[Progress] = []
    published = model.solve(
        problem,
        seconds=100,
        on_progress=near.append,
        should_stop=lambda: bool(near) and near[-1].objective - near[-1].bound < 40,
    ).roster
    person, lost = Counter(each.person for each in published if each.day >= 7).most_common(1)[0]
    now = replace(problem, absences=(*problem.absences, ill(person, range(7, 14))))
    answer = repair(now, published, frozen=7, seconds=60)
    assert answer.state is State.PROVEN
    assert {each for each in answer.roster ^ published if each.day < 7} == set()
    assert not [each for each in answer.roster if each.person == person and each.day >= 7]
    assert broken(now, answer.roster) == []
    assert lost <= changed(published, answer.roster) <= 17
    least = model.least_uncovered(
        replace(now, frozen=7, locked=frozenset(each for each in published if each.day < 7)), seconds=60
    )
    assert least.proven
    assert uncovered(unmet.gap for unmet in answer.unmet) == least.least
