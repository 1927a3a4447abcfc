"""What a yes covers, who is meant by a name, and what whoever is meant reads: each as narrow as it was said."""

from __future__ import annotations

import html
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.crypto import new_token
from respite.core.db import db
from respite.guest_page.service.links import give_link
from respite.guests.errors import CannotUndo, CoordinatorFirst
from respite.guests.models import BedOffer, Stay, YesAsk
from respite.guests.policy.apart import Answer, IsIt
from respite.guests.policy.offers import How
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import welcome_new
from respite.guests.service.offering import offer_bed
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import save_bed
from respite.guests.service.undo import last_undoable, undo
from respite.guests.service.visits import begin_visit, end_visit
from respite.guests.service.waiting import Asked, add_waiting
from respite.guests.service.yes_answers import answer_ask, wishes_in_the_way
from respite.houses.models import House
from respite.houses.queries import beds_of, chairs_of
from respite.promises.models import Promise
from tests.apart import asks
from tests.guest_pages import statements
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

PHONE = "+13035550188"


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


# -- what a yes covers -------------------------------------------------------------------------------------------


def stopped(house: House, peer: Actor, guest_id: uuid.UUID) -> YesAsk:
    """A bed for them asks a coordinator."""
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, house.id, who=Known(guest_id), nights=1, now=SUNDAY)
    return next(each for each in asks() if each.what == "bed" and each.answer is None)


def waits(house: House, peer: Actor, name: str) -> uuid.UUID:
    row = add_waiting(peer, house.id, who=Named(name, PHONE), asked=Asked(nights=2), now=SUNDAY)
    assert row.guest_id is not None
    return row.guest_id


def wants_apart(peer: Actor, stay: Stay, name: str) -> uuid.UUID:
    assert stay.guest_id is not None
    return say_apart(peer, stay.guest_id, name, now=SUNDAY).id


@pytest.mark.parametrize("answer", ["yes", "not-now"])
def test_an_answer_is_about_what_was_read_and_nothing_said_since(
    app: Flask, juniper: House, peer: Actor, person: MakePerson, answer: str
) -> None:
    ana, cy = comes(juniper, peer, "Ana"), comes(juniper, peer, "Cy")
    wants_apart(peer, ana, "Bo")
    bo = waits(juniper, peer, "Bo")
    ask_id = stopped(juniper, peer, bo).id
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    browser, path = Browser(app, "dana@example.org"), "/houses/juniper-house/yes-first"
    form = browser.form(path, f"/yes-asks/{ask_id}")
    wants_apart(peer, cy, "Bo")  # while the page is open
    assert browser.send(form, answer=answer).status_code == 412
    assert stopped(juniper, peer, bo).id == ask_id
    assert browser.fill(path, f"/yes-asks/{ask_id}", answer=answer).status_code == 303
    if answer == "yes":
        save_bed(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY)


# -- two of one name ---------------------------------------------------------------------------------------------


def test_of_two_of_one_name_each_is_answered_for_alone_and_it_can_be_taken_back(
    app: Flask, juniper: House, peer: Actor, person: MakePerson
) -> None:
    one, two = comes(juniper, peer, "Bo", "+13035550101"), comes(juniper, peer, "Bo", "+13035550102")
    ana = add_waiting(peer, juniper.id, who=Named("Ana", PHONE), asked=Asked(nights=2), now=SUNDAY).guest_id
    assert ana is not None
    wish_id = say_apart(peer, ana, "Bo", now=SUNDAY).id
    ask = stopped(juniper, peer, ana)
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    browser, path = Browser(app, "dana@example.org"), "/houses/juniper-house/yes-first"
    page = browser.get(path).text
    assert "(303) 555-0101" in page
    assert "(303) 555-0102" in page
    groups = {each.guest_id: f"is-it-{wish_id.hex}-{each.guest_id.hex}" for each in (one, two) if each.guest_id}
    assert all(page.count(f'name="{name}"') == 3 for name in groups.values())

    both = dict.fromkeys(groups.values(), "same")
    assert browser.fill(path, f"/yes-asks/{ask.id}", answer="not-now", **both).status_code == 422
    assert one.guest_id is not None
    assert two.guest_id is not None
    said = {groups[one.guest_id]: "other", groups[two.guest_id]: ""}
    assert browser.fill(path, f"/yes-asks/{ask.id}", answer="not-now", **said).status_code == 303
    assert still_meant(wish_id) == [two.guest_id]

    assert browser.fill(path, f"/apart-wishes/{wish_id}/not-known").status_code == 303
    assert set(still_meant(wish_id)) == set(groups)
    ask = stopped(juniper, peer, ana)
    said = {groups[one.guest_id]: "other", groups[two.guest_id]: "same"}
    assert browser.fill(path, f"/yes-asks/{ask.id}", answer="not-now", **said).status_code == 303
    assert still_meant(wish_id) == [two.guest_id]
    assert browser.fill(path, f"/apart-wishes/{wish_id}/not-known").status_code == 303
    assert set(still_meant(wish_id)) == set(groups)
    assert "not-known" not in browser.get(path).text


def still_meant(wish_id: uuid.UUID) -> list[uuid.UUID]:
    about = next(each for each in asks() if each.what == "bed")
    return [each.other.id for each in wishes_in_the_way(db.session(), about, SUNDAY) if each.wish.id == wish_id]


# -- undo --------------------------------------------------------------------------------------------------------


def test_taking_the_end_of_a_visit_back_does_not_bring_them_together(juniper: House, peer: Actor) -> None:
    one, other = (each.id for each in chairs_of(db.session(), juniper.id)[:2])
    ana = begin_visit(peer, juniper.id, who=Named("Ana"), chair_id=one, now=SUNDAY)
    assert ana.guest_id is not None
    say_apart(peer, ana.guest_id, "Bo", now=SUNDAY)
    end_visit(peer, ana.id, now=SUNDAY)
    undoable = last_undoable(db.session())
    assert undoable is not None
    bo = begin_visit(peer, juniper.id, who=Named("Bo"), chair_id=other, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, undoable, now=SUNDAY)
    end_visit(peer, bo.id, now=SUNDAY)
    undo(peer, undoable, now=SUNDAY)


# -- the coordinators' page --------------------------------------------------------------------------------------


def test_the_page_asks_the_database_as_often_for_many_as_for_one(
    app: Flask, juniper: House, peer: Actor, dana: Actor, person: MakePerson
) -> None:
    ana = comes(juniper, peer, "Ana")
    named = [f"Bo{index}" for index in range(6)]
    for name in named:
        wants_apart(peer, ana, name)
    person("kit@example.org", {juniper.id: Role.COORDINATOR}, "Kit")
    browser = Browser(app, "kit@example.org")

    def asked_now() -> int:
        with statements() as heard:
            browser.get("/houses/juniper-house/yes-first")
        return len(heard)

    counts = []
    for index, name in enumerate(named):
        row = add_waiting(peer, juniper.id, who=Named(name, f"+130355501{index:02}"), asked=Asked(nights=2), now=SUNDAY)
        assert row.guest_id is not None
        ask = stopped(juniper, peer, row.guest_id)
        counts.append(asked_now())
        if index in (1, 2):  # some are answered, and of some it is known who is meant
            is_it = {(each.wish.id, each.other.id): IsIt.SAME for each in wishes_in_the_way(db.session(), ask, SUNDAY)}
            answer_ask(dana, ask.id, Answer.NOT_NOW, is_it=is_it, now=SUNDAY)
    assert max(counts) <= counts[0] + 1, counts
    assert max(counts) <= 24, counts
