"""The door card: what it says, whose words are on it, who has it, and that it has nowhere to write."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.core.db import db
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses.models import House
from respite.houses.service.door_card import LONGEST_LINE, change_door_card
from tests.pages import Browser, forms_of
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY

LINE_EN, LINE_ES = "Police come in with a judge's order.", "La policía entra con orden de un juez."
OURS = {"line_en": LINE_EN, "line_es": LINE_ES, "phone": "+13035550101"}


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def lead(juniper: House, actor_in) -> Actor:  # type: ignore[no-untyped-def]
    return actor_in(juniper.id)


def card_in(page: str) -> str:
    """The card's own part of a page; empty where there is none."""
    return page.partition('<dialog class="door-card"')[2].partition("</dialog>")[0]


def test_it_says_the_same_in_both_languages_with_the_houses_own_words(
    app: Flask, juniper: House, lead: Actor, person: MakePerson
) -> None:
    change_door_card(lead, juniper.id, **OURS, now=SUNDAY)
    person("luis@example.org", {juniper.id: Role.PEER})
    browser = Browser(app, "luis@example.org")
    for path in ("board", "waiting", "shifts", "beds"):
        card = card_in(browser.get(f"/houses/juniper-house/{path}").text)
        assert "We never say who is or is not here." in card
        assert "Nunca decimos quién está o no está aquí." in card
        assert LINE_EN.replace("'", "&#39;") in card
        assert LINE_ES in card
        assert card.count('href="tel:+13035550101"') == 2
        assert card.index('lang="en"') < card.index('lang="es"')
    paper = browser.get("/houses/juniper-house/door-card")
    assert LINE_ES in paper.text


def test_it_has_no_form_and_no_field(app: Flask, juniper: House, person: MakePerson) -> None:
    person("luis@example.org", {juniper.id: Role.PEER})
    card = card_in(Browser(app, "luis@example.org").get("/houses/juniper-house/board").text)
    for way_to_write in ("<form", "<input", "<textarea", "<select", "<button", "contenteditable"):
        assert way_to_write not in card
    columns = {column.name for column in House.__table__.columns if column.name.startswith("door_")}
    assert columns == {"door_line_en", "door_line_es", "door_phone"}


def test_a_page_of_no_house_bears_the_words_of_each_house_one_works_in(
    app: Flask,
    juniper: House,
    aspen: House,
    lead: Actor,
    actor_in,
    person: MakePerson,  # type: ignore[no-untyped-def]
) -> None:
    change_door_card(lead, juniper.id, **OURS, now=SUNDAY)
    change_door_card(actor_in(aspen.id), aspen.id, line_en="Ring twice.", line_es="", phone=None, now=SUNDAY)
    person("both@example.org", {juniper.id: Role.PEER, aspen.id: Role.VOLUNTEER})
    person("one@example.org", {juniper.id: Role.PEER})
    both = card_in(Browser(app, "both@example.org").get("/me").text)
    assert "Juniper House" in both
    assert "Ring twice." in both
    one = card_in(Browser(app, "one@example.org").get("/me").text)
    assert "Juniper House" not in one
    assert "Ring twice." not in one
    assert LINE_ES in one
    there = card_in(Browser(app, "both@example.org").get("/houses/aspen-house/board").text)
    assert "Ring twice." in there
    assert LINE_ES not in there


def test_it_is_there_behind_a_lock_and_for_nobody_outside(
    app: Flask, juniper: House, lead: Actor, person: MakePerson
) -> None:
    change_door_card(lead, juniper.id, **OURS, now=SUNDAY)
    person("luis@example.org", {juniper.id: Role.PEER})
    browser = Browser(app, "luis@example.org")
    locked = browser.follow(browser.fill("/houses/juniper-house/board", "/lock"))
    assert "Welcome back" in locked.text
    assert LINE_ES in card_in(locked.text)
    assert card_in(app.test_client().get("/sign-in").text) == ""


def test_a_stepped_back_peer_has_no_card(app: Flask, juniper: House, person: MakePerson) -> None:
    person("back@example.org", {juniper.id: Role.STEPPED_BACK})
    assert card_in(Browser(app, "back@example.org").get("/account").text) == ""


def test_changing_it_names_the_version_and_who_may(
    app: Flask,
    juniper: House,
    aspen: House,
    lead: Actor,
    actor_in,  # type: ignore[no-untyped-def]
) -> None:
    seen = juniper.version
    changed = change_door_card(lead, juniper.id, **OURS, version_seen=seen, now=SUNDAY)
    assert (changed.door_line_en, changed.door_line_es, changed.door_phone) == (LINE_EN, LINE_ES, "+13035550101")
    with pytest.raises(StaleVersion):
        change_door_card(lead, juniper.id, **OURS, version_seen=seen, now=SUNDAY)
    with pytest.raises(Invalid) as wrong:
        change_door_card(lead, juniper.id, **(OURS | {"line_es": "a" * (LONGEST_LINE + 1)}), now=SUNDAY)
    assert set(wrong.value.fields) == {"line_es"}
    for actor in (actor_in(juniper.id, Role.PEER), actor_in(aspen.id)):
        with pytest.raises(NotFound):
            change_door_card(actor, juniper.id, **OURS, now=SUNDAY)
    assert db.session.get_one(House, juniper.id).door_line_es == LINE_ES


def test_the_page_keeps_what_was_typed_when_the_number_is_none(app: Flask, juniper: House, person: MakePerson) -> None:
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    browser = Browser(app, "dana@example.org")
    address = "/houses/juniper-house/settings/door-card"
    refused = browser.fill(address, line_en=LINE_EN, line_es="", phone="call me")
    assert refused.status_code == 422
    assert "This must be a telephone number" in refused.text
    drawn = next(form for form in forms_of(refused) if "line_en" in form.fields)
    assert drawn.fields["line_en"] == LINE_EN
    taken = browser.follow(browser.fill(address, line_en=LINE_EN, line_es=LINE_ES, phone="303 555 0101"))
    assert "The door card says it now" in taken.text
    assert "(303) 555-0101" in card_in(browser.get("/houses/juniper-house/board").text)


def test_it_is_said_in_the_readers_language_first(app: Flask, juniper: House, person: MakePerson) -> None:
    person("luis@example.org", {juniper.id: Role.PEER})
    client: FlaskClient = app.test_client()
    sign_in(client, "luis@example.org")
    client.post("/language", data={"language": "es"})
    card = card_in(client.get("/houses/juniper-house/waiting").text)
    assert card.index('lang="es"') < card.index('lang="en"')
