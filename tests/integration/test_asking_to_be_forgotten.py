"""A guest asks to be forgotten on their page: a peer sees it with its day, does it, or says in words why not yet."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.service import lock_stream
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.guest_page.errors import PageShut
from respite.guest_page.models import GuestLink
from respite.guest_page.service.asking import ask
from respite.guest_page.service.links import end_link
from respite.guests.errors import AskOver, ForgettingAsked
from respite.guests.models import AskKind, Guest, GuestAsk
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.asks import answer_ask, ask_inside
from respite.guests.service.leaving import Ending, leave
from respite.guests.service.people import Named
from respite.guests.service.waiting import add_waiting
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

HOUR = timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, now=SUNDAY)


@pytest.fixture
def robin(app: Flask, juniper: House) -> OwnPage:
    return has_a_page(juniper, "Robin")


def browser_of(app: Flask, person: MakePerson, house: House, role: Role, name: str) -> Browser:
    person(f"{name}@example.org", {house.id: role})
    return Browser(app, f"{name}@example.org")


def the_ask() -> GuestAsk:
    db.session.expire_all()
    return db.session.scalars(sa.select(GuestAsk)).one()


def test_asked_and_seen_on_both_screens_with_the_day(
    app: Flask, juniper: House, robin: OwnPage, person: MakePerson
) -> None:
    change_rules(COMMAND, juniper.id, {"answer_days": 5}, number_seen=None, now=SUNDAY)
    mine, peer = robin.opened(app), browser_of(app, person, juniper, Role.PEER, "pat")
    assert "by 27 November" in mine.get(robin.at("forget")).text
    answer = mine.fill(robin.at("forget"), robin.at("forget"))
    assert (answer.status_code, answer.location) == (303, robin.at("forget"))
    page = html.unescape(mine.get(robin.at("forget")).text)
    assert "You asked on 22 November" in page
    assert "By 27 November it is done" in page
    assert the_ask().answer_by == date(2026, 11, 27)
    asks = html.unescape(peer.get("/houses/juniper-house/asks").text)
    assert "Robin" in asks
    assert "asks to be forgotten" in asks
    assert "An answer is due by Friday." in asks
    assert "A coordinator or director does it." in asks
    assert "1 thing has no answer yet" in peer.get(f"/stays/{robin.stay_id}").text
    assert "1 thing that a guest asks" in peer.get("/houses/juniper-house/board").text


def test_a_word_why_not_yet_is_read_on_their_page_and_the_wish_stands(
    app: Flask, juniper: House, robin: OwnPage, person: MakePerson, clock: StillClock
) -> None:
    peer = browser_of(app, person, juniper, Role.PEER, "pat")
    ask(_actor(robin), AskKind.FORGET, now=SUNDAY)
    said = "You are still with us. On Tuesday, once you have left, we do it."
    answer = peer.fill("/houses/juniper-house/asks", f"/asks/{the_ask().id}/answer", words=said)
    assert answer.status_code == 303
    page = html.unescape(robin.opened(app).get(robin.at("forget")).text)
    assert said in page
    assert "Your wish stands." in page
    assert the_ask().ended_at is None
    assert said in html.unescape(peer.get("/houses/juniper-house/asks").text)
    assert "1 thing that a guest asks" not in peer.get("/houses/juniper-house/board").text


def test_a_coordinator_does_it_in_the_form_that_was_there_before(
    app: Flask, juniper: House, robin: OwnPage, person: MakePerson
) -> None:
    mine, dana = robin.opened(app), browser_of(app, person, juniper, Role.COORDINATOR, "dana")
    ask(_actor(robin), AskKind.FORGET, now=SUNDAY)
    page = f"/asks/{the_ask().id}/forgetting"
    assert page in dana.get("/houses/juniper-house/asks").text
    still_here = dana.fill(page, sure="yes")
    assert still_here.status_code == 409
    assert "They have a bed or a chair here now." in still_here.text
    leave(COMMAND, robin.stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
    assert dana.fill(page, sure=None).status_code == 422
    answer = dana.fill(page, sure="yes")
    assert answer.status_code == 303
    assert db.session.scalars(sa.select(Guest)).all() == []
    assert db.session.scalars(sa.select(GuestAsk)).all() == []
    assert mine.get(robin.at("forget")).status_code == 404
    assert "Nothing is open." in dana.get("/houses/juniper-house/asks").text


def test_somebody_who_only_waits_is_forgotten_the_same_way(app: Flask, juniper: House, person: MakePerson) -> None:
    waiting = add_waiting(COMMAND, juniper.id, who=Named("Ana"), now=SUNDAY)
    assert waiting.guest_id is not None
    with transaction() as session:
        lock_stream(session, juniper.id)
        ask_inside(session, COMMAND, session.get_one(Guest, waiting.guest_id), AskKind.FORGET, None, SUNDAY)
    dana = browser_of(app, person, juniper, Role.COORDINATOR, "dana")
    assert dana.fill(f"/asks/{the_ask().id}/forgetting", sure="yes").status_code == 303
    assert db.session.scalars(sa.select(Guest)).all() == []


def test_late_is_a_word_on_the_page(
    app: Flask, juniper: House, robin: OwnPage, person: MakePerson, clock: StillClock
) -> None:
    peer = browser_of(app, person, juniper, Role.PEER, "pat")
    ask(_actor(robin), AskKind.FORGET, now=SUNDAY)
    clock.advance(timedelta(days=9))
    assert "An answer was due by" in peer.get("/houses/juniper-house/asks").text


def test_asked_once_at_a_time_and_taken_back(app: Flask, juniper: House, robin: OwnPage) -> None:
    ask(_actor(robin), AskKind.FORGET, now=SUNDAY)
    with pytest.raises(ForgettingAsked):
        ask(_actor(robin), AskKind.FORGET, now=SUNDAY)
    mine = robin.opened(app)
    answer = mine.fill(robin.at("forget"), robin.at("asks", str(the_ask().id), "back"))
    assert answer.status_code == 303
    assert db.session.scalars(sa.select(GuestAsk)).all() == []
    ask(_actor(robin), AskKind.FORGET, now=SUNDAY)


def test_nobody_takes_back_what_another_asked(app: Flask, juniper: House, robin: OwnPage) -> None:
    ana = has_a_page(juniper, "Ana")
    ask(_actor(robin), AskKind.FORGET, now=SUNDAY)
    for ask_id in (the_ask().id, uuid.uuid4()):
        page = ana.opened(app)
        answer = page.post(ana.at("asks", str(ask_id), "back"))
        assert answer.status_code == 404
    assert the_ask().guest_id == robin.guest_id


def test_an_answered_request_is_over(app: Flask, juniper: House, robin: OwnPage) -> None:
    ask(_actor(robin), AskKind.REQUEST, "Another blanket?", now=SUNDAY)
    answer_ask(COMMAND, the_ask().id, "It is on your bed.", now=SUNDAY)
    with pytest.raises(AskOver):
        answer_ask(COMMAND, the_ask().id, "Again.", now=SUNDAY)


def test_a_link_that_was_ended_meanwhile_asks_nothing(app: Flask, juniper: House, robin: OwnPage) -> None:
    actor = _actor(robin)
    end_link(COMMAND, robin.guest_id, now=SUNDAY)
    with pytest.raises(PageShut):
        ask(actor, AskKind.FORGET, now=SUNDAY)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.CLINICAL_ON_CALL])
def test_who_keeps_no_beds_sees_none_of_it(
    app: Flask, juniper: House, robin: OwnPage, person: MakePerson, role: Role
) -> None:
    ask(_actor(robin), AskKind.FORGET, now=SUNDAY)
    other = browser_of(app, person, juniper, role, "pat")
    assert other.get("/houses/juniper-house/asks").status_code == 404
    assert "things that guests ask" not in re.sub(r"thing that a guest", "things that guests", other.get("/").text)


def _actor(page: OwnPage) -> Actor:
    link = db.session.scalars(sa.select(GuestLink.id).where(GuestLink.guest_id == page.guest_id)).one()
    db.session.rollback()
    return Actor(ActorKind.GUEST, page.guest_id, by=link)
