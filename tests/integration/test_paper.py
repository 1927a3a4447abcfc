"""The sheet for a night without the line: doors, promises, whom to call; names only where the house chose them."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import COMMAND
from respite.accounts.models import Person
from respite.accounts.roles import Role
from respite.board.paper import unnamed
from respite.core.db import db, transaction
from respite.guests.service.leaving import leave
from respite.guests.service.promised import promise_guest
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from respite.messaging.models.people import CorrespondentKind
from respite.promises.service.acts import Wanted, give
from respite.staffing.models import Shift
from respite.staffing.queries.phone_order import phone_order
from respite.staffing.service.shifts import put_on
from tests.boards import TONIGHT, here, juniper, saved
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import person_at

PAPER = "/houses/juniper-house/board/paper"
NAMES = ("Sam", "Jo")


@pytest.fixture
def house(app: Flask) -> House:
    house = juniper()
    sam = here(house, "Willow", "Sam")
    saved(house, "Cedar", "Jo", minutes=120)
    promise_guest(COMMAND, sam.id, Wanted(words="A ride for Sam to the fair"), now=SUNDAY)
    give(COMMAND, house.id, Wanted(words="Lamp oil"), now=SUNDAY)
    return house


@pytest.fixture
def peer(app: Flask, house: House, person: MakePerson) -> FlaskClient:
    person("ana@example.org", {house.id: Role.PEER}, "Ana")
    found = app.test_client()
    sign_in(found, "ana@example.org")
    return found


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text[text.index("<main") :]).split())


def test_no_name_stands_on_it_unless_the_house_chose_that(peer: FlaskClient, house: House) -> None:
    said = words(peer.get(PAPER).text)
    assert [name for name in NAMES if re.search(rf"\b{name}\b", said)] == []
    for part in ("Willow", "Cedar", "A ride for … to the fair", "Lamp oil", "988"):
        assert part in said, part
    change_rules(COMMAND, house.id, {"names_on_paper": True}, number_seen=None, now=SUNDAY)
    said = words(peer.get(PAPER).text)
    assert [name for name in NAMES if not re.search(rf"\b{name}\b", said)] == []
    assert "A ride for Sam to the fair" in said


def test_it_speaks_to_whoever_reads_it_and_names_nobody_who_left_lately(peer: FlaskClient, house: House) -> None:
    with transaction() as session:
        ana = session.scalars(sa.select(Person.id).where(Person.name == "Ana")).one()
    kim = here(house, "Sage", "Kim")
    leave(COMMAND, kim.id, now=SUNDAY)
    give(COMMAND, house.id, Wanted(words="The scarf of Kim", owner_id=ana), now=SUNDAY)
    said = words(peer.get(PAPER).text)
    assert "The scarf of … no hurry · Ana" in said
    assert "Chair 1 free" in said


def test_whom_to_call_stands_in_order_with_numbers(peer: FlaskClient, house: House, person: MakePerson) -> None:
    priya = person("priya@example.org", {house.id: Role.PEER}, "Priya")
    dana = person("dana@example.org", {house.id: Role.COORDINATOR}, "Dana")
    person_at(house, "+13035550177", kind=CorrespondentKind.PEER, subject_id=priya)
    person_at(house, "+13035550178", kind=CorrespondentKind.PEER, subject_id=dana)
    put_on(COMMAND, house.id, person_id=priya, kind="on-call", day=TONIGHT, begins=time(16), ends=time(15), now=SUNDAY)
    said = words(peer.get(PAPER).text)
    assert re.search(r"Priya \(303\) 555-0177 on call .* Dana \(303\) 555-0178 leads the house", said)
    # Who leads and is on call already is called once.
    put_on(COMMAND, house.id, person_id=dana, kind="on-call", day=TONIGHT, begins=time(14), ends=time(15), now=SUNDAY)
    said = words(peer.get(PAPER).text)
    assert said.count("Dana") == 1
    assert "leads the house" not in said


def test_those_on_call_at_once_stand_in_the_order_of_the_house(
    peer: FlaskClient, house: House, person: MakePerson
) -> None:
    """Who is first on call is called first, whatever their name; two of one name are two."""
    for n, (email, name) in enumerate((("a@example.org", "Abe"), ("y@example.org", "Zed"), ("z@example.org", "Zed"))):
        who = person(email, {house.id: Role.PEER}, name)
        person_at(house, f"+1303555018{n}", kind=CorrespondentKind.PEER, subject_id=who)
        begins, ends = (time(16), time(15)) if n < 2 else (time(15), time(16))
        day = TONIGHT if n < 2 else TONIGHT + timedelta(days=1)
        shift = put_on(COMMAND, house.id, person_id=who, kind="on-call", day=day, begins=begins, ends=ends, now=SUNDAY)
        with transaction() as session:
            session.get_one(Shift, shift.id).seat = 3 - n
    calls = phone_order(db.session(), house.id, SUNDAY + timedelta(hours=7), SUNDAY + timedelta(hours=60))
    db.session.rollback()
    assert [(call.name, call.phone) for call in calls if call.starts_at] == [
        ("Zed", "+13035550181"), ("Abe", "+13035550180"), ("Zed", "+13035550182")
    ]  # fmt: skip


def test_who_keeps_no_beds_gets_none(app: Flask, house: House, person: MakePerson) -> None:
    person("vol@example.org", {house.id: Role.VOLUNTEER}, "Vol")
    found = app.test_client()
    sign_in(found, "vol@example.org")
    assert found.get(PAPER).status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sam's scarf", "…'s scarf"),
        ("the same sample", "the same sample"),
        ("JO and jo", "… and …"),
        ("Ana-María", "…"),
        ("Rosa Medina's bag", "…'s bag"),
        ("Call Rosa's sister, Mrs. Medina", "Call …'s sister, Mrs. …"),
        ("Ana-Maria y Ana-Mari\u0301a, el año de José", "… y …, el año de …"),
    ],
)
def test_names_are_taken_out_as_whole_words(text: str, said: str) -> None:
    assert unnamed(text, {"Sam", "Jo", "Ana", "Ana-María", "Rosa Medina", "Jose"}) == said
