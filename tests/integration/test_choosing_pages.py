"""A choosing week as pages: without scripts, for each person and for who keeps the shifts."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.houses.models import House
from respite.staffing.models import Roster, RosterSeat
from respite.staffing.service.runs import begin_run, stop_run
from tests.choosing import THURSDAY
from tests.duty import MONDAY, pattern, places, turn
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows

ROSTER = "/houses/juniper-house/roster"


@pytest.fixture
def house(juniper: House, person: MakePerson) -> House:
    for name in ("Day", "Evening"):
        places(juniper, pattern(juniper, name), MONDAY, 14)
    for name in ("Ana", "Bo", "Cy"):
        person(f"{name.lower()}@example.org", {juniper.id: Role.PEER}, name)
    person("lead@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    return juniper


@pytest.fixture
def lead(app: Flask, house: House) -> Browser:
    return Browser(app, "lead@example.org")


@pytest.fixture
def ana(app: Flask, house: House) -> Browser:
    return Browser(app, "ana@example.org")


@pytest.fixture
def week(lead: Browser) -> Roster:
    sent = lead.fill(ROSTER, ROSTER, first=str(MONDAY), weeks="2", choose_day="2026-11-26", choose_time="18:00")
    assert sent.status_code == 303
    (found,) = rows(Roster)
    return found


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def shift(house: House, name: str = "Day", day: object = MONDAY) -> uuid.UUID:
    return turn(house, name, day)[0].shift_id  # type: ignore[arg-type]


def press(browser: Browser, page: str, button: str, number: int = 0) -> TestResponse:
    form = [each for each in forms_of(browser.get(page)) if button in each.buttons][number]
    return browser.send(form)


def undo(browser: Browser, page: TestResponse) -> TestResponse:
    return browser.send(next(each for each in forms_of(page) if "Undo" in each.buttons))


def test_a_week_from_the_beginning_to_its_end(
    house: House, lead: Browser, ana: Browser, week: Roster, clock: StillClock
) -> None:
    page = f"/me/choosing/{week.id}"
    assert (week.state, week.choose_until) == ("choosing", THURSDAY)
    assert "You can choose your shifts" in words(ana.get("/me"))
    assert ana.get("/me/choosing").location == page
    said = words(ana.get(page))
    assert "Take what suits you until Thursday 26 November, 6 pm." in said
    assert "Monday 30 November 7 am to 3 pm · Day" in said
    assert "Monday 7 December" not in said
    assert "Monday 7 December" in words(ana.get(f"{page}?week=2"))

    took = press(ana, page, "Take it")
    assert took.location == f"{page}?week=1"
    after = ana.follow(took)
    said = words(after)
    assert "Monday 30 November, 7 am to 3 pm: chosen." in said
    assert "Monday 30 November, 3 pm to 11 pm · Evening On that day already: Day" in said
    undo(ana, after)
    assert rows(RosterSeat) == []
    press(ana, page, "Take it")
    press(ana, f"{page}?week=2", "Take it")
    gave = press(ana, f"{page}?week=2", "Give back")
    assert "Monday 7 December, 7 am to 3 pm: given back." in words(ana.follow(gave))

    said = words(lead.get(ROSTER))
    assert "People choose their shifts until Thursday 26 November, 6 pm." in said
    assert "Chose, and may go on Ana No answer yet Bo (takes no texts, please call) , Cy" in said
    assert "Fill it" not in said
    assert "Give them out" not in said
    said_done = press(ana, page, "I am done choosing")
    assert "Done choosing Ana" in words(lead.get(ROSTER))
    undo(ana, ana.follow(said_done))
    assert "Done choosing nobody yet" in words(lead.get(ROSTER))

    ended = press(lead, ROSTER, "End choosing now")
    assert "Choosing is over." in words(ana.get(page))
    undo(lead, lead.follow(ended))
    assert "I am done choosing" in words(ana.get(page))
    press(lead, ROSTER, "End choosing now")
    said = words(lead.get(ROSTER))
    assert "People chose their shifts." in said
    assert "Fill it" in said
    assert "Take it" not in ana.get(page).text
    assert ana.get("/me/choosing").status_code == 200


def test_what_a_colleague_took_is_not_seen(app: Flask, house: House, ana: Browser, week: Roster) -> None:
    page = f"/me/choosing/{week.id}"
    press(ana, page, "Take it")
    bo = Browser(app, "bo@example.org")
    assert "Ana" not in bo.get(page).text
    assert str(shift(house)) not in bo.get(page).text
    late = bo.send(next(each for each in forms_of(bo.get(page)) if "Take it" in each.buttons), shift=str(shift(house)))
    assert late.status_code == 409
    assert "Somebody chose that one a moment ago. Here is what is still open." in words(late)
    assert "Monday 30 November" in words(late)


def test_a_rule_that_speaks_against_it_is_said(house: House, ana: Browser, week: Roster) -> None:
    page = f"/me/choosing/{week.id}"
    form = next(each for each in forms_of(ana.get(page)) if "Take it" in each.buttons)
    ana.send(form)
    refused = ana.send(form, shift=str(shift(house, "Evening")), key="another")
    assert refused.status_code == 409
    assert "That one does not fit: On that day already: Day" in words(refused)
    wednesday = MONDAY + timedelta(days=2)
    ana.send(form, shift=str(shift(house, "Evening", wednesday)), key="a third")
    refused = ana.send(form, shift=str(shift(house, "Day", wednesday)), key="a fourth")
    assert "That one does not fit: On that day already: Evening" in words(refused)


@pytest.mark.parametrize("sent", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_what_is_no_shift_of_the_week_is_no_error(ana: Browser, week: Roster, sent: str) -> None:
    form = next(each for each in forms_of(ana.get(f"/me/choosing/{week.id}")) if "Take it" in each.buttons)
    assert ana.send(form, shift=sent).status_code in (404, 422)
    assert rows(RosterSeat) == []


@pytest.mark.parametrize("number", ["0", "x", "99", "9" * 30])
def test_a_week_that_is_not_there_is_no_error(ana: Browser, week: Roster, number: str) -> None:
    assert ana.get(f"/me/choosing/{week.id}?week={number}").status_code in (200, 422)


def test_a_draft_is_turned_into_one_and_its_end_changed(lead: Browser, ana: Browser) -> None:
    lead.fill(ROSTER, ROSTER, first=str(MONDAY), weeks="1")
    (draft,) = rows(Roster)
    begin, page = f"/rosters/{draft.id}/choosing", f"/me/choosing/{draft.id}"
    assert ana.get(page).status_code == 404
    wrong = lead.fill(ROSTER, begin, choose_day="2026-12-24", choose_time="18:00")
    assert wrong.status_code == 422
    assert "Please end it before the first of these days begins." in words(wrong)
    assert 'value="2026-12-24"' in wrong.text
    assert lead.fill(ROSTER, begin, choose_day="", choose_time="").status_code == 422
    begun = lead.fill(ROSTER, begin, choose_day="2026-11-26", choose_time="18:00")
    assert "People can choose now." in words(lead.follow(begun))
    assert ana.get(page).status_code == 200
    lead.fill(ROSTER, f"{begin}/until", choose_day="2026-11-27", choose_time="12:00")
    assert "until Friday 27 November, 12 pm." in words(ana.get(page))
    assert "until Friday 27 November, 12 pm." in words(lead.get(ROSTER))


def test_who_came_later_finds_it(app: Flask, house: House, week: Roster, person: MakePerson) -> None:
    person("lou@example.org", {house.id: Role.PEER}, "Lou")
    person("vi@example.org", {house.id: Role.VOLUNTEER}, "Vi")
    assert "You can choose your shifts" in words(Browser(app, "lou@example.org").get("/me"))
    assert "You can choose your shifts" not in words(Browser(app, "vi@example.org").get("/me"))


def test_what_was_filled_before_is_not_told_of_any_more(lead: Browser) -> None:
    lead.fill(ROSTER, ROSTER, first=str(MONDAY), weeks="1")
    (draft,) = rows(Roster)
    stop_run(COMMAND, begin_run(COMMAND, draft.id, now=SUNDAY).id, now=SUNDAY)
    assert "Ended with the best until then." in words(lead.get(ROSTER))
    lead.fill(ROSTER, f"/rosters/{draft.id}/choosing", choose_day="2026-11-26", choose_time="18:00")
    press(lead, ROSTER, "End choosing now")
    assert "Ended with the best until then." not in words(lead.get(ROSTER))


def test_it_is_over_by_the_clock_alone(ana: Browser, lead: Browser, week: Roster, clock: StillClock) -> None:
    page = f"/me/choosing/{week.id}"
    form = next(each for each in forms_of(ana.get(page)) if "Take it" in each.buttons)
    clock.at = THURSDAY
    late = ana.send(form)
    assert late.status_code == 409
    assert "Choosing is over." in words(late)
    assert "You can choose your shifts" not in words(ana.get("/me"))
    assert "People chose their shifts." in words(lead.get(ROSTER))


def test_while_they_choose_nothing_is_filled_or_given_out(lead: Browser, week: Roster) -> None:
    for act in ("fill", "publish", "put-away"):
        answer = lead.post(f"/rosters/{week.id}/{act}", data={"seconds": "10"})
        assert answer.status_code == 409
        assert "People are still choosing their shifts." in words(answer)


def test_in_spanish(app: Flask, ana: Browser, lead: Browser, week: Roster) -> None:
    for browser in (ana, lead):
        browser.post("/language", data={"language": "es"})
    assert "Toma lo que te venga bien hasta jueves 26 noviembre, 18:00." in words(ana.get(f"/me/choosing/{week.id}"))
    assert "Se eligen turnos hasta" in words(lead.get(ROSTER))


def test_nobody_of_another_house_finds_it(app: Flask, week: Roster, aspen: House, person: MakePerson) -> None:
    person("eve@example.org", {aspen.id: Role.PEER}, "Eve")
    eve = Browser(app, "eve@example.org")
    assert eve.get(f"/me/choosing/{week.id}").status_code == 404
    assert eve.post(f"/me/choosing/{week.id}/done").status_code == 404
    assert "nothing to choose" in words(eve.get("/me/choosing"))
