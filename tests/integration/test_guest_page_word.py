"""A word before the page, and a phone that is lost: whoever has the link alone has nothing, and learns nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.models import SignInTry
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import house_now
from respite.core.crypto import new_token
from respite.core.db import Base, db, transaction
from respite.guest_page.models import GuestLink, PageSession
from respite.guest_page.service.links import give_link
from respite.guest_page.service.lost_phone import phone_found
from respite.guests.service import texting
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.models.people import LOST
from respite.messaging.policy.provider_errors import Act
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose, rules_of
from respite.messaging.service import gate, settling, stopping
from respite.messaging.service.correspondents import correspondent_of
from tests.guest_pages import OwnPage, has_a_page, same_each_time, statements
from tests.inboxes import ours
from tests.pages import Browser
from tests.people import Machine, MakePerson
from tests.places import SUNDAY

PHONE, WORD = "+13035550142", "Blue Heron"
ANOTHER_HOUR = timedelta(hours=1, minutes=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def robin(juniper: House, machine: Machine) -> OwnPage:
    return has_a_page(juniper, phone=PHONE)


@pytest.fixture
def dana(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.PEER})
    return Browser(app, "dana@example.org")


def rows(model: type[Base]) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model)))


def tries(app: Flask, token: str, word: str | None = None) -> tuple[TestResponse, tuple[str, ...]]:
    with statements() as asked:
        answer = Browser(app).post(f"/g/{token}", {} if word is None else {"word": word})
    return answer, tuple(asked)


def chooses(app: Flask, robin: OwnPage, word: str = WORD) -> Browser:
    browser = robin.opened(app)
    answer = browser.fill(robin.at("word"), word=word)
    assert (answer.status_code, answer.location) == (303, f"{robin.path}#page")
    return browser


# -- a word ------------------------------------------------------------------------------------------------------


def test_the_link_opens_with_the_word_alone_however_it_is_written(app: Flask, robin: OwnPage) -> None:
    browser = chooses(app, robin)
    assert "Robin" in browser.get(robin.path).text, "where it was chosen it stays open"
    assert tries(app, robin.token)[0].status_code == 404
    assert tries(app, robin.token, "blue herring")[0].status_code == 404
    assert tries(app, robin.token, "  bLUE   heron ")[0].status_code == 303


def test_a_wrong_word_is_answered_like_a_link_that_never_was_for_the_same_work(app: Flask, robin: OwnPage) -> None:
    chooses(app, robin)
    guessed, work = tries(app, token := new_token(), "blue herring")
    for word in (None, "", "blue herring"):
        answer, asked = tries(app, robin.token, word)
        assert same_each_time(answer, robin.token) == same_each_time(guessed, token)
        assert (answer.status_code, asked) == (404, work)


def test_the_sheet_says_nothing_of_a_word_either(app: Flask, robin: OwnPage) -> None:
    chooses(app, robin)
    with statements() as asked:
        real = Browser(app).get(robin.path)
    assert asked == []
    assert same_each_time(real, robin.token) == same_each_time(Browser(app).get("/g/abc"), "abc")


def test_wrong_tries_are_counted_from_wherever_they_come_and_the_right_one_waits_too(
    app: Flask, robin: OwnPage, machine: Machine
) -> None:
    chooses(app, robin)
    for number in range(5):
        assert tries(app, robin.token, f"wrong {number}")[0].status_code == 404
    assert tries(app, robin.token, WORD)[0].status_code == 404, "too many tries: not even the right one"
    machine.goes(ANOTHER_HOUR)
    assert tries(app, robin.token, WORD)[0].status_code == 303
    assert rows(SignInTry) == [], "one that succeeded ends the count"


def test_a_link_without_a_word_is_not_counted_and_opens_whatever_is_typed(app: Flask, robin: OwnPage) -> None:
    assert tries(app, robin.token, "anything")[0].status_code == 303
    assert rows(SignInTry) == []


def test_choosing_a_word_shuts_the_page_wherever_else_it_is_open(app: Flask, robin: OwnPage) -> None:
    thief = robin.opened(app)
    owner = chooses(app, robin)
    assert "Robin" not in thief.get(robin.path).text
    assert "Robin" in owner.get(robin.path).text
    assert len(rows(PageSession)) == 1


def test_it_is_changed_and_taken_away_on_the_page(app: Flask, robin: OwnPage) -> None:
    browser = chooses(app, robin)
    browser.fill(robin.at("word"), word="green finch")
    assert tries(app, robin.token, WORD)[0].status_code == 404
    assert tries(app, robin.token, "green finch")[0].status_code == 303
    browser.fill(robin.at("word"), none="yes")
    assert tries(app, robin.token)[0].status_code == 303


@pytest.mark.parametrize("word", ["", "abc", "   ab   ", "ROBIN", "x" * 61])
def test_what_is_no_word_is_said_beside_it(app: Flask, robin: OwnPage, word: str) -> None:
    answer = robin.opened(app).fill(robin.at("word"), word=word)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert [link.word_hash for link in rows(GuestLink)] == [None]


def test_a_peer_takes_it_away_only_by_giving_another_link(app: Flask, robin: OwnPage, dana: Browser) -> None:
    chooses(app, robin)
    card = dana.get(f"/stays/{robin.stay_id}").text
    assert "It opens only with a word that they chose" in card
    assert "heron" not in card.casefold()
    dana.fill(f"/stays/{robin.stay_id}", f"/stays/{robin.stay_id}/own-page/longer")
    assert tries(app, robin.token)[0].status_code == 404, "longer is not another"
    give_link(COMMAND, robin.guest_id, token := new_token(), now=SUNDAY)
    assert tries(app, token)[0].status_code == 303
    assert tries(app, robin.token, WORD)[0].status_code == 404


def test_no_word_is_kept_or_logged(app: Flask, robin: OwnPage) -> None:
    chooses(app, robin)
    tries(app, robin.token, WORD)
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            assert "heron" not in repr(tuple(row)).casefold(), table.name
    event = db.session.scalars(sa.select(Event).where(Event.kind == "guest-page.word.changed")).one()
    assert event.data == '{"stands":true}'


# -- a lost phone ------------------------------------------------------------------------------------------------


def test_a_lost_phone_ends_the_link_everywhere_and_rests_the_number(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    texting.give_consent(COMMAND, robin.guest_id, Purpose.CARING, PHONE, "in-person", now=SUNDAY)
    person = correspondent_of(db.session(), juniper.id, robin.guest_id)
    assert person is not None
    person_id = person.id
    db.session.rollback()
    ours(juniper.id, PHONE, "A kind word.", SUNDAY, "scheduled", correspondent_id=person_id)
    thief, card = robin.opened(app), f"/stays/{robin.stay_id}"
    answer = dana.fill(card, f"{card}/own-page/phone-lost")
    assert answer.status_code == 303
    assert "Robin" not in thief.get(robin.path).text
    assert tries(app, robin.token)[0].status_code == 404
    assert {message.state for message in rows(Message) if message.correspondent_id == person_id} == {"canceled"}
    page = dana.get(card).text
    assert "Their phone is lost." in page
    assert "Give them their page" in page
    dana.fill(card, f"{card}/own-page/phone-found")
    person = correspondent_of(db.session(), juniper.id, robin.guest_id)
    assert person is not None
    assert person.number_bad is None
    assert "Their phone is lost." not in dana.get(card).text


def test_nobody_here_answers_whoever_found_the_phone(app: Flask, juniper: House, robin: OwnPage, dana: Browser) -> None:
    card = f"/stays/{robin.stay_id}"
    dana.fill(card, f"{card}/own-page/phone-lost")
    person = correspondent_of(db.session(), juniper.id, robin.guest_id)
    assert person is not None
    for purpose, ends in ((Purpose.ANSWER, True), (Purpose.AUTOMATIC, False)):
        message = Message(purpose=purpose, number_index=person.number_index)
        assert (gate._person(message, rules_of(purpose), person) is not None) == ends, purpose


def test_nothing_but_finding_it_again_wakes_a_lost_phone(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser, actor_in: Callable[..., Actor]
) -> None:
    """Neither a yes to texts, said in the house or on the page, nor what became of a text that was on its way."""
    card = f"/stays/{robin.stay_id}"
    texting.give_consent(COMMAND, robin.guest_id, Purpose.STAY, PHONE, "in-person", now=SUNDAY)
    dana.fill(card, f"{card}/own-page/phone-lost")

    def why() -> str | None:
        db.session.rollback()
        person = correspondent_of(db.session(), juniper.id, robin.guest_id)
        assert person is not None
        return person.number_bad

    texting.give_consent(COMMAND, robin.guest_id, Purpose.CARING, PHONE, "in-person", now=house_now())
    assert why() == LOST
    again = new_token()
    give_link(COMMAND, robin.guest_id, again, now=house_now())
    page = OwnPage(robin.guest_id, robin.stay_id, again)
    browser = page.opened(app)
    yes = {"purpose": "follow-up", "answer": "yes", "key": "z" * 20}
    assert browser.post(page.at("texts"), yes).status_code == 303
    assert why() == LOST
    on_its_way = ours(juniper.id, PHONE, "A kind word.", SUNDAY, "sending")
    with transaction() as session:
        message = session.get_one(Message, on_its_way)
        settling._give_up(session, message, State.FAILED, Act.BAD_NUMBER, 21614, house_now())
    assert why() == LOST
    person = correspondent_of(db.session(), juniper.id, robin.guest_id)
    assert person is not None
    stopping.wrong_number(actor_in(juniper.id, Role.PEER), person.id, house_now())
    assert why() == LOST
    phone_found(COMMAND, robin.guest_id, now=house_now())
    assert why() is None


def test_said_twice_nothing_more_happens_and_a_stranger_to_the_house_says_nothing(
    app: Flask, robin: OwnPage, dana: Browser, aspen: House, person: MakePerson
) -> None:
    person("eve@example.org", {aspen.id: Role.DIRECTOR}, name="Eve")
    lost = f"/stays/{robin.stay_id}/own-page/phone-lost"
    assert Browser(app, "eve@example.org").post(lost).status_code == 404
    assert tries(app, robin.token)[0].status_code == 303
    assert (dana.post(lost).status_code, dana.post(lost).status_code) == (303, 303)
    ended = [event for event in rows(Event) if event.kind == "guest-page.link.ended"]
    assert len(ended) == 1
