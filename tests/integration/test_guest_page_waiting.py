"""Somebody who waits, on their own page: how the order works, what is possible meanwhile, and nobody else in it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.models import Answered
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.crypto import new_token
from respite.core.db import db
from respite.core.due import sweep
from respite.guest_page.service.links import give_link
from respite.guests.models import Guest, Stay, Waiting
from respite.guests.policy.bed_fit import Says
from respite.guests.policy.offers import How
from respite.guests.service.people import Known
from respite.guests.service.rule_answers import answer_rule
from respite.guests.service.visits import begin_visit
from respite.guests.service.waiting import end_waiting
from respite.houses.models import House
from respite.houses.policy.bed_rules import RuleKind, RuleWords
from respite.houses.policy.elsewhere import PlaceKind, PlaceWords
from respite.houses.service.bed_rules import add_bed_rule
from respite.houses.service.elsewhere import add_place
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from respite.promises.models import Promise
from tests.pages import Browser, DrawnForm, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.waiting_line import Line

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, chairs=2, now=SUNDAY
    )


@pytest.fixture
def line(house: House, actor_in: Callable[..., Actor]) -> Line:
    return Line(house, actor_in)


def page_of(app: Flask, row: Waiting) -> tuple[Browser, str]:
    """Their page, opened."""
    token = new_token()
    assert row.guest_id is not None
    give_link(COMMAND, row.guest_id, token, now=SUNDAY)
    browser = Browser(app)
    assert browser.post(f"/g/{token}").status_code == 303
    return browser, f"/g/{token}"


def read(browser: Browser, path: str) -> str:
    return html.unescape(browser.get(path).text)


def tap(browser: Browser, path: str, what: str) -> DrawnForm:
    """The button of the page."""
    found = [form for form in forms_of(browser.get(path)) if form.fields.get("what") == what]
    assert found, f"nothing to tap for {what}"
    return found[0]


def taps(browser: Browser, path: str, what: str, **typed: object) -> str:
    """Tap, and what the page says then."""
    sent = browser.send(tap(browser, path, what), **typed)
    assert (sent.status_code, sent.location) == (303, path)
    return read(browser, path)


def test_it_says_how_the_order_works_and_that_their_place_is_kept(app: Flask, line: Line) -> None:
    line.waits("Ana")
    browser, path = page_of(app, line.waits("Bea"))
    page = read(browser, path)
    assert "Who asked first is asked first. Nothing else counts." in page
    assert "Your place is kept. It is kept if you say not now. It is kept if you do not answer." in page


def test_nobody_else_can_be_told_from_it(app: Flask, house: House, line: Line) -> None:
    """The same page, to the letter, whether nobody waits before them or four do, and whoever is asked just now."""
    bea = line.waits("Bea")
    browser, path = page_of(app, bea)
    alone = _same_each_time(read(browser, path))
    for name in ("Cy", "Di", "Eve"):
        line.waits(name)
    line.offers(line.waits("Flo"), how=How.CALL, said="not-reached")
    with db.engine.begin() as connection:  # they asked before her after all
        connection.execute(sa.update(Waiting).where(Waiting.id != bea.id).values(since=SUNDAY - 9 * 24 * HOUR))
    assert _same_each_time(read(browser, path)) == alone


def _same_each_time(page: str) -> str:
    return re.sub(r'name="(?:csrf_token|key)" value="[^"]*"|nonce-[\w-]+', "", page)


def test_a_house_may_tell_how_many_asked_before(app: Flask, house: House, line: Line) -> None:
    ana, bea = line.waits("Ana"), line.waits("Bea")
    browser, path = page_of(app, bea)
    assert "asked before you" not in read(browser, path)
    change_rules(COMMAND, house.id, {"tells_place": True}, number_seen=None, now=SUNDAY)
    assert "1 person asked before you." in read(browser, path)
    end_waiting(line.dana, ana.id, "taken-off", now=SUNDAY)
    assert "Nobody who is on the list asked before you." in read(browser, path)


def test_a_talk_is_a_callback_that_whoever_is_on_sees(app: Flask, house: House, line: Line, person: MakePerson) -> None:
    bea = line.waits("Bea")
    browser, path = page_of(app, bea)
    page = taps(browser, path, "talk")
    assert "We will call you" in page
    assert "Please call me" not in page
    (promise,) = rows(Promise)
    assert (promise.kind, promise.way, promise.subject_id, promise.owner_id) == ("callback", "call", bea.id, None)
    assert promise.made_by == f"guest:{bea.guest_id}"
    person("luis@example.org", {house.id: Role.PEER})
    assert "Call them back" in Browser(app, "luis@example.org").get("/houses/juniper-house/waiting").text


def test_tell_me_if_is_seen_on_the_list(app: Flask, house: House, line: Line, person: MakePerson) -> None:
    browser, path = page_of(app, line.waits("Bea"))
    form = tap(browser, path, "tell-if")
    form.fields.setlist("tell_if", ["any-bed", "same-day"])
    assert browser.send(form).status_code == 303
    assert [row.tell_if for row in rows(Waiting)] == [["any-bed", "same-day"]]
    person("luis@example.org", {house.id: Role.PEER})
    page = Browser(app, "luis@example.org").get("/houses/juniper-house/waiting").text
    assert "also for fewer nights · also at short notice" in page
    assert "a bed is free at short notice" in read(browser, f"{path}/kept")


def test_an_offer_is_answered_there(app: Flask, line: Line) -> None:
    bea = line.waits("Bea")
    browser, path = page_of(app, bea)
    line.offers(bea, how=How.CALL)
    assert "A bed is free for you" in read(browser, path)
    assert "You keep your place" in taps(browser, path, "not-now")
    line.offers(bea, bed=1, how=How.CALL)
    assert "The bed is saved for you." in taps(browser, path, "yes")
    assert line.asked() == [("Bea", "not-now"), ("Bea", "accepted")]
    assert ("Bea", "held") in line.saved()


def test_an_offer_of_somebody_else_is_none_of_theirs(app: Flask, line: Line) -> None:
    ana, bea = line.waits("Ana"), line.waits("Bea")
    offer = line.offers(ana, how=How.CALL)
    browser, path = page_of(app, bea)
    answer = browser.post(f"{path}/waiting", {"what": "yes", "offer": str(offer.id), "key": "k" * 20})
    assert answer.status_code == 409
    assert line.asked() == [("Ana", None)]


def test_an_offer_that_ran_out_is_over(app: Flask, line: Line, clock: StillClock) -> None:
    bea = line.waits("Bea")
    browser, path = page_of(app, bea)
    offer = line.offers(bea, how=How.CALL)
    clock.advance(3 * HOUR)
    assert "A bed is free for you" not in read(browser, path)
    answer = browser.post(f"{path}/waiting", {"what": "yes", "offer": str(offer.id), "key": "k" * 20})
    assert answer.status_code == 409
    assert [stay for stay in rows(Stay) if stay.state == "held"] == []


def test_off_the_list_and_back_with_the_place_they_had(app: Flask, line: Line, clock: StillClock) -> None:
    bea = line.waits("Bea")
    browser, path = page_of(app, bea)
    since = rows(Waiting)[0].since
    assert "You are off the list" in taps(browser, path, "off")
    assert line.waiting() == []
    clock.advance(10 * MINUTE)
    assert "You are on the list again" in taps(browser, path, "back")
    assert [row.since for row in rows(Waiting, Waiting.ended_at.is_(None))] == [since]
    sweep(SUNDAY + HOUR)
    assert len(rows(Guest)) == 1


def test_back_on_the_list_they_have_what_they_wished_for(app: Flask, line: Line, clock: StillClock) -> None:
    bea = line.waits("Bea", wish="a quiet room")
    browser, path = page_of(app, bea)
    form = tap(browser, path, "tell-if")
    form.fields.setlist("tell_if", ["same-day"])
    browser.send(form)
    taps(browser, path, "off")
    clock.advance(10 * MINUTE)
    taps(browser, path, "back")
    assert [(row.wish, row.tell_if) for row in rows(Waiting)] == [("a quiet room", ["same-day"])]
    assert bea.guest_id is not None
    begin_visit(line.dana, line.house_id, who=Known(bea.guest_id), now=SUNDAY + 10 * MINUTE)
    taps(browser, path, "off")
    clock.advance(HOUR)
    sweep(SUNDAY + 2 * HOUR)
    assert [(row.wish, row.tell_if) for row in rows(Waiting)] == [(None, [])], "once that is over"


def test_off_the_list_for_good_they_are_forgotten(app: Flask, line: Line, clock: StillClock) -> None:
    browser, path = page_of(app, line.waits("Bea"))
    taps(browser, path, "talk")
    taps(browser, path, "off")
    clock.advance(31 * MINUTE)
    assert browser.post(f"{path}/waiting", {"what": "back", "key": "k" * 20}).status_code == 409
    sweep(SUNDAY + HOUR)
    assert (rows(Guest), rows(Promise)) == ([], [])
    assert browser.get(path).text.count("My page") >= 1


def test_where_else_they_can_turn(app: Flask, house: House, line: Line) -> None:
    willow = PlaceWords(PlaceKind.HOUSE, "Willow House", phone="+13035550177")
    peak = PlaceWords(PlaceKind.SUPPORT, "Urban Peak", phone="+13035550188")
    room = PlaceWords(PlaceKind.CHAIR, "The porch room", hours="every day, 3 to 8")
    for place in (willow, peak, room):
        add_place(COMMAND, house.id, place, now=SUNDAY)
    add_bed_rule(COMMAND, house.id, RuleWords(RuleKind.AGE, least_age=18), now=SUNDAY)
    bea = line.waits("Bea")
    browser, path = page_of(app, bea)
    page = read(browser, path)
    assert "Willow House" in page
    assert "The porch room: every day, 3 to 8" in page
    assert "Urban Peak" not in page
    assert bea.guest_id is not None
    answer_rule(line.dana, bea.guest_id, 2, Says.NO, now=SUNDAY)
    page = read(browser, path)
    assert "Urban Peak" in page
    assert "from the age of 18 on" in page


def test_what_is_not_on_the_page_cannot_be_tapped(app: Flask, line: Line) -> None:
    browser, path = page_of(app, line.waits("Bea"))
    assert browser.post(f"{path}/waiting", {"what": "everything", "key": "k" * 20}).status_code == 404
    assert Browser(app).post(f"{path}/waiting", {"what": "off"}).status_code == 404
    assert line.waiting() == ["Bea"]


def test_a_double_tap_is_one_act_and_the_token_is_written_down_nowhere(app: Flask, line: Line) -> None:
    browser, path = page_of(app, line.waits("Bea"))
    form = tap(browser, path, "talk")
    assert [browser.send(form).status_code for _tap in range(2)] == [303, 303]
    assert len(rows(Promise)) == 1
    assert [row.route for row in rows(Answered)] == ["/g/<token>/waiting"]


def test_the_list_gives_the_way_to_it(app: Flask, house: House, line: Line, person: MakePerson) -> None:
    bea = line.waits("Bea")
    person("luis@example.org", {house.id: Role.PEER})
    luis = Browser(app, "luis@example.org")
    given = luis.send(luis.form("/houses/juniper-house/waiting", f"/waiting/{bea.id}/own-page"))
    assert given.status_code == 200
    address = re.search(r"/g/[\w-]+", given.text)
    assert address is not None
    browser = Browser(app)
    browser.post(address.group())
    assert "You are on the list" in read(browser, address.group())
