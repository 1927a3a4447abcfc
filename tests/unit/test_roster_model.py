"""The solver against every roster there is, on small problems; public optima; how it is watched and stopped."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from respite.staffing.roster import model
from respite.staffing.roster.answers import Answer, Progress, State
from respite.staffing.roster.benchmark import read, read_roster, write_roster
from respite.staffing.roster.checking import against, broken
from respite.staffing.roster.costs import cost, gaps, uncovered
from respite.staffing.roster.parts import Assignment, Hours, Person
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.reasons import LEAST, Reason, Rule
from tests.rosters import SCARCE, every_roster, instance, on, problems, respite, small

ROOT = Path(__file__).resolve().parent.parent.parent
BEYOND = 10**12  # no row has such a bound but one that has none


@pytest.fixture
def one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny problem needs no portfolio."""
    monkeypatch.setattr(model, "WORKERS", 1)


@pytest.mark.slow
@pytest.mark.usefixtures("one_worker")
@settings(max_examples=150)
@given(problems())
def test_no_roster_is_better_than_the_one_found(problem: Problem) -> None:
    """All rosters of a tiny problem, judged one by one, against the model's answer."""
    good = list(every_roster(problem))
    answer = model.solve(problem, seconds=30)
    if not good:
        assert answer.state is State.IMPOSSIBLE
        assert {reason.rule for reason in answer.broken} & LEAST
        stands = set(broken(problem, problem.locked))
        assert {reason for reason in answer.broken if reason.rule not in LEAST} <= stands
        return
    assert answer.state is State.PROVEN
    assert answer.roster in good
    assert answer.objective == answer.bound == min(cost(problem, each).total for each in good)
    assert answer.coverage is not None
    assert answer.coverage.proven
    assert answer.coverage.least == min(uncovered(gaps(problem, each)) for each in good)
    assert [unmet.gap for unmet in answer.unmet] == gaps(problem, answer.roster)
    for unmet in answer.unmet:
        on_it = {each.person for each in answer.roster if each.shift == unmet.gap.shift}
        assert unmet.against.keys() == set(problem.person) - on_it
        for person, reasons in unmet.against.items():
            assert reasons == against(problem, answer.roster, person, *unmet.gap.shift)


def test_an_override_stays_and_nothing_is_added_to_it() -> None:
    locked = on("0 day", "0 night", "1 day", "2 day")
    problem = small(people=(Person(id="ana", rest=600, most_in_a_row=2),), locked=locked)
    answer = model.solve(problem, seconds=10)
    assert answer.state is State.PROVEN
    assert locked <= answer.roster
    assert answer.broken == broken(problem, locked) != []
    assert 3 not in {each.day for each in answer.roster}  # which would make it worse
    assert len(answer.roster) == len(locked) + 2


def test_where_not_every_least_can_be_kept_the_nearest_roster_says_which() -> None:
    """Two full weeks of hours in one week: everything else is still weighed."""
    ana = Person(id="ana", hours=(Hours(first=0, until=7, least=4800),))
    answer = model.solve(small(people=(ana, Person(id="ben"))), seconds=10)
    assert answer.state is State.IMPOSSIBLE
    assert [(each.rule, each.person, each.limit) for each in answer.broken] == [(Rule.LEAST_MINUTES, "ana", 4800)]
    assert len(answer.roster) == 14
    assert not [unmet for unmet in answer.unmet if unmet.against["ana"] == []]


def test_a_roster_that_the_judge_refuses_is_never_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [Reason(Rule.WEEKENDS, "ana", have=2, limit=1)]
    monkeypatch.setattr(model, "broken", lambda problem, roster: wrong if roster else [])
    with pytest.raises(RuntimeError, match="disagree"):
        model.solve(small(), seconds=10)


# -- the public instances and a house -------------------------------------------------------------------------------


def proven(number: int, objective: int) -> None:
    problem = read(instance(number))
    answer = model.solve(problem, seconds=200)
    written = read_roster(write_roster(problem, answer.roster), problem)
    assert answer.state is State.PROVEN
    assert answer.objective == answer.bound == cost(problem, written).total == objective
    assert broken(problem, written) == []


def test_the_published_optimum_is_proven_on_the_first_instance() -> None:
    proven(1, 607)


@pytest.mark.slow
@pytest.mark.parametrize("number, objective", [(2, 828), (3, 1001)])
def test_the_published_optimum_is_proven(number: int, objective: int) -> None:
    proven(number, objective)


def relaxed(problem: Problem) -> float:
    """The least cost of the problem's rows where halves and quarters of a shift count as well."""
    from ortools.linear_solver import pywraplp

    proto = model._weighed(problem, None, 1).rows.model.proto
    solver = pywraplp.Solver.CreateSolver("CLP")
    bounds = [list(each.domain) for each in proto.variables]
    variables = [solver.NumVar(each[0], each[-1], "") for each in bounds]
    for row in proto.constraints:
        low, high = list(row.linear.domain)
        least = -solver.infinity() if low < -BEYOND else low
        constraint = solver.Constraint(least, solver.infinity() if high > BEYOND else high)
        for place, weight in zip(row.linear.vars, row.linear.coeffs, strict=True):
            constraint.SetCoefficient(variables[place], constraint.GetCoefficient(variables[place]) + weight)
    terms = zip(proto.objective.vars, proto.objective.coeffs, strict=True)
    solver.Minimize(sum(weight * variables[place] for place, weight in terms) + proto.objective.offset)
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    return solver.Objective().Value()


@pytest.mark.parametrize("number, near, best", [(1, 430, 607), (4, 1530, 1716), (5, 930, 1143)])
def test_the_rows_alone_come_near_to_the_best_roster(number: int, near: int, best: int) -> None:
    """What the solver needs to prove anything in time: rows one by one for days in a row give 407, 1261 and 711."""
    assert near <= relaxed(read(instance(number))) <= best


def finished(problem: Problem) -> tuple[Answer, list[Progress]]:
    """Solve until the first weighed roster that leaves no more uncovered than must be."""
    heard: list[Progress] = []
    enough = threading.Event()

    def hear(progress: Progress) -> None:
        heard.append(progress)
        if len(heard) > 1 and progress.objective < 2000:
            enough.set()

    answer = model.solve(problem, seconds=120, on_progress=hear, should_stop=enough.is_set)
    return answer, heard


@pytest.mark.slow
def test_a_house_of_fourteen_is_covered_and_stops_when_it_is_asked_to() -> None:
    problem = respite(1)
    answer, heard = finished(problem)
    assert answer.coverage is not None
    assert (answer.coverage.least, answer.coverage.proven) == (0, True)
    assert answer.state in (State.FOUND, State.PROVEN)
    assert (answer.broken, answer.unmet) == ([], [])
    assert answer.seconds < 100
    objectives = [each.objective for each in heard]
    assert objectives == sorted(objectives, reverse=True)
    assert all(each.bound <= answer.objective for each in heard)
    assert answer.bound <= answer.objective == cost(problem, answer.roster).total <= heard[-1].objective


def test_what_cannot_be_fewer_is_proven() -> None:
    """Six of fourteen certified: some shifts must do without."""
    least = model.least_uncovered(respite(1, SCARCE), seconds=60)
    assert least.proven
    assert least.least == uncovered(gaps(respite(1, SCARCE), least.roster)) > 0
    assert {gap.tag for gap in gaps(respite(1, SCARCE), least.roster)} == {"certified"}
    assert broken(respite(1, SCARCE), least.roster) == []


def test_stopped_before_it_began_it_has_nothing_but_what_is_locked() -> None:
    locked = frozenset({Assignment("Ana", 3, "day")})
    answer = model.solve(replace(respite(1), locked=locked), seconds=60, should_stop=lambda: True)
    assert answer.state in (State.NOTHING_YET, State.FOUND)
    assert locked <= answer.roster


def test_the_caller_s_error_ends_the_solver_too() -> None:
    def fail(progress: Progress) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        model.solve(respite(1), seconds=60, on_progress=fail)
    assert not [thread for thread in threading.enumerate() if thread.name == "roster-solver"]


def test_a_web_process_never_loads_the_solver(tmp_path: Path) -> None:
    code = (
        "import sys; from respite.factory import create_app; create_app()\n"
        "print(sorted({'ortools', 'numpy', 'pandas'} & sys.modules.keys()))"
    )
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db", "PATH": "", "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True, timeout=120
    )
    assert told.stdout == "[]\n"
