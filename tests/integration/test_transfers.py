"""A request goes on to another house: with a yes, with what somebody agreed to, and with a way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db
from respite.core.due import sweep
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import CannotUndo, CoordinatorFirst
from respite.guests.models import Guest, Transfer, Waiting, YesAsk
from respite.guests.policy.offers import How
from respite.guests.policy.transfers import Goes
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import welcome_new
from respite.guests.service.kept_from import keep_from
from respite.guests.service.offering import offer_bed
from respite.guests.service.people import Known, Named
from respite.guests.service.transfers import hear_for_outside, send_on, take_back_transfer
from respite.guests.service.undo import last_undoable, undo
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import House
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHONE = "+13035550142"
ALL = tuple(Goes)
ASKED = Asked(wish="a quiet room", nights=3, reach="call", answer_from=time(9), answer_until=time(12))


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def here(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=2, chairs=1, now=SUNDAY
    )


@pytest.fixture
def there(app: Flask) -> House:
    return open_house(
        COMMAND, name="Aspen House", kind="respite", timezone="America/Denver", beds=2, chairs=0, now=SUNDAY
    )


@pytest.fixture
def peer(here: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(here.id, Role.PEER)


@pytest.fixture
def ana(here: House) -> Waiting:
    return add_waiting(COMMAND, here.id, who=Named("Ana", PHONE), asked=ASKED, since=SUNDAY - DAY, now=SUNDAY)


def sent(peer: Actor, ana: Waiting, there: House, *goes: Goes) -> Transfer:
    return send_on(peer, ana.id, there.id, goes, said_yes=True, now=SUNDAY)


def place_at(house: House) -> Waiting | None:
    found = rows(Waiting, Waiting.house_id == house.id, Waiting.ended_at.is_(None))
    return found[0] if found else None


def test_whom_they_keep_it_from_reads_nothing_of_them_there(
    app: Flask, here: House, there: House, peer: Actor, ana: Waiting, person: MakePerson
) -> None:
    roles = {here.id: Role.PEER, there.id: Role.PEER}
    person("sue@example.org", roles, name="Sue")
    ray = person("ray@example.org", roles, name="Ray")
    assert ana.guest_id is not None
    keep_from(Actor(ActorKind.GUEST, ana.guest_id), ana.guest_id, ray, now=SUNDAY)
    sent(peer, ana, there, *ALL)
    page = f"/houses/{there.slug}/waiting"
    assert "Ana" in Browser(app, "sue@example.org").get(page).text
    assert "Ana" not in Browser(app, "ray@example.org").get(page).text


def test_only_what_they_agreed_to_goes_along(peer: Actor, ana: Waiting, there: House) -> None:
    sent(peer, ana, there)
    new = place_at(there)
    assert new is not None
    assert (new.name, new.since) == ("Ana", SUNDAY - DAY)
    assert (new.reach, new.answer_from, new.nights, new.wish) == (None, None, None, None)
    assert [guest.phone for guest in rows(Guest, Guest.house_id == there.id)] == [None]


def test_all_of_it_where_they_agreed_to_all(peer: Actor, ana: Waiting, there: House, here: House) -> None:
    sent(peer, ana, there, *ALL)
    new = place_at(there)
    assert new is not None
    assert (new.reach, new.answer_from, new.nights, new.wish) == ("call", time(9), 3, "a quiet room")
    assert [guest.phone for guest in rows(Guest, Guest.house_id == there.id)] == [PHONE]
    assert place_at(here) is None
    assert [row.ended_how for row in rows(Waiting, Waiting.house_id == here.id)] == ["another-house"]


def test_the_yes_is_kept_with_who_heard_it_and_when(peer: Actor, ana: Waiting, there: House) -> None:
    with pytest.raises(Invalid) as refused:
        send_on(peer, ana.id, there.id, ALL, said_yes=False, now=SUNDAY)
    assert list(refused.value.fields) == ["said_yes"]
    sent(peer, ana, there, Goes.HOURS)
    kept = [(row.goes, row.heard_by, row.heard_at) for row in rows(Transfer)]
    assert kept == [(["hours"], peer.ref, SUNDAY)]


def test_a_house_may_count_from_when_they_came(peer: Actor, ana: Waiting, there: House) -> None:
    change_rules(COMMAND, there.id, {"counts_first_asking": False}, number_seen=None, now=SUNDAY)
    sent(peer, ana, there)
    new = place_at(there)
    assert new is not None
    assert new.since == SUNDAY


def test_each_sides_log_says_it_without_words(peer: Actor, ana: Waiting, there: House, here: House) -> None:
    sent(peer, ana, there, *ALL)
    for house, kind in ((here, "guest.request.sent-on"), (there, "guest.request.came")):
        (event,) = rows(Event, Event.stream == house.id, Event.kind == kind)
        assert list(json.loads(event.data)) in (["to_house_id"], ["from_house_id"])


def test_undo_gives_the_place_back_with_its_words_and_takes_the_other(
    peer: Actor, ana: Waiting, there: House, here: House
) -> None:
    transfer = sent(peer, ana, there, *ALL)
    take_back_transfer(peer, transfer.id, now=SUNDAY + MINUTE)
    back = place_at(here)
    assert back is not None
    assert (back.id, back.wish, back.since) == (ana.id, "a quiet room", SUNDAY - DAY)
    assert place_at(there) is None
    sweep(SUNDAY + HOUR)
    assert [guest.house_id for guest in rows(Guest)] == [here.id]
    assert rows(Transfer) == []


def test_no_way_back_once_they_did_something_there(
    peer: Actor, ana: Waiting, there: House, actor_in: Callable[..., Actor]
) -> None:
    transfer = sent(peer, ana, there, *ALL)
    new = place_at(there)
    assert new is not None
    bed = beds_of(db.session(), there.id)[0].id
    db.session.rollback()
    offer_bed(actor_in(there.id), there.id, bed_id=bed, waiting_id=new.id, how=How.CALL, now=SUNDAY)
    with pytest.raises(CannotUndo):
        take_back_transfer(peer, transfer.id, now=SUNDAY + MINUTE)
    assert place_at(there) is not None


def test_no_way_back_once_they_agreed_to_a_sheet_there(
    peer: Actor, ana: Waiting, there: House, here: House, actor_in: Callable[..., Actor]
) -> None:
    transfer = sent(peer, ana, there, *ALL)
    new = place_at(there)
    assert new is not None
    hear_for_outside(actor_in(there.id), new.id, [], said_yes=True, now=SUNDAY)
    with pytest.raises(CannotUndo):
        take_back_transfer(peer, transfer.id, now=SUNDAY + MINUTE)
    assert place_at(there) is not None
    assert place_at(here) is None


@pytest.mark.parametrize("known", [True, False])
def test_what_they_agreed_to_does_not_go_with_a_place_taken_back(peer: Actor, here: House, known: bool) -> None:
    who = Known(welcome_new(peer, here.id, who=Named("Bo"), nights=2, now=SUNDAY).guest_id) if known else Named("Bo")
    place = add_waiting(peer, here.id, who=who, now=SUNDAY)
    added = last_undoable(db.session())
    assert added is not None
    hear_for_outside(peer, place.id, [], said_yes=True, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, added, now=SUNDAY)
    assert place_at(here) is not None
    assert len(rows(Transfer)) == 1


@pytest.mark.parametrize("earlier_there", [True, False])
def test_nobody_here_learns_who_waits_there_already(
    app: Flask, ana: Waiting, there: House, here: House, person: MakePerson, earlier_there: bool
) -> None:
    """The answer and its Undo are as for anybody; there they keep one place, with its words and the earlier asking."""
    asked_there = SUNDAY - 2 * DAY if earlier_there else SUNDAY
    standing = add_waiting(
        COMMAND, there.id, who=Named("Ana", PHONE), asked=Asked(wish="low bed"), since=asked_there, now=SUNDAY
    )
    person("luis@example.org", {here.id: Role.PEER})
    luis, page = Browser(app, "luis@example.org"), f"/waiting/{ana.id}/another-house"
    form = luis.form(page)
    form.fields.setlist("goes", [str(each) for each in ALL])
    answer = luis.send(form, to=str(there.id), said_yes="yes")
    assert answer.status_code == 303
    assert "They are on the list of Aspen House now." in luis.get("/houses/juniper-house/waiting").text
    (transfer,) = rows(Transfer)
    first = min(asked_there, SUNDAY - DAY)
    assert place_at(here) is None
    assert [(row.id, row.wish, row.since) for row in rows(Waiting, Waiting.house_id == there.id)] == [
        (standing.id, "low bed", first)
    ]
    assert luis.post(f"/transfers/{transfer.id}/back", {"key": "k" * 20}).status_code == 303
    assert [row.id for row in rows(Waiting, Waiting.house_id == here.id, Waiting.ended_at.is_(None))] == [ana.id]
    assert [row.id for row in rows(Waiting, Waiting.house_id == there.id)] == [standing.id]
    assert rows(Transfer) == []


@pytest.mark.parametrize("name", ["Ana", "Bo"])
def test_a_coordinator_there_hears_of_a_request_that_may_bring_two_together(
    peer: Actor, ana: Waiting, there: House, actor_in: Callable[..., Actor], name: str
) -> None:
    luis = actor_in(there.id, Role.PEER)
    cy = welcome_new(luis, there.id, who=Named("Cy"), nights=2, now=SUNDAY)
    assert cy.guest_id is not None
    say_apart(luis, cy.guest_id, name, now=SUNDAY)
    sent(peer, ana, there, Goes.REACH, Goes.WISH)
    new = place_at(there)
    assert new is not None
    asked = [(ask.house_id, ask.guest_id, ask.what) for ask in rows(YesAsk)]
    assert asked == ([(there.id, new.guest_id, "bed")] if name == "Ana" else [])
    if asked:
        bed = beds_of(db.session(), there.id)[1].id
        with pytest.raises(CoordinatorFirst):
            offer_bed(luis, there.id, bed_id=bed, waiting_id=new.id, how=How.CALL, now=SUNDAY)
        assert len(rows(YesAsk)) == 1, "once"


def test_not_to_itself_nor_to_nowhere_nor_by_a_stranger(
    peer: Actor, ana: Waiting, there: House, here: House, actor_in: Callable[..., Actor]
) -> None:
    for house_id in (here.id, ana.id):
        with pytest.raises(NotFound):
            send_on(peer, ana.id, house_id, ALL, said_yes=True, now=SUNDAY)
    with pytest.raises(NotFound):
        sent(actor_in(there.id), ana, there)
    with pytest.raises(StaleVersion):
        send_on(peer, ana.id, there.id, ALL, said_yes=True, version_seen=7, now=SUNDAY)


def test_here_they_are_forgotten_when_nothing_else_keeps_them(peer: Actor, ana: Waiting, there: House) -> None:
    sent(peer, ana, there, *ALL)
    sweep(SUNDAY + HOUR)
    assert [guest.house_id for guest in rows(Guest)] == [there.id]
    assert rows(Transfer) == []


def test_a_sheet_for_a_house_outside_leaves_their_place(peer: Actor, ana: Waiting, here: House) -> None:
    hear_for_outside(peer, ana.id, [Goes.REACH], said_yes=True, now=SUNDAY)
    assert [(row.to_house_id, row.goes) for row in rows(Transfer)] == [(None, ["reach"])]
    assert place_at(here) is not None


def test_the_page_sends_prints_and_undoes(
    app: Flask, ana: Waiting, there: House, here: House, person: MakePerson
) -> None:
    person("luis@example.org", {here.id: Role.PEER})
    luis, page = Browser(app, "luis@example.org"), f"/waiting/{ana.id}/another-house"
    assert luis.fill(page, to=there.id).status_code == 422
    form = luis.form(page)
    form.fields.setlist("goes", ["reach"])
    sheet = luis.send(form, to="outside", said_yes="yes").text
    assert "(303) 555-0142" in sheet
    assert "a quiet room" not in sheet
    form = luis.form(page)
    form.fields.setlist("goes", ["reach", "wish"])
    assert luis.send(form, to=str(there.id), said_yes="yes").status_code == 303
    (transfer,) = rows(Transfer, Transfer.to_house_id == there.id)
    flash = luis.form("/houses/juniper-house/waiting", f"/transfers/{transfer.id}/back", "Undo")
    assert place_at(there) is not None
    assert luis.send(flash).status_code == 303
    assert place_at(there) is None
    assert place_at(here) is not None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Guest)) == 2
