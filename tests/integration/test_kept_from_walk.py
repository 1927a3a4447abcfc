"""Every page of the house, opened by whom all its guests named: no word of theirs stands on any."""

from __future__ import annotations

import html
import shutil
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.core.phones import shown as shown_number
from respite.guests.models import Guest, Waiting
from respite.guests.service.kept_from import keep_from
from respite.messaging.models import Correspondent
from respite.messaging.service.ground import number_mark
from tests.full_house import FullHouse
from tests.inboxes import SAM, asked_to_read, writes
from tests.kept_from import Fresh, addresses
from tests.places import SUNDAY

Houses = tuple[Path, FullHouse, FullHouse]


@pytest.fixture
def database_url(tmp_path: Path, two_full_houses: Houses) -> str:
    shutil.copy(two_full_houses[0], tmp_path / "house.db")
    return f"sqlite:///{tmp_path / 'house.db'}"


@pytest.fixture
def full(two_full_houses: Houses) -> FullHouse:
    return two_full_houses[1]


def everybody_keeps_from(house: FullHouse, role: Role) -> None:
    """Each guest of the house names the same person."""
    for guest_id in db.session.scalars(sa.select(Guest.id).where(Guest.house_id == house.id)).all():
        keep_from(Actor(ActorKind.GUEST, guest_id), guest_id, house.people[role], now=SUNDAY)


def eve_has_the_phone(house: FullHouse) -> None:
    """The number that the full house's texts came from is that of the guest who waits."""
    with transaction() as session:
        eve = session.get_one(Waiting, uuid.UUID(house.ids["waiting_id"])).guest_id
        assert eve is not None
        session.execute(sa.delete(Correspondent).where(Correspondent.subject_id == eve))
        knows = sa.select(Correspondent).where(Correspondent.number_index == number_mark(SAM))
        for person in session.scalars(knows.where(Correspondent.house_id == house.id)).all():
            person.subject_id = eve


def test_no_page_of_the_house_has_a_word_of_them(app: Flask, full: FullHouse) -> None:
    thread, _text = writes(full.id, "+13035550143", "Quetzal-text of Ana", SUNDAY)
    soon = asked_to_read(full.id, thread, SUNDAY)
    eve_has_the_phone(full)
    everybody_keeps_from(full, Role.COORDINATOR)
    nobodys = ("-idea", "-entry", "-handed", "-Zo")
    theirs = [word for word in full.canaries if not word.endswith(nobodys)]
    theirs += [shown_number(f"+1303555014{last}") for last in (3, 4)]
    ids = full.ids | {"thread_id": str(thread), "read_soon_id": str(soon)}
    named, other = (Fresh(app).comes_in_with(full.sessions[role]) for role in (Role.COORDINATOR, Role.DIRECTOR))
    found: dict[str, list[str]] = {}
    shown: set[str] = set()
    for path in addresses(app, ids):
        read, page = html.unescape(other.get(path).text), html.unescape(named.get(path).text)
        shown |= {word for word in theirs if word in read}
        if words := [word for word in theirs if word in page]:
            found[path] = words
    assert found == {}
    there = {word.partition("-")[2] for word in shown}
    assert set(theirs[-2:]) <= shown
    assert there >= {"Ana", "Bo", "Di", "Eve", "wish", "note", "ask", "text", "word", "step", "before"}
