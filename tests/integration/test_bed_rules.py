"""Whom a house can offer a bed: rules by number and version, answered yes, no or not asked, and never in the way."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db
from respite.core.due import sweep
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import RuleSaysNo
from respite.guests.models import CouldNotOffer, Guest, RuleAnswer, Stay, Waiting
from respite.guests.policy.bed_fit import Judged, Says
from respite.guests.policy.offers import How
from respite.guests.service.arriving import welcome_new
from respite.guests.service.bed_fit import Fit, judged_of
from respite.guests.service.could_not_offer import not_for_waiting
from respite.guests.service.erasing import erase_guest
from respite.guests.service.ground import Ground
from respite.guests.service.leaving import leave
from respite.guests.service.offer_line import line_for, place_of
from respite.guests.service.people import Named, Nameless
from respite.guests.service.rule_answers import answer_rule
from respite.houses.bed_rules import bed_rules_now
from respite.houses.models import Bed, BedRule, House
from respite.houses.policy.bed_rules import RuleKind, RuleWords
from respite.houses.queries import rules_now, tonight
from respite.houses.service.bed_rules import add_bed_rule, change_bed_rule, end_bed_rule
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from respite.promises.models import Promise
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.waiting_line import DAY, MINUTE, Line

ActorIn = Callable[..., Actor]
AGE = RuleWords(kind=RuleKind.AGE, least_age=18)
VETERANS = RuleWords(kind=RuleKind.VETERANS)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, chairs=2, now=SUNDAY
    )


@pytest.fixture
def line(house: House, actor_in: ActorIn) -> Line:
    return Line(house, actor_in)


@pytest.fixture
def lead(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.COORDINATOR, "Cora")


def judged(house: House, row: Waiting, now=SUNDAY) -> list[Judged]:  # type: ignore[no-untyped-def]
    session = db.session()
    house = session.get_one(House, house.id)
    rules = rules_now(session, house.id)
    assert row.guest_id is not None
    found = judged_of(session, Ground(house, rules, tonight(house, rules, now), now), [row.guest_id])[row.guest_id]
    db.session.rollback()
    return found


def says(house: House, row: Waiting, **at) -> list[tuple[int, int, str]]:  # type: ignore[no-untyped-def]
    return [(each.number, each.edition, str(each.says)) for each in judged(house, row, **at)]


def answers(line: Line, row: Waiting, number: int, said: Says, **more) -> None:  # type: ignore[no-untyped-def]
    assert row.guest_id is not None
    answer_rule(line.dana, row.guest_id, number, said, **{"now": SUNDAY, **more})


# -- the rules --------------------------------------------------------------------------------------------------------


def test_rules_are_numbered_from_two_and_a_change_is_a_version(house: House, lead: Actor) -> None:
    assert add_bed_rule(lead, house.id, AGE, now=SUNDAY).number == 2
    assert add_bed_rule(lead, house.id, VETERANS, now=SUNDAY).number == 3
    changed = change_bed_rule(lead, house.id, 2, replace(AGE, least_age=21), edition_seen=1, now=SUNDAY)
    assert (changed.number, changed.edition) == (2, 2)
    same = change_bed_rule(lead, house.id, 2, replace(AGE, least_age=21), edition_seen=2, now=SUNDAY)
    assert same.edition == 2
    kept = [(each.edition, each.least_age, each.ended_at) for each in rows(BedRule, BedRule.number == 2)]
    assert sorted(kept, key=str) == [(1, 18, SUNDAY), (2, 21, None)]
    with pytest.raises(StaleVersion):
        change_bed_rule(lead, house.id, 2, AGE, edition_seen=1, now=SUNDAY)


def test_a_number_is_never_given_again_and_a_rule_can_come_back(house: House, lead: Actor) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    end_bed_rule(lead, house.id, 2, now=SUNDAY)
    assert add_bed_rule(lead, house.id, VETERANS, now=SUNDAY).number == 3
    assert [rule.number for rule in bed_rules_now(db.session(), house.id)] == [3]
    db.session.rollback()
    assert change_bed_rule(lead, house.id, 2, AGE, edition_seen=1, now=SUNDAY).edition == 2
    assert [rule.number for rule in bed_rules_now(db.session(), house.id)] == [2, 3]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (RuleWords(kind="diagnosis"), "kind"),
        (RuleWords(kind=RuleKind.AGE), "least_age"),
        (RuleWords(kind=RuleKind.AREA), "words_en"),
        (RuleWords(kind=RuleKind.OWN, words_en="x" * 161), "words_en"),
        (RuleWords(kind=RuleKind.WOMEN, least_age=18), "least_age"),
    ],
)
def test_what_is_no_rule_is_refused_by_field(house: House, lead: Actor, wanted: RuleWords, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_bed_rule(lead, house.id, wanted, now=SUNDAY)
    assert list(refused.value.fields) == [field]


def test_only_who_sets_rules_sets_them(house: House, actor_in: ActorIn) -> None:
    with pytest.raises(NotFound):
        add_bed_rule(actor_in(house.id, Role.PEER), house.id, AGE, now=SUNDAY)


# -- answers ----------------------------------------------------------------------------------------------------------


def test_each_is_yes_no_or_not_asked_with_its_number_and_version(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    add_bed_rule(lead, house.id, VETERANS, now=SUNDAY)
    ana = line.waits("Ana")
    assert says(house, ana) == [(1, 1, "yes"), (2, 1, "not-asked"), (3, 1, "not-asked")]
    answers(line, ana, 2, Says.YES)
    answers(line, ana, 3, Says.NO)
    assert says(house, ana) == [(1, 1, "yes"), (2, 1, "yes"), (3, 1, "no")]
    answers(line, ana, 3, Says.NOT_ASKED)
    assert [row.number for row in rows(RuleAnswer)] == [2]
    told = [event.data for event in rows(Event, Event.kind == "guest.rule.answered")]
    assert [json.loads(data)["says"] for data in told] == ["yes", "no", "not-asked"]


def test_an_answer_belongs_to_the_version_it_was_given_to(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    ana = line.waits("Ana")
    answers(line, ana, 2, Says.NO)
    change_bed_rule(lead, house.id, 2, replace(AGE, least_age=16), now=SUNDAY)
    assert says(house, ana)[1:] == [(2, 2, "not-asked")]
    with pytest.raises(StaleVersion):
        answers(line, ana, 2, Says.YES, edition_seen=1)


def test_whoever_comes_back_is_asked_like_anybody(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY - 2 * DAY)
    stay = welcome_new(line.dana, house.id, who=Named("Wes"), nights=1, at=SUNDAY - DAY, now=SUNDAY - DAY)
    assert stay.guest_id is not None
    answer_rule(line.dana, stay.guest_id, 2, Says.YES, now=SUNDAY - DAY)
    leave(line.dana, stay.id, now=SUNDAY)
    back = line.waits_known(stay.guest_id)
    assert says(house, back, now=SUNDAY + MINUTE)[1:] == [(2, 1, "not-asked")]


def test_a_no_stops_an_offer_with_a_plain_reason_and_one_may_go_on(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, VETERANS, now=SUNDAY)
    ana = line.waits("Ana")
    answers(line, ana, 2, Says.NO)
    with pytest.raises(RuleSaysNo) as refused:
        line.offers(ana, how=How.CALL)
    assert "Rule 2 says no: This house is for veterans." in str(refused.value.sentence)
    line.offers(ana, how=How.CALL, fit=Fit(all_the_same=True))
    past = rows(Event, Event.kind == "guest.rule.gone-past")
    assert len(past) == 1
    assert past[0].subject == ana.guest_id


def test_who_has_a_no_is_passed_over_and_not_asked_by_itself(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, VETERANS, now=SUNDAY)
    ana, bea, cy = line.waits("Ana"), line.waits("Bea"), line.waits("Cy")
    answers(line, bea, 2, Says.NO)
    offer = line.offers(ana, goes_on=True)
    line.says("Ana", f"N{line.code(offer)}")
    sweep(SUNDAY + 2 * MINUTE)
    assert [name for name, _how in line.asked()] == ["Ana", "Cy"]
    assert line.waiting() == ["Ana", "Bea", "Cy"]
    assert cy.id


def test_a_no_leads_to_the_reason_it_is_counted_under(house: House, lead: Actor, line: Line) -> None:
    for rule in (
        AGE,
        VETERANS,
        RuleWords(kind=RuleKind.AREA, words_en="Denver"),
        RuleWords(kind=RuleKind.OWN, words_en="Q?"),
    ):
        add_bed_rule(lead, house.id, rule, now=SUNDAY)
    ana = line.waits("Ana")
    assert [str(each.reason) for each in judged(house, ana)] == ["nights", "age", "house-kind", "area", "other"]
    not_for_waiting(line.dana, ana.id, "age", now=SUNDAY)
    assert [row.reason for row in rows(CouldNotOffer)] == ["age"]


def test_the_nights_rule_says_no_with_the_day_it_changes(house: House, line: Line) -> None:
    stay = welcome_new(line.dana, house.id, who=Named("Wes"), nights=7, at=SUNDAY - 8 * DAY, now=SUNDAY - 8 * DAY)
    leave(line.dana, stay.id, now=SUNDAY - DAY)
    assert stay.guest_id is not None
    row = line.waits_known(stay.guest_id)
    nights = judged(house, row)[0]
    assert (nights.says, nights.changes_on) == (Says.NO, stay.first_night + timedelta(days=30))


# -- at the door ------------------------------------------------------------------------------------------------------


def test_at_the_door_the_same_rules_count(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    fit = Fit({2: Says.NO})
    for who in (Named("Wes"), Named("Ivo")):
        with pytest.raises(RuleSaysNo):
            welcome_new(line.dana, house.id, who=who, nights=1, fit=fit, now=SUNDAY)
    assert rows(Guest) == []
    stay = welcome_new(line.dana, house.id, who=Named("Wes"), nights=1, fit=replace(fit, all_the_same=True), now=SUNDAY)
    assert [(row.guest_id, row.answer) for row in rows(RuleAnswer)] == [(stay.guest_id, "no")]
    assert len(rows(Event, Event.kind == "guest.rule.gone-past")) == 1


def test_a_stay_without_a_name_keeps_no_answer(house: House, lead: Actor, line: Line) -> None:
    change_rules(lead, house.id, {"nameless_stays": True}, number_seen=None, now=SUNDAY)
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    with pytest.raises(RuleSaysNo):
        welcome_new(line.dana, house.id, who=Nameless(), nights=1, fit=Fit({2: Says.NO}), now=SUNDAY)
    welcome_new(line.dana, house.id, who=Nameless(), nights=1, fit=Fit({2: Says.NO}, all_the_same=True), now=SUNDAY)
    assert rows(RuleAnswer) == []


def test_nothing_asked_is_nothing_in_the_way(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    welcome_new(line.dana, house.id, who=Named("Wes"), nights=1, now=SUNDAY)
    line.offers(line.waits("Ana"), bed=1, how=How.CALL)
    assert len(rows(Stay)) == 2


# -- too young, and told when that changes ----------------------------------------------------------------------------

LATER = date(2026, 12, 20)


def test_only_the_day_is_kept_and_it_becomes_a_promise(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    ana = line.waits("Ana")
    answers(line, ana, 2, Says.NO, changes_on=LATER)
    assert [(row.answer, row.changes_on) for row in rows(RuleAnswer)] == [("no", LATER)]
    (promise,) = rows(Promise)
    assert (promise.kind, promise.way, promise.by_day, promise.subject_id) == ("callback", "call", True, ana.guest_id)
    answers(line, ana, 2, Says.NO, changes_on=LATER + DAY)
    assert sorted(row.state for row in rows(Promise)) == ["let-go", "open"]
    answers(line, ana, 2, Says.YES)
    assert {row.state for row in rows(Promise)} == {"let-go"}


def test_they_are_known_until_they_were_told_and_then_forgotten(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    ana = line.waits("Ana")
    answers(line, ana, 2, Says.NO, changes_on=LATER)
    not_for_waiting(line.dana, ana.id, "age", now=SUNDAY)
    sweep(SUNDAY + DAY)
    assert len(rows(Guest)) == 1
    assert says(house, ana, now=SUNDAY + 40 * DAY)[1:] == [(2, 1, "not-asked")]
    for days in (45, 46):
        sweep(SUNDAY + days * DAY)
    assert (rows(Guest), rows(RuleAnswer), rows(Promise)) == ([], [], [])


@pytest.mark.parametrize("sooner_first", [True, False])
def test_of_two_age_rules_each_keeps_its_own_day(house: House, lead: Actor, line: Line, sooner_first: bool) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    add_bed_rule(lead, house.id, replace(AGE, least_age=21), now=SUNDAY)
    ana = line.waits("Ana")
    days = [(2, LATER), (3, LATER + 60 * DAY)]
    for number, day in days if sooner_first else reversed(days):
        answers(line, ana, number, Says.NO, changes_on=day)
    not_for_waiting(line.dana, ana.id, "age", now=SUNDAY)
    for days_on in (45, 46):
        sweep(SUNDAY + days_on * DAY)
    assert [(row.number, row.changes_on) for row in rows(RuleAnswer)] == [(3, LATER + 60 * DAY)]
    assert len(rows(Guest)) == 1
    for days_on in (105, 106):
        sweep(SUNDAY + days_on * DAY)
    assert (rows(Guest), rows(RuleAnswer)) == ([], [])


def test_two_age_rules_that_change_on_one_day_are_one_promise_until_neither_does(
    house: House, lead: Actor, line: Line
) -> None:
    for age in (18, 16):
        add_bed_rule(lead, house.id, RuleWords("age", least_age=age), now=SUNDAY)
    ana = line.waits("Ana")
    for number in (2, 3):
        answers(line, ana, number, Says.NO, changes_on=LATER)
    assert still_promised() == 1
    answers(line, ana, 2, Says.NO, changes_on=LATER + DAY)
    assert still_promised() == 2, "the day of the other stands"
    answers(line, ana, 2, Says.YES)
    assert still_promised() == 1
    answers(line, ana, 3, Says.YES)
    assert still_promised() == 0


def still_promised() -> int:
    return len(rows(Promise, Promise.state == "open"))


@pytest.mark.parametrize(("day", "said"), [(date(2026, 11, 22), Says.NO), (LATER, Says.YES)])
def test_no_day_that_is_over_and_none_beside_a_yes(
    house: House, lead: Actor, line: Line, day: date, said: Says
) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    with pytest.raises(Invalid) as refused:
        answers(line, line.waits("Ana"), 2, said, changes_on=day)
    assert list(refused.value.fields) == ["changes_on"]


def test_erasing_takes_answers_along(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)
    ana = line.waits("Ana")
    answers(line, ana, 2, Says.NO)
    assert ana.guest_id is not None
    erase_guest(lead, ana.guest_id, now=SUNDAY)
    assert rows(RuleAnswer) == []


# -- how much is asked of the database --------------------------------------------------------------------------------


def test_who_is_next_is_read_in_as_many_questions_for_many_as_for_one(house: House, lead: Actor, line: Line) -> None:
    add_bed_rule(lead, house.id, AGE, now=SUNDAY)

    def asked() -> int:
        db.session.remove()
        session = db.session()
        place_in = session.get_one(House, house.id)
        rules = rules_now(session, house.id)
        here = Ground(place_in, rules, tonight(place_in, rules, SUNDAY), SUNDAY)
        place = place_of(session, session.get_one(Bed, line.beds[0]), here.tonight, SUNDAY)
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        line_for(session, here, place, None, SUNDAY)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()
        return len(seen)

    answers(line, line.waits("Ana"), 2, Says.YES)
    one = asked()
    for name in ("Bea", "Cy", "Di", "Eve", "Flo", "Gil"):
        answers(line, line.waits(name), 2, Says.YES)
    assert (asked(), one <= 9) == (one, True)


def test_unknown_numbers_and_other_houses_are_nothing(house: House, lead: Actor, line: Line) -> None:
    ana = line.waits("Ana")
    with pytest.raises(NotFound):
        answers(line, ana, 2, Says.YES)
    with pytest.raises(NotFound):
        answer_rule(line.dana, uuid.uuid4(), 2, Says.YES, now=SUNDAY)
