"""One place of a draft by hand: put on, opened, kept for the next filling, moved to another; rules and reasons."""

from __future__ import annotations

import re
import uuid
from datetime import time, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses.models import House
from respite.staffing.errors import AlreadyOn, RosterOver, RulesAgainst, ShiftOver
from respite.staffing.models import Override, Roster, RosterSeat, Shift
from respite.staffing.queries.places import Place
from respite.staffing.service.overruling import Anyway
from respite.staffing.service.publishing import publish
from respite.staffing.service.rosters import begin_roster, drop_roster
from respite.staffing.service.runs import begin_run, finish_run, take_run
from respite.staffing.service.seats import keep_seat, put_in
from tests.duty import MONDAY, give, off, pattern, places, turn
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import rows

TUESDAY = MONDAY + timedelta(days=1)
WHY = "Both asked for it."
REST = "8 h of rest after Night, Mon 30 Nov; 10 h are needed"
PAGE = "/houses/juniper-house/roster"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask, juniper: House) -> House:
    for name in ("Day", "Evening", "Night"):
        places(juniper, pattern(juniper, name), MONDAY, 7)
    return juniper


@pytest.fixture
def ana(house: House, person: MakePerson) -> uuid.UUID:
    return person("ana@example.org", {house.id: Role.PEER}, "Ana")


@pytest.fixture
def ben(house: House, person: MakePerson) -> uuid.UUID:
    return person("ben@example.org", {house.id: Role.PEER}, "Ben")


@pytest.fixture
def draft(house: House) -> Roster:
    return begin_roster(COMMAND, house.id, first_day=MONDAY, until=MONDAY + timedelta(days=7), now=SUNDAY)


@pytest.fixture
def lead(app: Flask, house: House, person: MakePerson) -> FlaskClient:
    person("lead@example.org", {house.id: Role.COORDINATOR}, "Dana")
    browser = app.test_client()
    sign_in(browser, "lead@example.org")
    return browser


def place(house: House, name: str, day: object = MONDAY) -> Place:
    (found,) = turn(house, name, day)  # type: ignore[arg-type]
    db.session.rollback()
    return found


def put(draft: Roster, there: Place, who: uuid.UUID | None, **more: object) -> None:
    put_in(COMMAND, draft.id, there.shift_id, person_id=who, now=SUNDAY, **more)  # type: ignore[arg-type]


def address(draft: Roster, there: Place) -> str:
    return f"/rosters/{draft.id}/places/{there.shift_id}"


def words(page: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found[1]


def test_a_place_is_given_kept_and_opened_and_nobody_else_sees_it(house: House, draft: Roster, ana: uuid.UUID) -> None:
    put(draft, place(house, "Day"), ana)
    there = place(house, "Day")
    assert (there.person_id, there.locked, there.how) == (ana, True, "set")
    assert rows(Shift, Shift.person_id.is_not(None)) == []
    keep_seat(COMMAND, draft.id, there.shift_id, stays=False, now=SUNDAY)
    assert not place(house, "Day").locked
    put(draft, there, None)
    assert (place(house, "Day").person_id, place(house, "Day").locked) == (None, False)
    with pytest.raises(Invalid):
        keep_seat(COMMAND, draft.id, there.shift_id, stays=True, now=SUNDAY)


def test_the_judge_is_asked_of_what_the_draft_has(house: House, draft: Roster, ana: uuid.UUID) -> None:
    put(draft, place(house, "Night"), ana)
    with pytest.raises(RulesAgainst):
        put(draft, place(house, "Evening", TUESDAY), ana)
    assert place(house, "Evening", TUESDAY).person_id is None
    put(draft, place(house, "Evening", TUESDAY), ana, anyway=Anyway(WHY))
    (stands,) = rows(Override)
    assert (stands.roster_id, stands.rules, stands.person_id) == (draft.id, ["rest"], ana)
    put(draft, place(house, "Evening", TUESDAY), None)
    assert rows(Override) == []


def test_at_the_same_time_nobody_is_twice_whatever_the_reason(house: House, draft: Roster, ana: uuid.UUID) -> None:
    places(house, pattern(house, "Second day", hours=(time(8), time(12))), MONDAY, 1)
    put(draft, place(house, "Day"), ana)
    with pytest.raises(AlreadyOn):
        put(draft, place(house, "Second day"), ana, anyway=Anyway(WHY))


def test_a_name_moves_and_whoever_was_there_takes_its_place(
    house: House, draft: Roster, ana: uuid.UUID, ben: uuid.UUID
) -> None:
    day, evening = place(house, "Day"), place(house, "Evening")
    put(draft, day, ana)
    put(draft, evening, ana, taken_from=day.shift_id)
    assert (place(house, "Day").person_id, place(house, "Evening").person_id) == (None, ana)
    put(draft, day, ben)
    put(draft, day, ana, taken_from=evening.shift_id)
    assert (place(house, "Day").person_id, place(house, "Evening").person_id) == (ana, ben)
    with pytest.raises(StaleVersion):
        put(draft, day, ben, taken_from=place(house, "Day", TUESDAY).shift_id)


def test_both_who_change_places_are_judged(house: House, draft: Roster, ana: uuid.UUID, ben: uuid.UUID) -> None:
    """Ben would come to Monday's day without any trouble; Ana's Tuesday evening would follow his night."""
    put(draft, place(house, "Night"), ben)
    put(draft, place(house, "Day"), ben, anyway=Anyway("a long day"))
    put(draft, place(house, "Evening", TUESDAY), ana)
    with pytest.raises(RulesAgainst) as refused:
        put(draft, place(house, "Day"), ana, taken_from=place(house, "Evening", TUESDAY).shift_id)
    assert [(each.person_id, [str(r.rule) for r in each.reasons]) for each in refused.value.judged] == [(ben, ["rest"])]
    assert place(house, "Day").person_id == ben
    put(draft, place(house, "Day"), ana, taken_from=place(house, "Evening", TUESDAY).shift_id, anyway=Anyway(WHY))
    assert {(each.person_id, each.why) for each in rows(Override)} == {(ben, WHY)}


def test_filling_keeps_what_stays_whatever_it_breaks(house: House, draft: Roster, ana: uuid.UUID) -> None:
    put(draft, place(house, "Night"), ana)
    put(draft, place(house, "Evening", TUESDAY), ana, anyway=Anyway(WHY))
    put(draft, place(house, "Day", MONDAY + timedelta(days=4)), ana, stays=False)
    run = begin_run(COMMAND, draft.id, now=SUNDAY)
    task = take_run(run.id, "test", now=SUNDAY)
    assert task is not None
    locked = [each for posed in task.posed for each in posed.problem.locked]
    assert sorted((each.person, each.day) for each in locked) == [(str(ana), 0), (str(ana), 1)]
    nobody = [
        {
            "state": "found", "roster": [list(each) for each in posed.problem.locked], "objective": 0, "bound": 0,
            "seconds": 0, "gaps": [], "causes": [], "least": None, "least_proven": False,
        }
        for posed in task.posed
    ]  # fmt: skip
    assert finish_run(task, nobody, now=SUNDAY) == "done"
    assert place(house, "Evening", TUESDAY).person_id == ana
    assert place(house, "Day", MONDAY + timedelta(days=4)).person_id is None
    assert [each.why for each in rows(Override)] == [WHY]


def test_what_was_decided_in_the_draft_stands_when_it_is_given_out(
    house: House, draft: Roster, ana: uuid.UUID, ben: uuid.UUID
) -> None:
    put(draft, place(house, "Night"), ana)
    evening = place(house, "Evening", TUESDAY)
    put(draft, evening, ana, anyway=Anyway(WHY))
    put(draft, place(house, "Night", MONDAY + timedelta(days=3)), ben)
    friday = place(house, "Evening", MONDAY + timedelta(days=4))
    put(draft, friday, ben, anyway=Anyway("Agreed with Ben."))
    put(draft, place(house, "Night", MONDAY + timedelta(days=3)), None)  # no rule speaks against Friday any more
    publish(COMMAND, draft.id, now=SUNDAY)
    (stands,) = rows(Override)
    assert (stands.shift_id, stands.roster_id, stands.rules) == (evening.shift_id, None, ["rest"])
    assert rows(Shift, Shift.id == friday.shift_id)[0].person_id == ben
    with pytest.raises(RosterOver):
        put(draft, evening, None)


def test_what_has_come_up_since_is_judged_when_the_draft_is_given_out(
    house: House, draft: Roster, ana: uuid.UUID, ben: uuid.UUID
) -> None:
    evening, night = place(house, "Evening", TUESDAY), place(house, "Night")
    put(draft, night, ana)
    put(draft, evening, ana, anyway=Anyway(WHY))
    put(draft, place(house, "Day"), ben)
    off(house, ana, TUESDAY, TUESDAY + timedelta(days=1))
    with pytest.raises(RulesAgainst) as refused:
        publish(COMMAND, draft.id, now=SUNDAY)
    found = {(each.shift_id, tuple(reason.rule for reason in each.reasons)) for each in refused.value.judged}
    assert found == {(evening.shift_id, ("away",)), (night.shift_id, ("away",))}, "what was decided stands as it is"
    assert rows(Shift, Shift.person_id.is_not(None)) == []
    assert rows(Roster)[0].state == "draft"
    with pytest.raises(RulesAgainst):
        publish(COMMAND, draft.id, anyway=Anyway("read something else", "0" * 16), now=SUNDAY)
    done = publish(COMMAND, draft.id, anyway=Anyway("Ana comes back for it.", refused.value.mark), now=SUNDAY)
    assert done.changed == 3
    stand = {(each.shift_id, each.why, *each.rules) for each in rows(Override)}
    assert stand == {
        (evening.shift_id, WHY, "rest"),
        (evening.shift_id, "Ana comes back for it.", "away"),
        (night.shift_id, "Ana comes back for it.", "away"),
    }


def test_the_page_says_what_has_come_up_since_and_takes_a_reason(
    lead: FlaskClient, house: House, draft: Roster, ana: uuid.UUID
) -> None:
    put(draft, place(house, "Evening", TUESDAY), ana, anyway=Anyway(WHY))
    off(house, ana, TUESDAY, TUESDAY + timedelta(days=1))
    refused = lead.post(f"/rosters/{draft.id}/publish", data={})
    assert refused.status_code == 409
    assert "Since it was filled, something has come up" in words(refused)
    assert "Ana: away until Wed 2 Dec (Evening, Tue 1 Dec)" in words(refused)
    sent = {"read": hidden(refused.text, "read"), "why": "She comes back for it."}
    assert lead.post(f"/rosters/{draft.id}/publish", data=sent).status_code == 303
    shown = words(lead.get("/houses/juniper-house/shifts?from=2026-11-30"))
    assert "She comes back for it." in shown


def test_what_is_not_of_the_draft_or_has_begun_is_not_changed(
    house: House, draft: Roster, ana: uuid.UUID, aspen: House
) -> None:
    monday = place(house, "Day")
    with transaction() as session:
        session.get_one(Roster, draft.id).first_day = TUESDAY
    with pytest.raises(NotFound):
        put(draft, monday, ana)
    with pytest.raises(ShiftOver):
        put_in(COMMAND, draft.id, place(house, "Day", TUESDAY).shift_id, person_id=ana, now=SUNDAY + timedelta(days=20))
    with pytest.raises(Invalid):
        put(draft, place(house, "Day", TUESDAY), uuid.uuid4())
    drop_roster(COMMAND, draft.id, now=SUNDAY)
    with pytest.raises(RosterOver):
        put(draft, place(house, "Day", TUESDAY), ana)
    assert rows(RosterSeat) == []


def test_a_published_place_in_a_draft_keeps_its_own_reason_until_then(
    house: House, draft: Roster, ana: uuid.UUID, ben: uuid.UUID
) -> None:
    evening = place(house, "Evening", TUESDAY)
    give(ana, place(house, "Night"), evening)
    with transaction() as session:
        session.add(
            Override(
                house_id=house.id, shift_id=evening.shift_id, person_id=ana, rules=["rest"], why="published",
                by="command", at=SUNDAY,
            )
        )  # fmt: skip
    off(house, ben, TUESDAY, TUESDAY + timedelta(days=1))
    put(draft, evening, ben, anyway=Anyway("in the draft"))
    assert sorted(each.why for each in rows(Override)) == ["in the draft", "published"]
    publish(COMMAND, draft.id, now=SUNDAY)
    assert [(each.why, each.person_id, each.roster_id) for each in rows(Override)] == [("in the draft", ben, None)]


def test_the_page_says_whom_it_fits_and_why_not_the_others(
    lead: FlaskClient, house: House, draft: Roster, ana: uuid.UUID, ben: uuid.UUID
) -> None:
    put(draft, place(house, "Night"), ana)
    evening = place(house, "Evening", TUESDAY)
    assert f'href="{address(draft, evening)}"' in lead.get(PAGE).text
    page = lead.get(address(draft, evening))
    fits, _mark, others = words(page).partition("A rule speaks against it")
    assert "Ben" in fits.partition("Whom it fits")[2]
    assert REST in others
    assert others.index("Ana") < others.index(REST)
    given = lead.post(address(draft, evening), data={"person": str(ben)}, follow_redirects=True)
    assert "Tuesday 1 December, 3 pm to 11 pm: Ben" in words(given)
    assert place(house, "Evening", TUESDAY).person_id == ben
    undo = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', given.text[given.text.index("data-flash") :]))
    undo = {name: value for name, value in undo.items() if name in ("person", "stays", "key")}
    assert lead.post(address(draft, evening), data=undo).status_code == 303
    assert place(house, "Evening", TUESDAY).person_id is None


def test_the_page_takes_a_reason_and_shows_it(lead: FlaskClient, house: House, draft: Roster, ana: uuid.UUID) -> None:
    put(draft, place(house, "Night"), ana)
    evening = place(house, "Evening", TUESDAY)
    refused = lead.post(address(draft, evening), data={"person": str(ana)})
    assert refused.status_code == 409
    assert f"Ana: {REST}" in words(refused)
    sent = {"person": str(ana), "read": hidden(refused.text, "read"), "why": WHY}
    page = lead.post(address(draft, evening), data=sent, follow_redirects=True)
    said = f"Against a rule of the house (rest between shifts): {WHY} · decided by Dana"
    assert f"Ana: {said}" in words(page)
    assert said in words(lead.get(address(draft, evening)))
    assert WHY not in words(lead.get("/houses/juniper-house/shifts?from=2026-12-01"))
    kept = lead.post(f"{address(draft, evening)}/stays", data={"stays": "no"}, follow_redirects=True)
    assert "The next filling may give it to somebody else." in words(kept)


def test_a_move_that_a_rule_speaks_against_comes_as_the_page_of_the_place(
    lead: FlaskClient, house: House, draft: Roster, ana: uuid.UUID
) -> None:
    put(draft, place(house, "Night"), ana)
    thursday = place(house, "Day", MONDAY + timedelta(days=3))
    put(draft, thursday, ana)
    evening = place(house, "Evening", TUESDAY)
    refused = lead.post(address(draft, evening), data={"person": str(ana), "from": str(thursday.shift_id)})
    assert (refused.status_code, f"Ana: {REST}" in words(refused)) == (409, True)
    assert hidden(refused.text, "from") == str(thursday.shift_id)
    sent = {name: hidden(refused.text, name) for name in ("person", "from", "read")} | {"why": WHY}
    moved = lead.post(address(draft, evening), data=sent, follow_redirects=True)
    assert place(house, "Day", MONDAY + timedelta(days=3)).person_id is None
    text = moved.text[moved.text.index("data-flash") :]
    assert f'action="{address(draft, thursday)}"' in text
    undo = {"person": str(ana), "from": str(evening.shift_id)}
    assert lead.post(address(draft, thursday), data=undo).status_code == 303
    assert place(house, "Day", MONDAY + timedelta(days=3)).person_id == ana


def test_a_peer_finds_no_place_of_a_draft(app: Flask, house: House, draft: Roster, ana: uuid.UUID) -> None:
    browser = app.test_client()
    sign_in(browser, "ana@example.org")
    there = place(house, "Day")
    assert browser.get(address(draft, there)).status_code == 404
    assert browser.post(address(draft, there), data={"person": str(ana)}).status_code == 404
    assert browser.post(f"{address(draft, there)}/stays", data={"stays": "yes"}).status_code == 404
    assert rows(RosterSeat) == []
