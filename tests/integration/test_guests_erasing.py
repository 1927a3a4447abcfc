"""Forgetting a guest leaves none of their words anywhere, sealed or not, and the log whole."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.acting import act_once
from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.core.crypto import CannotOpen, unseal
from respite.core.db import db
from respite.core.errors import NotFound
from respite.guests.errors import StillWithUs
from respite.guests.events import GUEST_ERASED
from respite.guests.models import Guest, Stay, Undoable, Visit
from respite.guests.policy.stay_states import EndKind, StayState
from respite.guests.service.arriving import settle_in, welcome
from respite.guests.service.erasing import also_erase, erase_guest
from respite.guests.service.leaving import Ending, add_account, leave
from respite.guests.service.notes import leave_line, make_note
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import save_bed
from respite.guests.service.staying import change_guest, go_out, wish_check_in
from respite.guests.service.visits import begin_visit, end_visit
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
HOUR = timedelta(hours=1)
NAME, PHONE, WORD = "Quillwort", "+13035550142", "bramblefern"


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, chairs=2, now=SUNDAY
    )


@pytest.fixture
def lead(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.COORDINATOR)


@pytest.fixture
def guest_id(house: House, lead: Actor) -> uuid.UUID:
    """A guest about whom every table holds something."""
    kept: dict[str, Any] = {}

    def save() -> dict[str, Any]:
        stay = save_bed(
            lead,
            house.id,
            who=Named(NAME, phone=PHONE, pronouns=WORD),
            nights=2,
            coming=f"by {WORD}",
            companions={"child": 1},
            now=SUNDAY,
        )
        kept["stay"] = stay.id
        return {"id": str(stay.id), "guest": NAME}

    act_once(lead, "a key", "/api/v1/houses/juniper-house/holds", b"{}", save)
    stay = welcome(lead, kept["stay"], now=SUNDAY)
    assert stay.guest_id is not None
    guest = change_guest(lead, stay.guest_id, name=NAME, pronouns=WORD, phone=PHONE, now=SUNDAY)
    settle_in(lead, stay.id, agreed=True, lockbox="B77", lockbox_key_out=True, now=SUNDAY)
    go_out(lead, stay.id, back_about=SUNDAY + HOUR, now=SUNDAY)
    wish_check_in(lead, stay.id, WORD, now=SUNDAY)
    make_note(lead, stay.id, f"Please water the {WORD}.", now=SUNDAY)
    leave_line(lead, house.id, f"The {WORD} is yours.", guest_id=guest.id, now=SUNDAY)
    ending = Ending(EndKind.ASKED_TO_LEAVE, "4", how_to_ask_again=f"Ask {WORD}.", may_return_on=date(2026, 12, 1))
    leave(lead, stay.id, ending=ending, now=SUNDAY + HOUR)
    add_account(lead, stay.id, f"It was the {WORD}.", now=SUNDAY + HOUR)
    visit = begin_visit(lead, house.id, who=Known(guest.id), now=SUNDAY + HOUR)
    end_visit(lead, visit.id, now=SUNDAY + 2 * HOUR)
    add_waiting(lead, house.id, who=Named(NAME, phone=PHONE), asked=Asked(WORD), now=SUNDAY + HOUR)
    return guest.id


def opened() -> Iterator[tuple[str, str]]:
    """Every text of every table; sealed ones opened as they were sealed, encoded ones read through."""
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)).mappings():
            for column, value in row.items():
                if isinstance(value, bytes) and column.endswith("_sealed"):
                    yield f"{table.name}.{column}", _opened(value, table.name, column, row["id"])
                elif value is not None:
                    yield f"{table.name}.{column}", str(value)


def _opened(sealed: bytes, table: str, column: str, row_id: uuid.UUID) -> str:
    for bound in ((table, column, row_id), (table, row_id)):
        try:
            return unseal(sealed, *bound)
        except CannotOpen:
            continue
    raise AssertionError(f"{table}.{column} is sealed in a way that this test does not know")


def places_of(*words: str) -> set[str]:
    return {place for place, text in opened() if any(word in text for word in words)}


def test_every_table_speaks_of_the_guest_before(house: House, guest_id: uuid.UUID) -> None:
    assert places_of(NAME, PHONE, WORD) >= {
        "answered.answer_sealed", "guest.name_sealed", "guest.phone_sealed", "guest.pronouns_sealed",
        "left_line.words_sealed", "note.words_sealed", "stay.coming_sealed", "stay.check_in_wish_sealed",
        "stay.how_to_ask_again_sealed", "stay.own_account_sealed", "waiting.wish_sealed",
    }  # fmt: skip
    assert places_of(str(guest_id)) >= {"undoable.before_sealed", "stay.guest_id", "visit.guest_id", "note.guest_id"}


def test_afterwards_nothing_does_sealed_or_not(
    house: House, lead: Actor, guest_id: uuid.UUID, database_url: str
) -> None:
    before = db.session.get_one(Guest, guest_id)
    marks = [before.name_index, before.phone_index, before.name_sealed]
    erase_guest(lead, guest_id, now=SUNDAY + 3 * HOUR)
    db.session.expire_all()
    assert places_of(NAME, PHONE, WORD, "B77") == set()
    # Ids alone remain, in the append-only log: they lead nowhere any more.
    assert places_of(str(guest_id)) == {"event.subject"}
    stored = Path(database_url.removeprefix("sqlite:///")).read_bytes()
    assert not [mark for mark in marks if mark and mark in stored]
    assert not [word for word in (NAME, PHONE, WORD) if word.encode() in stored]


def test_the_stay_keeps_its_dates_and_the_log_is_whole(house: House, lead: Actor, guest_id: uuid.UUID) -> None:
    erase_guest(lead, guest_id, now=SUNDAY + 3 * HOUR)
    db.session.expire_all()
    stay = db.session.scalars(sa.select(Stay)).unique().one()
    assert (stay.state, stay.ended_how, stay.first_night) == (StayState.LEFT, EndKind.ASKED_TO_LEAVE, SUNDAY.date())
    assert stay.left_at == SUNDAY + HOUR
    assert db.session.scalars(sa.select(Visit)).unique().one().guest_id is None
    assert list(broken_links()) == []
    last = db.session.scalars(sa.select(Event).where(Event.kind == GUEST_ERASED)).one()
    assert (last.subject, json.loads(last.data)) == (guest_id, {})


def test_nobody_is_forgotten_while_they_have_a_bed(house: House, lead: Actor) -> None:
    stay = save_bed(lead, house.id, who=Named(NAME), nights=1, now=SUNDAY)
    assert stay.guest_id is not None
    with pytest.raises(StillWithUs):
        erase_guest(lead, stay.guest_id, now=SUNDAY)
    erase_guest(lead, stay.guest_id, now=SUNDAY + timedelta(days=1))


def test_others_of_the_same_name_stay(house: House, lead: Actor, guest_id: uuid.UUID) -> None:
    other = add_waiting(lead, house.id, who=Named(NAME), now=SUNDAY)
    namesake = save_bed(lead, house.id, who=Named(NAME), nights=1, now=SUNDAY)
    erase_guest(lead, guest_id, now=SUNDAY + 3 * HOUR)
    db.session.expire_all()
    assert db.session.get_one(Guest, namesake.guest_id).name == NAME
    assert (other.name, other.ended_at) == (NAME, None)
    kept = db.session.scalars(sa.select(Undoable.subject)).all()
    assert set(kept) >= {other.id, namesake.id}


def test_a_peer_cannot_and_nobody_elsewhere_can(house: House, actor_in: ActorIn, guest_id: uuid.UUID) -> None:
    elsewhere = open_house(COMMAND, name="Other", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    for actor in (actor_in(house.id, Role.PEER), actor_in(elsewhere.id, Role.DIRECTOR)):
        with pytest.raises(NotFound):
            erase_guest(actor, guest_id, now=SUNDAY + 3 * HOUR)
    assert db.session.get_one(Guest, guest_id).name == NAME


def test_other_features_take_their_own_away(
    house: House, lead: Actor, guest_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[uuid.UUID] = []
    monkeypatch.setattr("respite.guests.service.erasing.also_erase", [*also_erase, lambda _s, who: asked.append(who)])
    erase_guest(lead, guest_id, now=SUNDAY + 3 * HOUR)
    assert asked == [guest_id]
