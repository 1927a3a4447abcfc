"""A guest changes what is theirs: it shows for everybody at once, how it was is kept, and nobody else can."""

from __future__ import annotations

import html
import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.models import Answered
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.board.queries import board_of
from respite.core.clock import StillClock
from respite.core.db import Base, db, transaction
from respite.core.errors import NotFound
from respite.guest_page.errors import PageShut
from respite.guest_page.service import own
from respite.guest_page.service.links import end_link
from respite.guest_page.service.opening import Page, page_of
from respite.guests.models import EarlierWord, Guest, Undoable
from respite.guests.service import texting
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.people import Known, Named, guest_of
from respite.guests.service.saving import save_bed
from respite.guests.service.undo import undo
from respite.houses.models import House
from respite.houses.queries import rules_now
from respite.houses.service.rules import change_rules
from respite.messaging.models import Consent, Inbound
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import Wishes, correspondent_of
from tests.guest_pages import OwnPage, has_a_page
from tests.inboxes import writes
from tests.pages import Browser
from tests.people import Machine, MakePerson
from tests.places import SUNDAY

PHONE, OTHER = "+13035550142", "+13035550199"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def robin(juniper: House, machine: Machine) -> OwnPage:
    return has_a_page(juniper, phone=PHONE)


@pytest.fixture
def dana(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    return Browser(app, "dana@example.org")


def read(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.text)


def rows(model: type[Base], *where: sa.ColumnElement[bool]) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model).where(*where)))


def open_page(robin: OwnPage, browser: Browser) -> Page:
    cookie = browser._client.get_cookie("page", path="/g")
    assert cookie is not None
    page = page_of(robin.token, cookie.value, now=SUNDAY)
    assert page is not None
    db.session.rollback()
    return page


# -- shown to everybody at once ----------------------------------------------------------------------------------


def test_a_new_name_stands_on_card_desk_and_wall_and_the_old_one_under_earlier(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    own_browser = robin.opened(app)
    desk, card = f"/houses/{juniper.slug}/board", f"/stays/{robin.stay_id}"
    own_browser.fill(robin.at("wall"), choice="name")
    assert "Robin" in read(dana.get(desk))
    answer = own_browser.fill(robin.at("name"), name="Wren", pronouns="xe")
    assert (answer.status_code, answer.location) == (303, robin.path)
    for page in (own_browser.get(robin.path), dana.get(card)):
        text = read(page)
        assert "Wren" in text
        assert "xe" in text
        assert "Earlier" in text
        assert "Robin" in text
    assert "changed by you" in read(own_browser.get(robin.path))
    assert "changed by the guest" in read(dana.get(card))
    assert "Wren" in dana.get(desk).text
    assert "Robin" not in dana.get(desk).text
    assert "Wren" in {door.wall_label for door in board_of(juniper, SUNDAY).doors}


def test_the_event_log_says_that_the_guest_changed_something_and_no_word(app: Flask, robin: OwnPage) -> None:
    robin.opened(app).fill(robin.at("name"), name="Wren")
    event = db.session.scalars(sa.select(Event).order_by(Event.version.desc())).first()
    assert event is not None
    assert (event.kind, event.actor, event.subject) == (
        "guest.guest.changed",
        f"guest:{robin.guest_id}",
        robin.guest_id,
    )
    assert event.data == "{}"
    assert {"chairs", "waiting", "promises", "notices"} < set(json.loads(event.parts))


def test_what_the_wall_shows_moves_every_door_and_names_nobody(app: Flask, robin: OwnPage, dana: Browser) -> None:
    robin.opened(app).fill(robin.at("wall"), choice="picture", picture="🐢")
    event = db.session.scalars(sa.select(Event).order_by(Event.version.desc())).first()
    assert event is not None
    assert (event.kind, event.actor, event.subject) == ("guest.board.moved", None, None)
    assert 'value="🐢" checked' in dana.get(f"/stays/{robin.stay_id}").text
    assert rows(EarlierWord) == []


def test_the_wall_shows_no_more_than_the_house_lets_it(app: Flask, juniper: House, robin: OwnPage) -> None:
    change_rules(COMMAND, juniper.id, {"wall_most": "picture"}, number_seen=None, now=SUNDAY)
    browser = robin.opened(app)
    form = browser.form(robin.at("wall"))
    assert "My name" not in browser.get(robin.at("wall")).text
    assert browser.send(form, choice="name").status_code == 409
    assert db.session.get_one(Guest, robin.guest_id).wall_choice == "nothing"


def test_support_is_said_and_unsaid_while_they_are_here(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    browser, desk = robin.opened(app), f"/houses/{juniper.slug}/board"
    browser.fill(robin.at("company"), wanted="some", wish="at eight, with tea")
    assert "at eight, with tea" in read(dana.get(desk))
    assert browser.fill(robin.at("company"), wanted="some", wish="").status_code == 422
    browser.fill(robin.at("company"), wanted="none", wish="at nine")
    assert "with tea" not in read(dana.get(desk))
    assert "at nine" not in read(dana.get(desk))
    assert "Nobody needs to look in" in read(browser.get(robin.path))
    leave(COMMAND, robin.stay_id, now=SUNDAY)
    assert "nobody looks in" in read(browser.get(robin.at("company")))
    assert browser.post(robin.at("company"), {"wanted": "some", "wish": "at ten"}).status_code == 409


# -- how they are reached ----------------------------------------------------------------------------------------


def test_hours_language_and_signature_are_the_same_on_both_screens(app: Flask, robin: OwnPage, dana: Browser) -> None:
    browser = robin.opened(app)
    browser.fill(
        robin.at("contact"), safe=None, hours_from="18:00", hours_until="20:30", language="es", sign_off="the fern"
    )
    page = read(browser.get(robin.path))
    assert "Un mensaje no es seguro." in page, "the page reads in the language that was just chosen"
    card = read(dana.get(f"/stays/{robin.stay_id}"))
    for said in ('value="18:00"', 'value="20:30"', "the fern", "Texts are not safe for them."):
        assert said in card, said
    browser.fill(robin.at("contact"), hours_from="10:00", hours_until="12:00", language="en", sign_off="moss")
    for page in (read(browser.get(robin.path)), read(dana.get(f"/stays/{robin.stay_id}"))):
        for said in ("18:00 – 20:30", "Español", "the fern"):
            assert said in page, said


def test_hours_that_are_the_whole_day_are_any_hour(app: Flask, robin: OwnPage) -> None:
    browser = robin.opened(app)
    browser.fill(robin.at("contact"), hours_from="00:00", hours_until="00:00")
    assert "Texts at any hour." in read(browser.get(robin.path))


def test_a_number_that_nobody_heard_is_shown_and_stands_for_nobody(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    """Whoever writes a stranger's number on their page reads none of that stranger's texts and gets none there."""
    writes(juniper.id, OTHER, "Nobody else may read this.", SUNDAY)
    browser = robin.opened(app)
    browser.post(robin.at("texts"), {"purpose": Purpose.CARING, "answer": "yes"})
    assert [consent.ended_at for consent in rows(Consent)] == [None]
    browser.fill(robin.at("contact"), phone="303 555 0199")
    assert "(303) 555-0199" in read(browser.get(robin.path))
    card = read(dana.get(f"/stays/{robin.stay_id}"))
    assert "They wrote this number on their own page." in card
    assert "(303) 555-0142" in card  # under Earlier
    for path in ("kept", "record", "record.json"):
        assert "Nobody else may read this." not in browser.get(robin.at(path)).text
    assert [consent.ended_why for consent in rows(Consent)] == ["new-number"]
    refused = browser.post(robin.at("texts"), {"purpose": Purpose.CARING, "answer": "yes"})
    assert (refused.status_code, len(rows(Consent))) == (409, 1)
    rules = rules_now(db.session(), juniper.id)
    with transaction() as session:
        _guest, new = guest_of(session, COMMAND, Named("Robin", phone=OTHER), rules, juniper.id, SUNDAY)
    assert new, "an unheard number is nobody's, so it leads to nobody's record"


def test_a_number_that_a_peer_heard_takes_texts(app: Flask, juniper: House, robin: OwnPage, dana: Browser) -> None:
    browser = robin.opened(app)
    browser.fill(robin.at("contact"), phone="303 555 0199")
    card = f"/stays/{robin.stay_id}"
    dana.fill(card, f"/guests/{robin.guest_id}/texts/number-heard")
    assert "on their own page. Please go" not in read(dana.get(card))
    person = correspondent_of(db.session(), juniper.id, robin.guest_id)
    assert person is not None
    assert person.number == OTHER
    assert browser.post(robin.at("texts"), {"purpose": Purpose.CARING, "answer": "yes"}).status_code == 303
    assert "A kind word now and then" in read(browser.get(robin.path))
    assert "on their own page" in read(dana.get(card))
    assert browser.post(robin.at("texts"), {"purpose": Purpose.CARING, "answer": "no"}).status_code == 303
    assert [consent.ended_why for consent in rows(Consent)] == ["withdrawn"]


def test_erasing_whoever_wrote_a_strangers_number_leaves_the_stranger_alone(
    app: Flask, juniper: House, robin: OwnPage
) -> None:
    thread, _text = writes(juniper.id, OTHER, "Still here.", SUNDAY)
    robin.opened(app).fill(robin.at("contact"), phone="303 555 0199")
    leave(COMMAND, robin.stay_id, now=SUNDAY)
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY)
    assert [each.body for each in rows(Inbound, Inbound.thread_id == thread)] == ["Still here."]


# -- how it was --------------------------------------------------------------------------------------------------


def test_earlier_words_are_taken_away_by_their_guest_alone(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    ana = has_a_page(juniper, "Ana")
    browser = robin.opened(app)
    browser.fill(robin.at("name"), name="Wren")
    (was,) = rows(EarlierWord)
    gone = f"earlier/{was.id}/gone"
    assert ana.opened(app).post(ana.at(gone)).status_code == 404
    assert Browser(app).post(robin.at(gone)).status_code == 404
    assert len(rows(EarlierWord)) == 1
    assert browser.post(robin.at(gone)).status_code == 303
    assert rows(EarlierWord) == []
    assert "Robin" not in dana.get(f"/stays/{robin.stay_id}").text


def test_a_peers_change_keeps_how_it_was_too_and_undo_takes_that_along(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    card = f"/stays/{robin.stay_id}"
    answer = dana.fill(card, f"{card}/name", name="Wren")
    assert [was.words for was in rows(EarlierWord)] == ["Robin"]
    assert "changed by Dana" in read(robin.opened(app).get(robin.path))
    dana.undo(answer)
    assert rows(EarlierWord) == []
    assert db.session.get_one(Guest, robin.guest_id).name == "Robin"


def test_a_number_given_anew_while_a_bed_is_saved_keeps_the_one_before(juniper: House, robin: OwnPage) -> None:
    leave(COMMAND, robin.stay_id, now=SUNDAY)
    save_bed(COMMAND, juniper.id, who=Known(robin.guest_id, OTHER), nights=1, now=SUNDAY)
    assert [(row.what, row.words) for row in rows(EarlierWord)] == [("phone", "(303) 555-0142")]


def test_erasing_takes_every_earlier_word(app: Flask, robin: OwnPage) -> None:
    robin.opened(app).fill(robin.at("name"), name="Wren")
    leave(COMMAND, robin.stay_id, now=SUNDAY)
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY)
    assert rows(EarlierWord) == []
    assert rows(Answered, Answered.actor == f"guest:{robin.guest_id}") == []


def test_a_saved_bed_that_is_taken_back_takes_its_guests_earlier_words(app: Flask, juniper: House) -> None:
    stay = save_bed(COMMAND, juniper.id, who=Named("Ana"), nights=1, now=SUNDAY)
    undoable = db.session.scalar(sa.select(Undoable.id).where(Undoable.subject == stay.id))
    assert stay.guest_id is not None
    assert undoable is not None
    for language in ("en", "es"):
        wishes = Wishes(True, language, SUNDAY.time(), SUNDAY.time())
        texting.change_wishes(COMMAND, stay.guest_id, wishes, now=SUNDAY)
    assert len(rows(EarlierWord)) == 1
    undo(COMMAND, undoable, now=SUNDAY)
    assert rows(EarlierWord) == []


# -- nobody else's, and no trace ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["name", "wall", "company", "contact", "texts"])
def test_only_where_the_page_is_open(app: Flask, juniper: House, robin: OwnPage, dana: Browser, path: str) -> None:
    ana = has_a_page(juniper, "Ana")
    for stranger in (Browser(app), ana.opened(app), dana):
        for answer in (stranger.get(robin.at(path)), stranger.post(robin.at(path), {"name": "Nobody"})):
            assert answer.status_code == 404
            assert "Robin" not in answer.text
            assert "should still be there" not in answer.text
        assert "What you wrote just now was not kept." in answer.text
    assert db.session.get_one(Guest, robin.guest_id).name == "Robin"


def test_an_act_that_waited_while_the_link_was_ended_does_nothing(app: Flask, robin: OwnPage) -> None:
    page = open_page(robin, robin.opened(app))
    end_link(COMMAND, robin.guest_id, now=SUNDAY)
    with pytest.raises(PageShut):
        own.change_name(page, name="Wren", pronouns=None, now=SUNDAY)
    assert db.session.get_one(Guest, robin.guest_id).name == "Robin"


def test_what_is_not_theirs_is_not_found(app: Flask, juniper: House, robin: OwnPage) -> None:
    page = open_page(robin, robin.opened(app))
    with pytest.raises(NotFound):
        own.take_away_earlier(page, uuid.uuid4(), now=SUNDAY)


def test_a_form_that_is_older_than_a_peers_change_is_told_so(app: Flask, robin: OwnPage, dana: Browser) -> None:
    browser, card = robin.opened(app), f"/stays/{robin.stay_id}"
    form = browser.form(robin.at("name"))
    dana.fill(card, f"{card}/name", name="Wren")
    answer = browser.send(form, name="Robyn")
    assert answer.status_code == 412
    assert "It says now: Wren" in answer.text
    assert 'value="Robyn"' in answer.text


def test_a_second_tap_is_the_same_act_and_the_token_is_kept_nowhere(app: Flask, robin: OwnPage) -> None:
    browser = robin.opened(app)
    form = browser.form(robin.at("name"))
    first, second = browser.send(form, name="Wren"), browser.send(form, name="Wren")
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(rows(EarlierWord)) == 1
    (kept,) = rows(Answered, Answered.actor == f"guest:{robin.guest_id}")
    assert kept.route == "/g/<token>/name"
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            assert robin.token not in repr(tuple(row)), table.name


def test_in_spanish(app: Flask, robin: OwnPage, clock: StillClock) -> None:
    browser = robin.opened(app)
    browser.post(robin.at("shown-in"), {"language": "es"})
    assert "Lo que puedes cambiar" in read(browser.get(robin.path))
    for path in ("name", "wall", "company", "contact", "texts"):
        assert '<html lang="es">' in browser.get(robin.at(path)).text
