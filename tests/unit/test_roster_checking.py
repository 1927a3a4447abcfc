"""The judge of rosters: each rule broken alone, by one shift; where little is known; what things cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from respite.staffing.roster.checking import against, broken
from respite.staffing.roster.costs import Gap, changed, cost, gaps, uncovered
from respite.staffing.roster.parts import (
    Absence,
    Burden,
    Cover,
    Holding,
    Hours,
    Need,
    Person,
    Roster,
    Shift,
    Wish,
)
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.reasons import Reason, Rule
from tests.rosters import DAY, EVENING, NIGHT, on, small

WEEK = 7 * 24 * 60
LONG_NIGHT = Shift(6, "night")


def ana(**rules: object) -> tuple[Person, ...]:
    return (Person(id="ana", **rules),)


BROKEN: list[tuple[str, Problem, Roster, Roster, Reason]] = [
    (
        "a shift that does not take place",
        replace(small(), covers=(Cover(day=0, kind="day", wanted=1, missing=1),)),
        on("0 day"),
        on("1 day"),
        Reason(Rule.NOT_OFFERED, "ana", 1, "day"),
    ),
    (
        "nobody has a place any more",
        replace(small(people=(Person(id="ana"), Person(id="ben"))), covers=(
            Cover(day=0, kind="day", wanted=1, missing=1, most=1),
        )),
        on("0 day", person="ben"),
        on("0 day"),
        Reason(Rule.FULL, "", 0, "day", have=2, limit=1),
    ),
    (
        "away",
        small(absences=(Absence(id="fair", person="ana", shifts=frozenset({Shift(2, "day")})),)),
        on("1 evening"),
        on("2 day"),
        Reason(Rule.AWAY, "ana", 2, "day", tag="fair"),
    ),
    (
        "a certificate that ended the day before",
        replace(small(people=ana(holds=(Holding(tag="certified", until=3),))), covers=tuple(
            Cover(day=day, kind="day", wanted=1, missing=1, everyone=frozenset({"certified"})) for day in range(7)
        )),
        on("2 day"),
        on("3 day"),
        Reason(Rule.NOT_HELD, "ana", 3, "day", tag="certified"),
    ),
    (
        "two shifts on one day",
        small(),
        on("0 day"),
        on("0 night"),
        Reason(Rule.ONE_A_DAY, "ana", 0, "night", other=Shift(0, "day")),
    ),
    (
        "eight hours between evening and day",
        small(people=ana(rest=600)),
        on("0 evening", "1 evening"),
        on("2 day"),
        Reason(Rule.REST, "ana", 2, "day", other=Shift(1, "evening"), have=480, limit=600),
    ),
    (
        "no rest is asked for, but nobody can be in two places",
        replace(small(), kinds=(DAY, EVENING, replace(NIGHT, minutes=540))),
        on("0 night"),
        on("1 day"),
        Reason(Rule.REST, "ana", 1, "day", other=Shift(0, "night"), have=-60, limit=0),
    ),
    (
        "the night before the roster began",
        small(people=ana(rest=600), around=on("-1 night"), known_before=1),
        on("2 day"),
        on("0 evening"),
        Reason(Rule.REST, "ana", 0, "evening", other=Shift(-1, "night"), have=480, limit=600),
    ),
    (
        "a kind that may not follow",
        replace(small(), kinds=(DAY, replace(EVENING, never_before=frozenset({"day"})), NIGHT)),
        on("0 evening"),
        on("1 day"),
        Reason(Rule.NEVER_AFTER, "ana", 1, "day", other=Shift(0, "evening")),
    ),
    (
        "a third night in the roster",
        small(people=ana(most_of_kind={"night": 2})),
        on("0 night", "2 night"),
        on("4 night"),
        Reason(Rule.MOST_OF_KIND, "ana", kind="night", have=3, limit=2),
    ),
    (
        "forty hours are full",
        small(people=ana(hours=(Hours(first=0, until=7, most=2400),))),
        on("0 day", "1 day", "2 day", "3 day", "4 day"),
        on("5 day"),
        Reason(Rule.MOST_MINUTES, "ana", 0, until=7, have=2880, limit=2400),
    ),
    (
        "the hours of the week before count where a stretch reaches into it",
        small(people=ana(hours=(Hours(first=-1, until=6, most=900),)), around=on("-1 day"), known_before=1),
        on("6 day"),
        on("5 day"),
        Reason(Rule.MOST_MINUTES, "ana", -1, until=6, have=960, limit=900),
    ),
    (
        "an hour more on the night on which clocks go back",
        small(people=ana(hours=(Hours(first=0, until=7, most=960),)), exact={LONG_NIGHT: (WEEK - 60, WEEK + 480)}),
        on("0 day"),
        on("6 night"),
        Reason(Rule.MOST_MINUTES, "ana", 0, until=7, have=1020, limit=960),
    ),
    (
        "a fourth day in a row that joins two stretches",
        small(people=ana(most_in_a_row=3)),
        on("0 day", "1 day", "3 day"),
        on("2 day"),
        Reason(Rule.MOST_IN_A_ROW, "ana", 0, until=4, have=4, limit=3),
    ),
    (
        "a sixth day in a row, four of them before the roster",
        small(people=ana(most_in_a_row=5), around=on("-1 day", "-2 day", "-3 day", "-4 day"), known_before=4),
        on("0 day"),
        on("1 day"),
        Reason(Rule.MOST_IN_A_ROW, "ana", -4, until=2, have=6, limit=5),
    ),
    (
        "a single day where two are the least",
        small(people=ana(least_in_a_row=2)),
        on("0 day"),
        on("3 day"),
        Reason(Rule.LEAST_IN_A_ROW, "ana", 3, until=4, have=1, limit=2),
    ),
    (
        "a single day off where two are the least",
        small(people=ana(least_off_in_a_row=2)),
        on("1 day", "2 day"),
        on("4 day"),
        Reason(Rule.LEAST_OFF_IN_A_ROW, "ana", 3, until=4, have=1, limit=2),
    ),
    (
        "a single day off between the roster and what was before it",
        small(people=ana(least_off_in_a_row=2), around=on("-1 day"), known_before=1),
        on("4 day"),
        on("1 day"),
        Reason(Rule.LEAST_OFF_IN_A_ROW, "ana", 0, until=1, have=1, limit=2),
    ),
    (
        "a third night in a row",
        small(people=ana(most_nights_in_a_row=2)),
        on("0 night", "1 night", "3 day"),
        on("2 night"),
        Reason(Rule.NIGHTS_IN_A_ROW, "ana", 0, until=3, have=3, limit=2),
    ),
    (
        "a second weekend",
        small(days=14, people=ana(most_weekends=1)),
        on("5 day", "6 day"),
        on("13 day"),
        Reason(Rule.WEEKENDS, "ana", have=2, limit=1),
    ),
    (
        "the roster begins on a Sunday, which is a weekend of its own",
        small(first_weekday=6, people=ana(most_weekends=1)),
        on("6 day"),
        on("0 day"),
        Reason(Rule.WEEKENDS, "ana", have=2, limit=1),
    ),
    (
        "a day that may not change any more",
        small(frozen=2, locked=on("1 day")),
        on("1 day"),
        on("0 day"),
        Reason(Rule.FROZEN, "ana", 0, "day"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    "problem, roster, more, reason", [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_broken_rule_is_found_with_its_figures(
    problem: Problem, roster: Roster, more: Roster, reason: Reason
) -> None:
    (assignment,) = more
    assert broken(problem, roster) == []
    assert broken(problem, roster | more) == [reason]
    assert against(problem, roster, *assignment) == [reason]


def test_a_rule_has_a_case_that_breaks_it() -> None:
    told = {case[-1].rule for case in BROKEN}
    # No further shift can break the least minutes: below. What a swap leaves behind is asked of both hands at once.
    assert told == set(Rule) - {Rule.LEAST_MINUTES, Rule.LEFT_WITHOUT}


def test_too_few_minutes_are_found_and_another_shift_is_no_fault() -> None:
    problem = small(people=ana(hours=(Hours(first=0, until=7, least=960),)))
    short = Reason(Rule.LEAST_MINUTES, "ana", 0, until=7, have=480, limit=960)
    assert broken(problem, on("0 day")) == [short]
    assert broken(problem, on("0 day", "1 day")) == []
    assert against(problem, on(), "ana", 0, "day") == []


def test_a_stretch_that_grows_towards_its_least_is_no_fault() -> None:
    problem = small(people=ana(least_in_a_row=3))
    assert [reason.have for reason in broken(problem, on("2 day"))] == [1]
    assert against(problem, on("2 day"), "ana", 3, "day") == []
    assert [reason.rule for reason in against(problem, on("2 day"), "ana", 5, "day")] == [Rule.LEAST_IN_A_ROW]


def test_what_is_broken_already_speaks_against_nothing_else() -> None:
    """Somebody decided on two shifts on one day; the next week is judged for itself."""
    problem = small(days=14, people=ana(rest=600, most_in_a_row=1))
    overridden = on("0 day", "0 night", "1 night")
    assert {reason.rule for reason in broken(problem, overridden)} == {Rule.ONE_A_DAY, Rule.MOST_IN_A_ROW}
    assert against(problem, overridden, "ana", 8, "day") == []
    longer = against(problem, overridden, "ana", 2, "night")
    assert [(reason.rule, reason.have) for reason in longer] == [(Rule.MOST_IN_A_ROW, 3)]


def test_a_short_rest_that_was_agreed_to_is_no_fault_but_two_places_at_once_are() -> None:
    agreed = small(people=ana(rest=600, short_rest_after=frozenset({1})))
    assert broken(agreed, on("1 evening", "2 day")) == []
    assert [reason.day for reason in broken(agreed, on("2 evening", "3 day"))] == [3]
    longer = replace(agreed, kinds=(DAY, EVENING, replace(NIGHT, minutes=600)))
    assert [reason.rule for reason in broken(longer, on("1 night", "2 day"))] == [Rule.REST]


def test_a_stretch_at_the_end_of_what_is_known_is_not_called_short() -> None:
    problem = small(people=ana(least_in_a_row=3, least_off_in_a_row=3))
    assert broken(problem, on("0 day", "6 day")) == []
    assert broken(replace(problem, known_after=3), on("6 day")) != []


def test_what_was_broken_outside_of_the_roster_is_not_judged() -> None:
    before = on("-1 night", "-2 night", "-3 night", "-4 day", "-4 night")
    problem = small(people=ana(most_in_a_row=2, rest=600, most_nights_in_a_row=1), around=before, known_before=7)
    assert broken(problem, on()) == []
    assert broken(problem, on("2 day")) == []
    assert against(problem, on(), "ana", 0, "night") != []


def test_a_stranger_in_a_roster_is_an_error() -> None:
    with pytest.raises(ValueError, match="zoe"):
        broken(small(), on("0 day", person="zoe"))


@pytest.mark.parametrize(
    "more",
    [
        {"days": 0},
        {"people": (Person(id="ana"), Person(id="ana"))},
        {"locked": on("7 day")},
        {"locked": on("0 late")},
        {"previous": on("0 day", person="zoe")},
        {"around": on("-1 day")},
        {"wishes": (Wish(person="ana", day=-1, kind="day", weight=1),)},
        {"absences": (Absence(id="x", person="zoe", shifts=frozenset()),)},
        {"absences": (Absence(id="x", person="ana", shifts=frozenset()),) * 2},
    ],
)
def test_parts_that_do_not_fit_together_make_no_problem(more: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        small(**more)


# -- costs ----------------------------------------------------------------------------------------------------------


def test_each_thing_costs_its_points() -> None:
    ben = Person(id="ben", holds=(Holding(tag="certified"),))
    problem = Problem(
        days=5,
        kinds=(DAY, EVENING, NIGHT),
        people=(Person(id="ana", hours=(Hours(first=0, until=5, wanted=1500, short=7),)), ben),
        covers=(
            Cover(day=0, kind="day", wanted=2, missing=100, needs=(Need(tag="certified", missing=50),)),
            Cover(day=1, kind="night", wanted=0, missing=100, surplus=3),
            Cover(day=3, kind="night", wanted=1, missing=100),
        ),
        wishes=(
            Wish(person="ana", day=0, kind="day", weight=11, wanted=False),
            Wish(person="ana", day=3, kind="night", weight=13),
        ),
        burdens=(
            Burden(
                name="nights", shifts=frozenset({Shift(3, "night")}), shares={"ana": 2, "ben": 1}, before={"ben": 2},
                each=1, largest=2,
            ),
        ),
        previous=on("0 day", person="ben") | on("1 night"),
        change=30,
        isolated=5,
    )  # fmt: skip
    roster = on("0 day") | on("1 night", person="ben")
    told = cost(problem, roster)
    assert gaps(problem, roster) == [Gap(0, "day", "", 1), Gap(0, "day", "certified", 1), Gap(3, "night", "", 1)]
    assert uncovered(gaps(problem, roster)) == 5
    assert vars(told) == {
        "missing": 200,
        "needs": 50,
        "surplus": 3,
        "wishes": 24,
        "hours": 7 * 17,  # 8 of 25 hours
        "isolated": 5,  # Ben's; Ana's day may go on before the roster
        "fairness": (20 + 10) + 2 * 20,  # of 3 nights 2 are Ana's to take
        "changes": 4 * 30,
    }
    assert told.total == sum(vars(told).values())
    assert changed(problem.previous, roster) == 4
    assert changed(roster, roster) == 0
