"""A choosing week: shifts of a draft taken within the rules, people asked once and nudged once. On both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from respite.accounts.actor import Actor
from respite.core.db import db
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.policy.states import State
from respite.staffing import solver
from respite.staffing.errors import AlreadyFilling, ChoosingOver, PlaceTaken, RosterOver, StillChoosing
from respite.staffing.models import RosterRun, Shift
from respite.staffing.queries.choosing import heard_of
from respite.staffing.roster.reasons import Rule
from respite.staffing.service import choosing, choosing_weeks, duty_ends, rosters, runs
from respite.staffing.service.publishing import publish
from tests.choosing import THURSDAY, Week, answer, goes_until, stands, texts
from tests.duty import MONDAY, give, peer
from tests.offers import DAY, HOUR
from tests.places import SUNDAY
from tests.texts_in import rows


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def week(juniper: House, actor_in: Callable[..., Actor]) -> Week:
    return Week(juniper, actor_in)


@pytest.fixture
def ana(week: Week) -> Actor:
    return week.crew.peer("Ana")


@pytest.fixture
def bo(week: Week) -> Actor:
    return week.crew.peer("Bo")


# -- asked ---------------------------------------------------------------------------------------------------------


def test_everybody_who_may_have_shifts_is_asked_once(week: Week, ana: Actor, bo: Actor) -> None:
    quiet = week.crew.peer("Cy", consents=())
    peer(week.house, week.crew.peer("Di").id, wanted_minutes=0)
    roster = week.begins()
    assert sorted(week.crew.texted("choosing-asked")) == ["Ana", "Bo"]
    assert answer(roster, quiet) is not None
    assert {name for _id, name in heard_of(db.session(), roster).silent} == {"Ana", "Bo", "Cy"}
    code = week.code(roster)
    text = texts("choosing-asked")[0].body
    assert f"Y{code} done, N{code} choose for me" in text
    assert "from Mon Nov 30 on, until Thu Nov 26, 6p" in text
    assert "/me/choosing" in text


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (SUNDAY + timedelta(minutes=30), "an hour at least"),
        (SUNDAY + 9 * DAY, "before the first of these days begins"),
    ],
)
def test_an_end_that_cannot_be_begins_nothing(week: Week, ana: Actor, until: object, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        week.begins(until)  # type: ignore[arg-type]
    assert said in refused.value.fields["choose_day"]
    assert rows(Message) == []


def test_nothing_to_choose_begins_nothing(week: Week, ana: Actor) -> None:
    for day in range(7):
        give(ana.id, week.place("Day", MONDAY + day * DAY), week.place("Evening", MONDAY + day * DAY))
    with pytest.raises(Invalid):
        week.begins()


# -- chosen --------------------------------------------------------------------------------------------------------


def test_a_place_is_taken_given_back_and_taken_by_another(week: Week, ana: Actor, bo: Actor) -> None:
    roster, place = week.begins(), week.place()
    assert choosing.take(ana, roster.id, place.shift_id, now=SUNDAY) == []
    assert choosing.take(ana, roster.id, place.shift_id, now=SUNDAY) == []
    assert week.seats(roster) == {place.shift_id: "Ana locked"}
    with pytest.raises(PlaceTaken):
        choosing.take(bo, roster.id, place.shift_id, now=SUNDAY)
    choosing.give_back(bo, roster.id, place.shift_id, now=SUNDAY)
    assert week.seats(roster) == {place.shift_id: "Ana locked"}
    choosing.give_back(ana, roster.id, place.shift_id, now=SUNDAY)
    choosing.give_back(ana, roster.id, place.shift_id, now=SUNDAY)
    assert choosing.take(bo, roster.id, place.shift_id, now=SUNDAY) == []
    assert week.seats(roster) == {place.shift_id: "Bo locked"}
    assert rows(Shift, Shift.person_id.is_not(None)) == []  # a draft is nobody's shift yet


def test_the_rules_hold_as_everywhere(week: Week, ana: Actor) -> None:
    roster = week.begins()
    assert choosing.take(ana, roster.id, week.place("Evening").shift_id, now=SUNDAY) == []
    (same_day,) = choosing.take(ana, roster.id, week.place("Day").shift_id, now=SUNDAY)
    assert same_day.rule == Rule.ONE_A_DAY
    (rest,) = choosing.take(ana, roster.id, week.place("Day", MONDAY + DAY).shift_id, now=SUNDAY)
    assert (rest.rule, rest.have) == (Rule.REST, 8 * 60)
    assert len(week.seats(roster)) == 1


def test_what_is_given_out_or_of_another_week_is_not_chosen(week: Week, ana: Actor, bo: Actor) -> None:
    given = week.place("Evening")
    give(bo.id, given)
    roster = week.begins()
    for shift_id in (given.shift_id, week.crew.shift().id):
        with pytest.raises(NotFound):
            choosing.take(ana, roster.id, shift_id, now=SUNDAY)


def test_a_draft_is_nobody_elses_business(week: Week, ana: Actor) -> None:
    roster = rosters.begin_roster(week.lead, week.house.id, first_day=MONDAY, until=MONDAY + 7 * DAY, now=SUNDAY)
    for act in (
        lambda: choosing.take(ana, roster.id, week.place().shift_id, now=SUNDAY),
        lambda: choosing.done(ana, roster.id, now=SUNDAY),
    ):
        with pytest.raises(NotFound):
            act()


def test_done_with_or_without_choosing_and_not_after_all(week: Week, ana: Actor, bo: Actor) -> None:
    roster = week.begins()
    choosing.take(ana, roster.id, week.place().shift_id, now=SUNDAY)
    heard = heard_of(db.session(), roster)
    assert ([n for _i, n in heard.choosing], [n for _i, n in heard.silent]) == (["Ana"], ["Bo"])
    choosing.done(bo, roster.id, now=SUNDAY)
    choosing.done(bo, roster.id, now=SUNDAY + HOUR)
    standing = answer(roster, bo)
    assert standing is not None
    assert standing.answered_at == SUNDAY
    choosing.not_done(bo, roster.id, now=SUNDAY)
    assert [n for _i, n in heard_of(db.session(), stands(roster)).silent] == ["Bo"]


def test_who_came_later_chooses_with_the_others(week: Week, ana: Actor) -> None:
    roster = week.begins()
    late = week.crew.peer("Lou")
    assert choosing.take(late, roster.id, week.place().shift_id, now=SUNDAY) == []
    assert [name for _id, name in heard_of(db.session(), roster).choosing] == ["Lou"]


# -- by text -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Y", "N"])
def test_a_code_says_done_and_nobody_waits_for_them(week: Week, ana: Actor, word: str) -> None:
    roster = week.begins()
    said = f"{word}{week.code(roster)}"
    assert week.crew.says("Ana", said) == "choosing-done"
    assert week.crew.says("Ana", said) == "choosing-done"
    assert "until Thu Nov 26, 6p" in texts("choosing-done")[0].body
    standing = answer(roster, ana)
    assert standing is not None
    assert standing.answered_at == SUNDAY


def test_a_bare_word_counts_while_it_is_the_only_question(week: Week, ana: Actor) -> None:
    week.begins()
    assert week.crew.says("Ana", "yes") == "choosing-done"
    assert week.crew.says("Ana", "yes") is None  # answered: a person reads it


def test_an_answer_that_comes_too_late_is_told_so(week: Week, ana: Actor) -> None:
    roster = week.begins()
    said = f"Y{week.code(roster)}"
    assert week.crew.says("Ana", said, THURSDAY) == "choosing-over"  # over when read, swept or not
    goes_until(THURSDAY, THURSDAY)
    assert week.crew.says("Ana", said, THURSDAY + HOUR) == "choosing-over"


def test_a_spanish_text_says_the_same(week: Week) -> None:
    week.crew.peer("Ida", language="es")
    code = week.code(week.begins())
    assert "elige turnos hasta jue 26 nov, 18:00: " in texts("choosing-asked")[0].body
    assert f"Y{code} listo, N{code} sin elegir" in texts("choosing-asked")[0].body


# -- nudged --------------------------------------------------------------------------------------------------------


def test_one_nudge_for_each_who_was_not_heard_from_ever(week: Week, ana: Actor, bo: Actor) -> None:
    cy = week.crew.peer("Cy")
    roster = week.begins()
    assert choosing_weeks.nudge(week.lead, roster.id, now=SUNDAY) == []  # their question has not left yet
    week.crew.delivered("Ana", "Bo", "Cy")
    choosing.take(ana, roster.id, week.place().shift_id, now=SUNDAY)
    choosing.done(bo, roster.id, now=SUNDAY)
    assert choosing_weeks.nudge(week.lead, roster.id, now=SUNDAY + HOUR) == [cy.id]
    assert choosing_weeks.nudge(week.lead, roster.id, now=SUNDAY + HOUR) == []
    week.crew.delivered("Cy")
    goes_until(THURSDAY + HOUR)
    assert week.crew.texted("choosing-nudge") == ["Cy"]
    standing = answer(roster, cy)
    assert standing is not None
    assert standing.nudged_at == SUNDAY + HOUR


def test_the_nudge_goes_out_by_itself_a_day_before_the_end(week: Week, ana: Actor, bo: Actor) -> None:
    roster = week.begins()
    week.crew.delivered("Ana", "Bo")
    choosing.done(bo, roster.id, now=SUNDAY)
    goes_until(THURSDAY - DAY - HOUR)
    assert week.crew.texted("choosing-nudge") == []
    goes_until(THURSDAY - DAY + HOUR, THURSDAY - DAY)
    assert week.crew.texted("choosing-nudge") == ["Ana"]


# -- over ----------------------------------------------------------------------------------------------------------


def test_when_its_time_is_over_what_was_chosen_stays_and_filling_covers_the_rest(
    week: Week, ana: Actor, bo: Actor
) -> None:
    roster, place = week.begins(), week.place("Day", MONDAY + 2 * DAY)
    choosing.take(ana, roster.id, place.shift_id, now=SUNDAY)
    for act in (runs.begin_run, publish, rosters.drop_roster):
        with pytest.raises(StillChoosing):
            act(week.lead, roster.id, now=SUNDAY)
    goes_until(THURSDAY)
    assert (stands(roster).state, week.seats(roster)) == ("draft", {place.shift_id: "Ana locked"})
    with pytest.raises(ChoosingOver):
        choosing.take(bo, roster.id, week.place().shift_id, now=THURSDAY)
    run = runs.begin_run(week.lead, roster.id, seconds=2, now=THURSDAY)
    solver.run(run.id)
    assert rows(RosterRun)[0].state == "done"
    seats = week.seats(roster)
    assert seats.pop(place.shift_id) == "Ana locked"
    assert len(seats) > 5
    assert not any("locked" in name for name in seats.values())
    publish(week.lead, roster.id, now=THURSDAY)
    assert rows(Shift, Shift.id == place.shift_id)[0].person_id == ana.id


def test_what_has_run_out_is_over_before_the_sweep_comes(week: Week, ana: Actor) -> None:
    roster = week.begins()
    runs.begin_run(week.lead, roster.id, now=THURSDAY)
    assert stands(roster).state == "draft"


def test_ended_earlier_and_taken_back(week: Week, ana: Actor) -> None:
    roster = week.begins()
    code = week.code(roster)
    choosing_weeks.end(week.lead, roster.id, now=SUNDAY)
    choosing_weeks.end(week.lead, roster.id, now=SUNDAY)
    assert [each.state for each in texts("choosing-asked")] == [State.CANCELED]
    assert week.crew.says("Ana", f"Y{code}") == "choosing-over"
    choosing_weeks.go_on(week.lead, roster.id, now=SUNDAY)
    assert stands(roster).state == "choosing"
    assert week.crew.texted("choosing-asked") == ["Ana"]
    assert week.crew.says("Ana", f"Y{code}") == "choosing-done"
    goes_until(THURSDAY)
    assert stands(roster).state == "draft"
    with pytest.raises(ChoosingOver):
        choosing_weeks.go_on(week.lead, roster.id, now=THURSDAY)


def test_another_end_moves_what_is_due_and_writes_waiting_texts_anew(week: Week, ana: Actor, bo: Actor) -> None:
    roster = week.begins()
    week.crew.delivered("Bo")
    choosing_weeks.prolong(week.lead, roster.id, choose_until=THURSDAY + DAY, now=SUNDAY)
    waiting = rows(Message, Message.state.in_((State.QUEUED, State.SCHEDULED)))
    assert ["until Fri Nov 27, 6p" in each.body for each in waiting] == [True]
    assert sorted(week.crew.texted("choosing-asked")) == ["Ana", "Bo"]
    goes_until(THURSDAY)
    assert stands(roster).state == "choosing"
    goes_until(THURSDAY + DAY, THURSDAY)
    assert stands(roster).state == "draft"


def test_a_draft_that_was_filled_is_opened_for_choosing(week: Week, ana: Actor, bo: Actor) -> None:
    roster = rosters.begin_roster(week.lead, week.house.id, first_day=MONDAY, until=MONDAY + 7 * DAY, now=SUNDAY)
    run = runs.begin_run(week.lead, roster.id, seconds=2, now=SUNDAY)
    with pytest.raises(AlreadyFilling):
        choosing_weeks.start(week.lead, roster.id, choose_until=THURSDAY, now=SUNDAY)
    solver.run(run.id)
    assert week.seats(roster)
    choosing_weeks.start(week.lead, roster.id, choose_until=THURSDAY, now=SUNDAY)
    assert week.seats(roster) == {}
    assert sorted(week.crew.texted("choosing-asked")) == ["Ana", "Bo"]
    with pytest.raises(StillChoosing):
        choosing_weeks.start(week.lead, roster.id, choose_until=THURSDAY, now=SUNDAY)


def test_asked_again_for_the_same_days_they_answer_again_and_no_second_nudge(week: Week, ana: Actor) -> None:
    roster = week.begins()
    week.crew.delivered("Ana")
    choosing_weeks.nudge(week.lead, roster.id, now=SUNDAY)
    week.crew.delivered("Ana")
    choosing.done(ana, roster.id, now=SUNDAY)
    choosing_weeks.end(week.lead, roster.id, now=SUNDAY)
    choosing_weeks.start(week.lead, roster.id, choose_until=THURSDAY, now=SUNDAY + HOUR)
    assert week.crew.texted("choosing-asked") == ["Ana", "Ana"]
    week.crew.delivered("Ana")
    assert choosing_weeks.nudge(week.lead, roster.id, now=SUNDAY + HOUR) == []
    choosing_weeks.end(week.lead, roster.id, now=SUNDAY + HOUR)
    rosters.drop_roster(week.lead, roster.id, now=SUNDAY + HOUR)
    with pytest.raises(RosterOver):
        choosing_weeks.start(week.lead, roster.id, choose_until=THURSDAY, now=SUNDAY + HOUR)


# -- who has no duty any more --------------------------------------------------------------------------------------


def test_who_steps_back_leaves_their_places_open_and_is_not_waited_for(week: Week, ana: Actor, bo: Actor) -> None:
    roster, place = week.begins(), week.place()
    choosing.take(ana, roster.id, place.shift_id, now=SUNDAY)
    duty_ends.step_back(ana, week.house.id, ana.id, now=SUNDAY)
    assert week.seats(roster) == {}
    assert answer(roster, ana) is None
    assert week.crew.texted("choosing-asked") == ["Bo"]
    assert choosing.take(bo, roster.id, place.shift_id, now=SUNDAY) == []


def test_a_filling_that_began_before_puts_nobody_back_on(week: Week, ana: Actor, bo: Actor) -> None:
    roster = rosters.begin_roster(week.lead, week.house.id, first_day=MONDAY, until=MONDAY + 7 * DAY, now=SUNDAY)
    run = runs.begin_run(week.lead, roster.id, seconds=2, now=SUNDAY)
    task = runs.take_run(run.id, "a test", now=SUNDAY)
    assert task is not None
    duty_ends.step_back(ana, week.house.id, ana.id, now=SUNDAY)
    assert runs.finish_run(task, [], now=SUNDAY) == "overtaken"


def test_only_those_who_keep_shifts_begin_and_end_it(week: Week, ana: Actor) -> None:
    roster = week.begins()
    for act in (choosing_weeks.end, choosing_weeks.nudge, choosing_weeks.go_on):
        with pytest.raises(NotFound):
            act(ana, roster.id, now=SUNDAY)
