"""A wish on its guest's own page, nowhere on the other's, and both on the coordinators'."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.db import db
from respite.guest_page.service.links import give_link
from respite.guests.errors import CoordinatorFirst
from respite.guests.models import ApartWish, Stay
from respite.guests.service.people import Known, Named
from respite.guests.service.visits import begin_visit
from respite.houses.models import House
from tests.apart import asks, count, known, says_yes
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY


def test_on_their_page_it_stands_can_be_prolonged_and_taken_back(app: Flask, juniper: House) -> None:
    page = has_a_page(juniper, "Ana")
    browser = page.opened(app)
    assert browser.fill(page.at("apart"), name="Bo").status_code == 303
    shown = browser.get(page.at("apart")).text
    assert "Bo" in shown
    assert "22 February 2027" in shown
    assert "Bo" in browser.get(page.at("kept")).text
    wish = db.session.scalars(sa.select(ApartWish)).one()
    browser.send(browser.form(page.at("apart"), page.at("apart", str(wish.id)), "Take it back"))
    assert count(ApartWish) == 0


def test_the_other_reads_nothing_of_it_anywhere(
    app: Flask, juniper: House, peer: Actor, dana: Actor, ana: Stay
) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    says_yes(dana, note="Separate meals.")
    begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    page = OwnPage(bo, ana.id, "t" * 43)
    give_link(COMMAND, bo, page.token, now=SUNDAY)
    browser = page.opened(app)
    for path in ((), ("kept",), ("record",), ("record.json",), ("apart",)):
        answer = browser.get(page.at(*path))
        if answer.status_code == 404:
            continue
        assert not any(word in answer.text for word in ("Ana", "Separate", "yes_ask", "apart_wish", "coordinator"))


def test_another_guests_wish_is_not_found(app: Flask, juniper: House, ana: Stay) -> None:
    wish = db.session.scalars(sa.select(ApartWish)).one().id
    db.session.rollback()
    page = has_a_page(juniper, "Eve")
    browser = page.opened(app)
    form = browser.form(page.at("apart"))
    form.action = page.at("apart", str(wish))
    assert browser.send(form).status_code == 404
    assert count(ApartWish) == 1


def test_the_coordinators_page_shows_both_and_takes_the_answer(
    app: Flask, juniper: House, peer: Actor, ana: Stay, person: MakePerson
) -> None:
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Named("Bo"), now=SUNDAY)
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    browser = Browser(app, "dana@example.org")
    assert "Something waits for your yes." in browser.get("/houses/juniper-house/board").text
    page = browser.get("/houses/juniper-house/yes-first")
    assert "Ana would not want to meet Bo here." in page.text
    assert browser.fill("/houses/juniper-house/yes-first", f"/yes-asks/{asks()[0].id}", answer="yes").status_code == 303
    begin_visit(peer, juniper.id, who=Named("Bo"), now=SUNDAY)
    assert "Something waits" not in browser.get("/houses/juniper-house/board").text
