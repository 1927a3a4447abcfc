"""A name means everybody of that name, by whatever name they go later, until a coordinator says who it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.core.db import db, transaction
from respite.guest_page.service.links import give_link
from respite.guests.errors import CoordinatorFirst
from respite.guests.models import Guest, OnceNamed, Stay
from respite.guests.policy.apart import Answer, IsIt
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import welcome_new
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.people import Known, Named, put_name
from respite.guests.service.saving import save_bed
from respite.guests.service.staying import change_guest
from respite.guests.service.visits import begin_visit
from respite.guests.service.yes_answers import answer_ask, wishes_in_the_way
from respite.houses.models import House
from tests.apart import HOUR, asks, count, known
from tests.guest_pages import OwnPage
from tests.places import SUNDAY


def test_somebody_else_of_that_name_is_not_stopped_again(juniper: House, peer: Actor, dana: Actor, ana: Stay) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    (ask,) = asks()
    (between,) = wishes_in_the_way(db.session(), ask, SUNDAY)
    answer_ask(dana, ask.id, Answer.NOT_NOW, is_it={(between.wish.id, between.other.id): IsIt.OTHER}, now=SUNDAY)
    begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Named("Bo", "+13035550199"), nights=1, now=SUNDAY)


def test_who_is_known_to_be_meant_is_meant_by_whatever_name(
    juniper: House, peer: Actor, dana: Actor, ana: Stay
) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    (ask,) = asks()
    (between,) = wishes_in_the_way(db.session(), ask, SUNDAY)
    answer_ask(dana, ask.id, Answer.NOT_NOW, is_it={(between.wish.id, between.other.id): IsIt.SAME}, now=SUNDAY)
    with transaction() as session:
        put_name(session.get_one(Guest, bo), "Robert")
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY)
    begin_visit(peer, juniper.id, who=Named("Bo", "+13035550199"), now=SUNDAY)


def renamed_on_their_page(app: Flask, bo: uuid.UUID, stay: Stay, peer: Actor) -> None:
    page = OwnPage(bo, stay.id, "t" * 43)
    give_link(COMMAND, bo, page.token, now=SUNDAY)
    assert page.opened(app).fill(page.at("name"), name="Bodhi").status_code == 303


def renamed_by_a_peer(app: Flask, bo: uuid.UUID, stay: Stay, peer: Actor) -> None:
    change_guest(peer, bo, name="Bodhi", pronouns=None, phone="+13035550188", now=SUNDAY)


@pytest.mark.parametrize("renames", [renamed_on_their_page, renamed_by_a_peer])
def test_another_name_leads_past_no_wish(
    app: Flask,
    juniper: House,
    peer: Actor,
    dana: Actor,
    ana: Stay,
    renames: Callable[[Flask, uuid.UUID, Stay, Actor], None],
) -> None:
    bo = known(juniper, peer)
    renames(app, bo, ana, peer)
    for _again in range(2):  # and a name after that
        with pytest.raises(CoordinatorFirst):
            save_bed(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY)
        change_guest(peer, bo, name="Bela", pronouns=None, phone=None, now=SUNDAY)
    # Whoever comes by the name that was said may be meant as well.
    with pytest.raises(CoordinatorFirst):
        welcome_new(peer, juniper.id, who=Named("Bo"), nights=1, now=SUNDAY)
    ask = next(each for each in asks() if each.guest_id == bo)
    (between,) = wishes_in_the_way(db.session(), ask, SUNDAY)
    answer_ask(dana, ask.id, Answer.NOT_NOW, is_it={(between.wish.id, between.other.id): IsIt.OTHER}, now=SUNDAY)
    save_bed(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY)
    assert ana.guest_id is not None
    leave(peer, ana.id, now=SUNDAY + HOUR)
    assert count(OnceNamed) == 1
    erase_guest(dana, ana.guest_id, now=SUNDAY + HOUR)
    assert count(OnceNamed) == 0


def test_who_said_it_stops_too_where_the_other_took_another_name(juniper: House, peer: Actor) -> None:
    bo = welcome_new(peer, juniper.id, who=Named("Bo"), nights=2, now=SUNDAY)
    cy = known(juniper, peer, "Cy")
    say_apart(peer, cy, "Bo", now=SUNDAY)
    assert bo.guest_id is not None
    change_guest(peer, bo.guest_id, name="Bodhi", pronouns=None, phone=None, now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(cy), nights=1, now=SUNDAY)
