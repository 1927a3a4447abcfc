"""Why something stays open: every named shift and fact is needed, and every cure cures, by looking at every roster."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from respite.staffing.roster import model
from respite.staffing.roster.answers import State
from respite.staffing.roster.checking import broken
from respite.staffing.roster.costs import gaps, uncovered
from respite.staffing.roster.explaining import CHANGES, Cure, Demand, explain
from respite.staffing.roster.facts import Fact, What, facts_of, keeping, without
from respite.staffing.roster.parts import Absence, Cover, Holding, Hours, Need, Person, Shift
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.reasons import Rule
from tests.rosters import DAY, EVENING, NIGHT, SCARCE, every_roster, on, problems, respite, small, tiny_houses


@pytest.fixture
def one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "WORKERS", 1)


def coverable(problem: Problem, facts: Iterable[Fact], demands: Iterable[Demand]) -> bool:
    """Whether, with these facts alone, some roster meets the demands."""
    kept, asked = keeping(problem, frozenset(facts)), set(demands)
    return any(
        asked.isdisjoint(Demand(gap.shift, gap.tag) for gap in gaps(kept, roster)) for roster in every_roster(kept)
    )


def least(problem: Problem) -> int | None:
    return min((uncovered(gaps(problem, roster)) for roster in every_roster(problem)), default=None)


def gone_with(change: Fact, problem: Problem) -> list[Fact]:
    if change.what is not What.AWAY:
        return [change]
    same = [fact for fact in facts_of(problem) if (fact.what, fact.tag) == (What.AWAY, change.tag)]
    return [fact for fact in same if change.day <= fact.day < change.until]


@pytest.mark.slow
@pytest.mark.usefixtures("one_worker")
@settings(max_examples=60)
@given(problems())
def test_what_is_told_is_true_and_nothing_of_it_can_be_left_out(problem: Problem) -> None:
    now = least(problem)
    coverage = model.least_uncovered(problem, seconds=30)
    told = explain(problem, coverage, seconds=120)
    assert bool(told) == (now != 0)
    if now is None:
        assert [each.demands for each in told] == [()]
    for each in told:
        assert each.least_of_all
        assert set(each.facts) <= set(facts_of(problem))
        assert not coverable(problem, each.facts, each.demands)
        for fact in each.facts:
            assert coverable(problem, set(each.facts) - {fact}, each.demands)
        for demand in each.demands:
            assert coverable(problem, each.facts, set(each.demands) - {demand})
        cures = {cure.change: cure.least for cure in each.cures}
        for change in {fact for fact in each.facts if fact.what in CHANGES} | cures.keys():
            then = least(without(problem, gone_with(change, problem)))
            helps = then is not None and (now is None or then < now)
            if change in cures:
                assert helps
                assert cures[change] == then
            elif change.what is What.AWAY:
                assert not helps or not changeable(problem, change)
            else:
                assert not helps


@pytest.mark.slow
@pytest.mark.usefixtures("one_worker")
@settings(max_examples=10)
@given(tiny_houses())
def test_ten_houses_keep_every_rule_and_what_stays_open_has_a_reason_that_is_true(problem: Problem) -> None:
    answer = model.solve(problem, seconds=30)
    assert (answer.state, answer.broken) == (State.PROVEN, [])
    assert answer.coverage is not None
    assert uncovered(gaps(problem, answer.roster)) == answer.coverage.least == least(problem)
    told = explain(problem, answer.coverage, seconds=120)
    assert bool(told) == bool(answer.unmet)
    for each in told:
        assert not coverable(problem, each.facts, each.demands)
        assert each.demands


def changeable(problem: Problem, change: Fact) -> bool:
    return next(absence.changeable for absence in problem.absences if absence.id == change.tag)


def certified_nights(*absences: Absence) -> Problem:
    """Two nights. Ana and Ben are certified, Cleo is not; one certified peer is wanted on each night."""
    held = (Holding(tag="certified"),)
    return Problem(
        days=2,
        kinds=(NIGHT,),
        people=(Person(id="ana", holds=held), Person(id="ben", holds=held), Person(id="cleo")),
        covers=tuple(
            Cover(day=day, kind="night", wanted=1, missing=100, needs=(Need(tag="certified", missing=50),))
            for day in range(2)
        ),
        absences=absences,
    )


def test_a_night_on_which_both_certified_peers_are_away() -> None:
    """Either of the two approvals would cure it, and so would a certificate for the third peer."""
    night = frozenset({Shift(1, "night")})
    problem = certified_nights(
        Absence(id="fair", person="ana", shifts=frozenset({Shift(0, "night")}) | night),
        Absence(id="school", person="ben", shifts=night),
        Absence(id="dentist", person="cleo", shifts=frozenset({Shift(0, "night")})),
    )
    coverage = model.least_uncovered(problem, seconds=10)
    (told,) = explain(problem, coverage, seconds=30)
    assert told.demands == (Demand(Shift(1, "night"), "certified"),)
    ana, ben = Fact(What.AWAY, "ana", 1, 2, "fair"), Fact(What.AWAY, "ben", 1, 2, "school")
    cleo = Fact(What.NOT_HELD, "cleo", tag="certified")
    assert set(told.facts) == {ana, ben, cleo}
    whole = Fact(What.AWAY, "ana", 0, 2, "fair")
    assert told.cures == tuple(Cure(change=change, least=0) for change in (ana, ben, whole, cleo))
    assert (told.least, told.least_of_all) == (1, True)


def test_an_absence_that_nobody_can_take_back_explains_but_is_no_cure() -> None:
    night = frozenset({Shift(1, "night")})
    problem = certified_nights(
        Absence(id="fair", person="ana", shifts=night),
        Absence(id="never", person="ben", shifts=night, changeable=False),
    )
    (told,) = explain(problem, model.least_uncovered(problem, seconds=10), seconds=30)
    assert Fact(What.AWAY, "ben", 1, 2, "never") in told.facts
    assert [cure.change.person for cure in told.cures] == ["ana", "cleo"]


def test_where_there_are_too_few_people_no_fact_is_to_blame() -> None:
    problem = small(days=1)  # one person, three shifts
    (told,) = explain(problem, model.least_uncovered(problem, seconds=10), seconds=30)
    assert (told.facts, told.cures, told.least) == ((), (), 4)
    assert len(told.demands) == 2  # of three shifts any two


def test_nothing_uncovered_is_nothing_to_explain() -> None:
    problem = small(days=1, people=tuple(Person(id=name) for name in ("ana", "ben", "cleo")))
    assert explain(problem, model.least_uncovered(problem, seconds=10), seconds=30) == []


def test_without_time_nothing_is_told() -> None:
    problem = respite(1, SCARCE)
    coverage = model.least_uncovered(problem, seconds=30)
    began = time.monotonic()
    assert explain(problem, coverage, seconds=0) == []
    assert explain(problem, coverage, seconds=300, should_stop=lambda: True) == []
    assert time.monotonic() - began < 60


def test_an_unproven_least_cures_nothing() -> None:
    """What might be covered better anyway says nothing about a change."""
    problem = certified_nights(Absence(id="x", person="ana", shifts=frozenset({Shift(1, "night")})))
    unproven = replace(model.least_uncovered(problem, seconds=10), proven=False, roster=frozenset(), least=6)
    assert explain(problem, unproven, seconds=30) == []


@pytest.mark.slow
def test_a_scarce_house_is_told_what_one_change_would_mend() -> None:
    """A week in which six of fourteen are certified, and one shift must do without one."""
    problem = respite(9, SCARCE, weeks=1)
    coverage = model.least_uncovered(problem, seconds=60)
    assert (coverage.least, coverage.proven) == (1, True)
    (told,) = explain(problem, coverage, seconds=150)
    assert {demand.tag for demand in told.demands} == {"certified"}
    uncertified = {person.id for person in problem.people if not person.held("certified", 0)}
    assert {fact.person for fact in told.facts if fact.what is What.NOT_HELD} == uncertified
    assert any(cure.change.what is What.AWAY for cure in told.cures)
    for cure in told.cures[:2] + told.cures[-2:]:
        changed = without(problem, gone_with(cure.change, problem))
        mended = model.least_uncovered(changed, seconds=60)
        assert mended.least == cure.least == 0
        assert broken(changed, mended.roster) == []


# -- facts ----------------------------------------------------------------------------------------------------------

RULES = {
    What.AWAY: {Rule.AWAY},
    What.NOT_HELD: {Rule.NOT_HELD},
    What.HOURS: {Rule.MOST_MINUTES},
    What.REST: {Rule.REST, Rule.NEVER_AFTER},
    What.NIGHTS: {Rule.NIGHTS_IN_A_ROW},
    What.IN_A_ROW: {Rule.MOST_IN_A_ROW},
    What.WEEKENDS: {Rule.WEEKENDS},
    What.OF_KIND: {Rule.MOST_OF_KIND},
    What.LEAST_HOURS: {Rule.LEAST_MINUTES},
    What.LEAST_IN_A_ROW: {Rule.LEAST_IN_A_ROW},
    What.LEAST_OFF: {Rule.LEAST_OFF_IN_A_ROW},
    What.FROZEN: {Rule.FROZEN},
}

STRICT = Person(
    id="ana",
    hours=(Hours(first=0, until=6, most=480), Hours(first=6, until=7, least=480)),
    most_of_kind={"evening": 0},
    most_in_a_row=2,
    least_in_a_row=2,
    least_off_in_a_row=2,
    most_nights_in_a_row=1,
    most_weekends=0,
    rest=600,
)
#: Breaks each rule of a fact once. Day 0 is a Thursday.
WORST = on("0 evening", "1 day", "2 night", "3 night", "5 day")


def strict() -> Problem:
    problem = small(
        people=(STRICT,),
        first_weekday=3,
        frozen=1,
        absences=(Absence(id="fair", person="ana", shifts=frozenset({Shift(1, "day")})),),
    )
    problem = replace(problem, kinds=(DAY, replace(EVENING, never_before=frozenset({"day"})), NIGHT))
    everyone = {Shift(5, "day"): frozenset({"certified"})}
    covers = tuple(replace(cover, everyone=everyone.get(cover.shift, frozenset())) for cover in problem.covers)
    return replace(problem, covers=covers)


@pytest.mark.parametrize("what", RULES, ids=str)
def test_a_fact_that_ends_takes_its_own_reasons_with_it_and_no_others(what: What) -> None:
    problem = strict()
    gone = [fact for fact in facts_of(problem) if fact.what is what]
    before, after = broken(problem, WORST), broken(without(problem, gone), WORST)
    assert {reason.rule for reason in before} == set().union(*RULES.values())
    assert after == [reason for reason in before if reason.rule not in RULES[what]]


def test_one_day_of_an_absence_and_one_rest_end_alone() -> None:
    two_days = frozenset({Shift(0, "day"), Shift(1, "day")})
    problem = small(
        people=(Person(id="ana", rest=1000),), absences=(Absence(id="fair", person="ana", shifts=two_days),)
    )
    roster = on("0 day", "1 day", "2 evening", "3 day", "4 day")
    assert {(each.rule, each.day) for each in broken(problem, roster)} == {
        (Rule.AWAY, 0),
        (Rule.AWAY, 1),
        (Rule.REST, 1),
        (Rule.REST, 3),
        (Rule.REST, 4),
    }  # fmt: skip
    eased = without(problem, [Fact(What.AWAY, "ana", 1, 2, "fair"), Fact(What.REST, "ana", 2)])
    assert [(each.rule, each.day) for each in broken(eased, roster)] == [(Rule.AWAY, 0), (Rule.REST, 1), (Rule.REST, 4)]


def test_without_any_fact_only_what_nobody_can_change_is_left() -> None:
    bare = keeping(strict(), frozenset())
    assert broken(bare, WORST) == []
    assert [each.rule for each in broken(bare, WORST | on("0 day"))] == [Rule.ONE_A_DAY]
    locked = small(locked=on("2 day"))
    assert keeping(locked, frozenset()).locked == frozenset()


@settings(max_examples=60)
@given(problems())
def test_with_all_its_facts_a_problem_is_itself(problem: Problem) -> None:
    assert keeping(problem, frozenset(facts_of(problem))) == problem
