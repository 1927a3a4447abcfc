"""What a yes covers, who is meant by a name, and what whoever is meant reads: each as narrow as it was said."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.crypto import new_token
from respite.core.db import db
from respite.guest_page.service.links import give_link
from respite.guests.models import BedOffer, Stay, YesAsk
from respite.guests.policy.apart import Answer
from respite.guests.policy.offers import How
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import welcome_new
from respite.guests.service.offering import offer_bed
from respite.guests.service.people import Named
from respite.guests.service.waiting import Asked, add_waiting
from respite.guests.service.yes_answers import answer_ask
from respite.houses.models import House
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from respite.promises.models import Promise
from tests.pages import Browser, forms_of
from tests.places import SUNDAY

PHONE = "+13035550188"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, chairs=3, now=SUNDAY
    )


@pytest.fixture
def peer(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.PEER, "Luis")


@pytest.fixture
def dana(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.COORDINATOR, "Dana")


def asks() -> list[YesAsk]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(YesAsk).order_by(YesAsk.asked_at, YesAsk.id)))


def comes(house: House, peer: Actor, name: str, phone: str | None = None) -> Stay:
    stay = welcome_new(peer, house.id, who=Named(name, phone), nights=2, now=SUNDAY)
    assert stay.guest_id is not None
    return stay


# -- whoever is meant --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "says", "calls"),
    [(PHONE, "We have your yes. One of us will call you.", 1), (None, "We have your yes. Please call us.", 0)],
)
def test_a_yes_on_the_page_that_a_coordinator_must_look_at_first_says_nothing_of_it(
    app: Flask, juniper: House, peer: Actor, dana: Actor, phone: str | None, says: str, calls: int
) -> None:
    ana = comes(juniper, peer, "Ana")
    bo = add_waiting(peer, juniper.id, who=Named("Bo", phone), asked=Asked(nights=2), now=SUNDAY)
    bed = next(each.id for each in beds_of(db.session(), juniper.id) if each.id != ana.bed_id)
    offer = offer_bed(peer, juniper.id, bed_id=bed, waiting_id=bo.id, how=How.CALL, now=SUNDAY)
    assert ana.guest_id is not None
    assert bo.guest_id is not None
    say_apart(peer, ana.guest_id, "Bo", now=SUNDAY)
    token = new_token()
    give_link(COMMAND, bo.guest_id, token, now=SUNDAY)
    browser = Browser(app)
    browser.post(f"/g/{token}")
    yes = next(form for form in forms_of(browser.get(f"/g/{token}")) if form.fields.get("what") == "yes")
    for _twice in range(2):
        sent = browser.send(yes)
        assert (sent.status_code, sent.location) == (303, f"/g/{token}")
        page = html.unescape(browser.get(f"/g/{token}").text)
        assert says in page
        assert "oordinator" not in page
    [ask] = [each for each in asks() if each.what == "bed"]
    assert ask.answer is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Promise)) == calls
    answer_ask(dana, ask.id, Answer.YES, now=SUNDAY)
    again = next(form for form in forms_of(browser.get(f"/g/{token}")) if form.fields.get("what") == "yes")
    browser.send(again)
    assert "The bed is saved for you." in browser.get(f"/g/{token}").text
    db.session.rollback()
    assert db.session.get_one(BedOffer, offer.id).ended_how == "accepted"
