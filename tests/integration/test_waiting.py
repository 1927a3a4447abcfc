"""Who waits is a guest: one record of them, one place on the list, and forgotten when nothing keeps them any more."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core import due
from respite.core.db import db
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import AlreadyWaiting, CannotUndo, NotOnTheList
from respite.guests.models import Guest, Reach, Stay, Undoable, Waiting
from respite.guests.service import on_file, undo
from respite.guests.service.erasing import erase_guest
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import let_go, save_bed
from respite.guests.service.visits import begin_visit, end_visit
from respite.guests.service.waiting import Asked, add_waiting, change_waiting, end_waiting
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import Correspondent
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PHONE = "+13035550142"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, chairs=2, now=SUNDAY
    )


@pytest.fixture
def peer(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER)


def guests() -> list[str | None]:
    db.session.expire_all()
    return sorted(guest.name or "" for guest in db.session.scalars(sa.select(Guest)))


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def last_act() -> uuid.UUID:
    found = db.session.scalar(sa.select(Undoable.id).order_by(Undoable.at.desc()).limit(1))
    assert found is not None
    return found


def test_who_waits_is_a_guest_with_their_number(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), asked=Asked("ground floor", 3), now=SUNDAY)
    db.session.expire_all()
    row = db.session.get_one(Waiting, row.id)
    assert row.guest is not None
    assert (row.name, row.guest.phone, row.wish, row.nights, row.reach) == ("Ida", PHONE, "ground floor", 3, None)
    person = db.session.scalars(sa.select(Correspondent)).one()
    assert (person.subject_id, person.number) == (row.guest_id, PHONE)


def test_who_is_known_is_the_same_guest(house: House, peer: Actor) -> None:
    stay = save_bed(peer, house.id, who=Named("Ida", phone=PHONE), nights=1, now=SUNDAY)
    by_number = add_waiting(peer, house.id, who=Named("ida", phone=PHONE), now=SUNDAY)
    assert by_number.guest_id == stay.guest_id
    other = save_bed(peer, house.id, who=Named("Wes"), nights=1, now=SUNDAY)
    assert other.guest_id is not None
    chosen = add_waiting(peer, house.id, who=Known(other.guest_id), now=SUNDAY)
    assert chosen.guest_id == other.guest_id
    assert guests() == ["Ida", "Wes"]


def test_two_places_of_one_guest_are_refused_in_words(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    with pytest.raises(AlreadyWaiting) as refused:
        add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    assert "on the list already" in str(refused.value.sentence)
    end_waiting(peer, row.id, "taken-off", now=SUNDAY)
    add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    assert count(Waiting) == 2


def test_the_database_keeps_a_second_place_out_too(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida"), now=SUNDAY)
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        values = {"id": uuid.uuid4(), "house_id": house.id, "guest_id": row.guest_id, "since": SUNDAY, "version": 1}
        connection.execute(sa.insert(Waiting).values(**values))


def test_off_the_list_and_kept_for_nothing_else_they_are_forgotten(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), asked=Asked("any night"), now=SUNDAY)
    end_waiting(peer, row.id, "taken-off", now=SUNDAY)
    due.sweep(SUNDAY + 29 * MINUTE)
    assert guests() == ["Ida"]  # as long as it can be undone
    due.sweep(SUNDAY + 30 * MINUTE)
    assert (guests(), count(Correspondent)) == ([], 0)
    gone = db.session.get_one(Waiting, row.id)
    assert (gone.guest_id, gone.wish, gone.ended_how, gone.since) == (None, None, "taken-off", SUNDAY)
    assert list(broken_links()) == []


@pytest.mark.parametrize("keeps", ["stay", "visit", "place", "feature"])
def test_whatever_else_keeps_them_is_respected(
    house: House, peer: Actor, keeps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    assert row.guest_id is not None
    if keeps == "stay":
        stay = save_bed(peer, house.id, who=Known(row.guest_id), nights=1, now=SUNDAY)
        let_go(peer, stay.id, now=SUNDAY)
    elif keeps == "visit":
        end_visit(peer, begin_visit(peer, house.id, who=Known(row.guest_id), now=SUNDAY).id, now=SUNDAY)
    end_waiting(peer, row.id, "taken-off", now=SUNDAY)
    if keeps == "place":
        add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    elif keeps == "feature":
        monkeypatch.setattr(on_file, "also_keeps", [lambda _session, guest_id, _now: guest_id == row.guest_id])
    due.sweep(SUNDAY + HOUR)
    assert guests() == ["Ida"]


def test_undo_puts_them_back_on_the_list_and_they_stay(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida"), asked=Asked("any night"), now=SUNDAY)
    end_waiting(peer, row.id, "taken-off", now=SUNDAY)
    undo.undo(peer, last_act(), now=SUNDAY + MINUTE)
    due.sweep(SUNDAY + HOUR)
    db.session.expire_all()
    back = db.session.get_one(Waiting, row.id)
    assert (back.name, back.wish, back.ended_at) == ("Ida", "any night", None)


def test_undo_of_asking_takes_who_is_new_away_and_nobody_else(house: House, peer: Actor) -> None:
    add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    undo.undo(peer, last_act(), now=SUNDAY)
    assert (guests(), count(Waiting), count(Correspondent)) == ([], 0, 0)
    stay = save_bed(peer, house.id, who=Named("Wes", phone=PHONE), nights=1, now=SUNDAY)
    add_waiting(peer, house.id, who=Named("Wes", phone=PHONE), now=SUNDAY)
    undo.undo(peer, last_act(), now=SUNDAY)
    assert guests() == ["Wes"]
    assert stay.guest_id is not None


def test_asking_again_before_they_were_forgotten_and_undone_still_ends_in_forgetting(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    end_waiting(peer, row.id, "taken-off", now=SUNDAY)
    add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY + 20 * MINUTE)
    due.sweep(SUNDAY + 40 * MINUTE)
    assert guests() == ["Ida"]
    undo.undo(peer, last_act(), now=SUNDAY + 41 * MINUTE)
    due.sweep(SUNDAY + 2 * HOUR)
    assert guests() == []


def test_who_asked_again_has_one_place_whatever_is_undone(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    end_waiting(peer, row.id, "taken-off", now=SUNDAY)
    ended = last_act()
    add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo.undo(peer, ended, now=SUNDAY)


def test_a_bed_from_the_list_is_that_guests(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida", phone=PHONE), now=SUNDAY)
    stay = save_bed(peer, house.id, waiting_id=row.id, nights=2, now=SUNDAY)
    assert (stay.guest_id, guests()) == (row.guest_id, ["Ida"])
    with pytest.raises(NotOnTheList):
        save_bed(peer, house.id, waiting_id=row.id, nights=2, now=SUNDAY)
    undo.undo(peer, last_act(), now=SUNDAY)
    db.session.expire_all()
    assert (count(Stay), db.session.get_one(Waiting, row.id).ended_at, guests()) == (0, None, ["Ida"])
    with pytest.raises(Invalid):
        save_bed(peer, house.id, nights=2, now=SUNDAY)


def test_erasing_ends_the_waiting_and_keeps_when_it_was(house: House, actor_in: ActorIn) -> None:
    lead = actor_in(house.id, Role.COORDINATOR)
    row = add_waiting(lead, house.id, who=Named("Ida"), asked=Asked("any night"), now=SUNDAY)
    assert row.guest_id is not None
    erase_guest(lead, row.guest_id, now=SUNDAY + HOUR)
    db.session.expire_all()
    gone = db.session.get_one(Waiting, row.id)
    assert (gone.guest_id, gone.wish, gone.ended_at, gone.ended_how) == (None, None, SUNDAY + HOUR, "forgotten")
    assert (guests(), list(broken_links())) == ([], [])


def test_what_they_asked_for_can_change_and_their_place_cannot(house: House, peer: Actor) -> None:
    row = add_waiting(peer, house.id, who=Named("Ida"), since=SUNDAY - HOUR, now=SUNDAY)
    asked = Asked("a quiet door", 2, Reach.TEXT, time(9), time(18, 30))
    with pytest.raises(Invalid) as refused:
        change_waiting(peer, row.id, name="Ida", phone=None, asked=asked, now=SUNDAY)
    assert set(refused.value.fields) == {"phone"}
    change_waiting(peer, row.id, name="Ida B", phone="303 555 0142", asked=asked, version_seen=row.version, now=SUNDAY)
    db.session.expire_all()
    row = db.session.get_one(Waiting, row.id)
    assert row.guest is not None
    assert (row.name, row.guest.phone, row.since) == ("Ida B", PHONE, SUNDAY - HOUR)
    assert (row.wish, row.nights, row.reach) == ("a quiet door", 2, "text")
    assert (row.answer_from, row.answer_until) == (time(9), time(18, 30))
    with pytest.raises(StaleVersion):
        change_waiting(peer, row.id, name="I", phone=None, asked=Asked(), version_seen=row.version - 1, now=SUNDAY)
    with pytest.raises(StaleVersion):
        change_waiting(peer, row.id, name="I", phone=None, asked=Asked(), guest_version_seen=1, now=SUNDAY)
    undo.undo(peer, last_act(), now=SUNDAY)
    db.session.expire_all()
    row = db.session.get_one(Waiting, row.id)
    assert row.guest is not None
    assert (row.name, row.guest.phone, row.reach, row.answer_from) == ("Ida", None, None, None)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked(answer_from=time(9)), "answer_until"),
        (Asked(answer_until=time(9)), "answer_from"),
        (Asked(nights=0), "nights"),
        (Asked("w" * 121), "wish"),
        (Asked(reach="shout"), "reach"),
        (Asked(reach=Reach.CALL), "phone"),
    ],
)
def test_what_does_not_fit_is_said_by_field(house: House, peer: Actor, asked: Asked, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_waiting(peer, house.id, who=Named("Ida"), asked=asked, now=SUNDAY)
    assert set(refused.value.fields) == {field}
    assert (count(Waiting), guests()) == (0, [])


def test_of_another_house_nobody_is_known(house: House, peer: Actor) -> None:
    other = open_house(COMMAND, name="Other", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    row = add_waiting(COMMAND, other.id, who=Named("Ida"), now=SUNDAY)
    assert row.guest_id is not None
    with pytest.raises(NotFound):
        add_waiting(peer, house.id, who=Known(row.guest_id), now=SUNDAY)
    with pytest.raises(NotFound):
        change_waiting(peer, row.id, name="Ida", phone=None, asked=Asked(), now=SUNDAY)
