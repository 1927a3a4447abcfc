"""Somebody is in touch: one tap, nothing about anybody; and what the house could not offer, counted without a name."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.core import due
from respite.core.crypto import CannotOpen, unseal
from respite.core.db import db
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import ContactAnswered, NotOnTheList
from respite.guests.figures import months_of
from respite.guests.models import Contact, ContactKind, CouldNotOffer, Guest, NoBed, Undoable, Waiting
from respite.guests.service import undo
from respite.guests.service.callbacks import open_callbacks, promise_callback
from respite.guests.service.contacts import note_contact, say_more
from respite.guests.service.could_not_offer import not_for_contact, not_for_waiting
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.guests.service.waiting import Asked, add_waiting, end_waiting
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.promises.policy import Way
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PAGE = "/houses/juniper-house/contacts"
FIGURES = "/houses/juniper-house/could-not-offer"


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


def rows_by_table() -> dict[str, int]:
    db.session.rollback()
    tables = db.metadata.sorted_tables
    return {t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in tables}


def last_act() -> uuid.UUID:
    found = db.session.scalar(sa.select(Undoable.id).order_by(Undoable.at.desc()).limit(1))
    assert found is not None
    return found


def everything_said() -> str:
    """Every value of every table, sealed ones opened."""
    told = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)).mappings():
            for column, value in row.items():
                if isinstance(value, bytes) and column.endswith("_sealed"):
                    for bound in ((table.name, column, row["id"]), (table.name, row["id"])):
                        try:
                            told.append(unseal(value, *bound))
                        except CannotOpen:
                            continue
                else:
                    told.append(str(value))
    return "\n".join(told)


def test_one_tap_keeps_kind_and_time_and_nothing_of_what_was_typed_besides(
    app: Flask, house: House, person: MakePerson
) -> None:
    person("pat@example.org", {house.id: Role.PEER})
    browser = Browser(app, "pat@example.org")
    before = rows_by_table()
    form = browser.form(PAGE)
    planted = {"name": "Quillwort", "phone": "303 555 0142", "words": "bramblefern", "wish": "bramblefern"}
    answer = browser.send(form, kind="warmline", **planted)
    assert answer.status_code == 303
    after = rows_by_table()
    grown = {table for table in after if after[table] != before.get(table, 0)}
    assert grown <= {"contact", "event", "undoable", "answered", "auth_session", "access_log"}, grown
    assert (after["contact"], after["guest"], after["waiting"], after["correspondent"]) == (1, 0, 0, 0)
    row = db.session.scalars(sa.select(Contact)).one()
    assert (row.kind, row.at, row.source, row.minutes, row.led_to) == ("warmline", SUNDAY, None, None, None)
    said = everything_said()
    assert not [word for word in ("Quillwort", "5550142", "555 0142", "bramblefern") if word in said]
    page = browser.follow(answer)
    assert "Noted: A call to talk." in page.text
    browser.undo(page)
    assert rows_by_table()["contact"] == 0


def test_every_kind_is_one_button(app: Flask, house: House, person: MakePerson) -> None:
    person("pat@example.org", {house.id: Role.PEER})
    browser = Browser(app, "pat@example.org")
    text = browser.get(PAGE).text
    assert [kind for kind in ContactKind if f'name="kind" value="{kind}"' not in text] == []
    assert browser.fill(PAGE).status_code == 422  # no button, nothing noted
    assert browser.fill(PAGE, kind="threat").status_code == 422
    assert rows_by_table()["contact"] == 0
    assert browser.fill(PAGE, kind="walk-in", at="2026-11-22T13:00").status_code == 303
    assert db.session.scalars(sa.select(Contact.at)).one() == SUNDAY.replace(hour=20, minute=0)
    assert browser.fill(PAGE, kind="walk-in", at="2026-11-22T23:00").status_code == 422


def test_more_can_be_said_and_minutes_only_for_first_responders(house: House, peer: Actor) -> None:
    brought = note_contact(peer, house.id, "first-responder", now=SUNDAY)
    say_more(peer, brought.id, source="police-or-fire", minutes=12, version_seen=1, now=SUNDAY)
    with pytest.raises(StaleVersion):
        say_more(peer, brought.id, source=None, minutes=None, version_seen=1, now=SUNDAY)
    call = note_contact(peer, house.id, "warmline", now=SUNDAY)
    with pytest.raises(Invalid) as refused:
        say_more(peer, call.id, source="self", minutes=12, now=SUNDAY)
    assert set(refused.value.fields) == {"minutes"}
    with pytest.raises(Invalid):
        say_more(peer, call.id, source="the moon", minutes=None, now=SUNDAY)
    db.session.expire_all()
    assert (brought.source, brought.minutes) == ("police-or-fire", 12)
    with pytest.raises(Invalid):
        note_contact(peer, house.id, "warmline", at=SUNDAY + MINUTE, now=SUNDAY)
    with pytest.raises(Invalid):
        note_contact(peer, house.id, "warmline", at=SUNDAY - 32 * DAY, now=SUNDAY)


def test_a_contact_becomes_a_request_by_a_mark_and_no_way_back_to_them(
    app: Flask, house: House, person: MakePerson
) -> None:
    person("pat@example.org", {house.id: Role.PEER})
    browser = Browser(app, "pat@example.org")
    contact = note_contact(COMMAND, house.id, "walk-in", at=SUNDAY - HOUR, now=SUNDAY)
    assert f"/houses/juniper-house/waiting?contact={contact.id}" in browser.get(PAGE).text
    page = f"/houses/juniper-house/waiting?contact={contact.id}"
    answer = browser.fill(page, "/houses/juniper-house/waiting", name="Ida", phone="303 555 0142")
    assert answer.status_code == 303
    db.session.expire_all()
    waiting = db.session.scalars(sa.select(Waiting)).one()
    assert (contact.led_to, contact.source, waiting.name, waiting.since) == ("request", None, "Ida", SUNDAY - HOUR)
    assert not {column.name for column in Contact.__table__.columns} & {"guest_id", "waiting_id", "stay_id"}
    done = browser.follow(answer)
    assert "They asked for a bed." in browser.get(PAGE).text
    assert (
        browser.post(
            "/houses/juniper-house/waiting", {"name": "Wes", "contact_id": str(contact.id), "key": "k"}
        ).status_code
        == 409
    )
    browser.undo(done)
    db.session.expire_all()
    assert (contact.led_to, rows_by_table()["waiting"], rows_by_table()["guest"]) == (None, 0, 0)


def test_who_calls_for_another_is_told_that_we_speak_with_the_person(
    app: Flask, house: House, person: MakePerson
) -> None:
    person("pat@example.org", {house.id: Role.PEER})
    browser = Browser(app, "pat@example.org")
    contact = note_contact(COMMAND, house.id, "for-another", now=SUNDAY)
    text = browser.get(PAGE).text
    assert "We speak with the person themselves first." in text
    assert f"waiting?contact={contact.id}" not in text
    with pytest.raises(Invalid):
        add_waiting(COMMAND, house.id, who=Named("Ida"), contact_id=contact.id, now=SUNDAY)
    assert rows_by_table()["guest"] == 0


def test_what_could_not_be_offered_is_counted_once_from_a_contact(house: House, peer: Actor) -> None:
    contact = note_contact(peer, house.id, "asks-to-stay", at=SUNDAY - 2 * HOUR, now=SUNDAY)
    row = not_for_contact(peer, contact.id, "none-free", now=SUNDAY)
    assert (row.reason, row.asked_at, row.answered_at) == ("none-free", SUNDAY - 2 * HOUR, SUNDAY)
    with pytest.raises(ContactAnswered):
        not_for_contact(peer, contact.id, "none-free", now=SUNDAY)
    with pytest.raises(ContactAnswered):
        add_waiting(peer, house.id, who=Named("Ida"), contact_id=contact.id, now=SUNDAY)
    undo.undo(peer, last_act(), now=SUNDAY)
    db.session.expire_all()
    assert (contact.led_to, rows_by_table()["could_not_offer"]) == (None, 0)
    with pytest.raises(Invalid):
        not_for_contact(peer, contact.id, "too difficult", now=SUNDAY)


def test_a_waiting_that_ends_so_is_counted_and_they_are_forgotten(house: House, peer: Actor) -> None:
    asked = SUNDAY - 3 * HOUR - timedelta(seconds=17)
    waiting = add_waiting(
        peer, house.id, who=Named("Ida", phone="303 555 0142"), asked=Asked("any"), since=asked, now=SUNDAY
    )
    promise_callback(peer, waiting.id, Way.CALL, now=SUNDAY)
    not_for_waiting(peer, waiting.id, "nights", now=SUNDAY)
    assert open_callbacks(db.session(), house.id, [waiting.id]) == []
    with pytest.raises(NotOnTheList):
        not_for_waiting(peer, waiting.id, "nights", now=SUNDAY)
    undo.undo(peer, last_act(), now=SUNDAY)
    db.session.expire_all()
    assert (waiting.ended_at, waiting.wish, rows_by_table()["could_not_offer"]) == (None, "any", 0)
    not_for_waiting(peer, waiting.id, "area", now=SUNDAY)
    due.sweep(SUNDAY + HOUR)
    db.session.expire_all()
    row = db.session.scalars(sa.select(CouldNotOffer)).one()
    assert (row.reason, row.asked_at) == ("area", asked.replace(second=0))
    assert {column.name for column in CouldNotOffer.__table__.columns} == {
        "id", "house_id", "reason", "asked_at", "answered_at",
    }  # fmt: skip
    assert (db.session.scalars(sa.select(Guest)).all(), waiting.guest_id, waiting.ended_how) == (
        [],
        None,
        "not-offered",
    )
    assert not [word for word in ("Ida", "5550142") if word in everything_said()]
    told = db.session.scalars(sa.select(Event).where(Event.kind == "guest.bed.not-offered")).all()
    assert {event.subject for event in told} & {waiting.id} == set()
    assert list(broken_links()) == []


def test_figures_count_by_month_of_the_house_and_every_time_has_its_n(house: House, peer: Actor) -> None:
    # In Denver 05:30 UTC on 1 November is still the evening of 31 October.
    october = SUNDAY.replace(month=11, day=1, hour=5, minute=30)
    for at, kind in ((october, "warmline"), (SUNDAY - DAY, "warmline"), (SUNDAY, "first-responder")):
        contact = note_contact(peer, house.id, kind, at=at, now=SUNDAY)
    say_more(peer, contact.id, source=None, minutes=9, now=SUNDAY)
    ida = add_waiting(peer, house.id, who=Named("Ida"), since=SUNDAY - 5 * HOUR, now=SUNDAY)
    wes = add_waiting(peer, house.id, who=Named("Wes"), since=SUNDAY - 2 * HOUR, now=SUNDAY)
    bea = add_waiting(peer, house.id, who=Named("Bea"), since=SUNDAY - 9 * HOUR, now=SUNDAY)
    save_bed(peer, house.id, waiting_id=ida.id, nights=1, now=SUNDAY)
    not_for_waiting(peer, wes.id, "none-free", now=SUNDAY)
    end_waiting(peer, bea.id, "taken-off", now=SUNDAY)
    contact = note_contact(peer, house.id, "asks-to-stay", at=SUNDAY - HOUR, now=SUNDAY)
    not_for_contact(peer, contact.id, "age", now=SUNDAY)
    november, before, *others = months_of(db.session(), house, SUNDAY)
    assert (dict(before.contacts), before.requests) == ({"warmline": 1}, 0)
    assert dict(november.contacts) == {"warmline": 1, "first-responder": 1, "asks-to-stay": 1}
    assert (november.requests, november.saved, dict(november.not_offered)) == (3, 1, {"none-free": 1, "age": 1})
    assert (sorted(november.waits), november.median_wait, november.longest_wait) == ([1, 2, 5], 2, 5)
    assert november.minutes == [9]
    assert all(month.is_empty for month in others)
    assert len(others) == 10


def test_the_page_and_the_file_say_the_same_and_name_nobody(app: Flask, house: House, person: MakePerson) -> None:
    person("lee@example.org", {house.id: Role.COORDINATOR})
    browser = Browser(app, "lee@example.org")
    assert "Nothing was counted yet." in browser.get(FIGURES).text
    row = add_waiting(COMMAND, house.id, who=Named("Quillwort"), since=SUNDAY - 90 * MINUTE, now=SUNDAY)
    answer = browser.fill("/houses/juniper-house/waiting", f"/waiting/{row.id}/could-not-offer")
    assert answer.status_code == 303
    text = browser.get(FIGURES).text
    assert "1 h 30 min" in text
    assert "of 1" in text
    assert "Quillwort" not in text
    found = browser.get(f"{FIGURES}.csv")
    assert found.mimetype == "text/csv"
    head, first, *_rest = csv.reader(io.StringIO(found.data.decode("utf-8-sig")))
    told = dict(zip(head, first, strict=True))
    assert (told["Month"], told["Asked for a bed"], told["Could not offer: No bed is free"]) == ("2026-11", "1", "1")
    assert (told["Answers"], told["Hours to the answer, median"]) == ("1", "1.5")
    assert "Quillwort" not in found.text


@pytest.mark.parametrize(
    ("role", "desk", "figures"),
    [(Role.PEER, 200, 404), (Role.VOLUNTEER, 404, 404), (Role.BOARD_READER, 404, 200), (Role.DIRECTOR, 200, 200)],
)
def test_who_may(app: Flask, house: House, person: MakePerson, role: Role, desk: int, figures: int) -> None:
    person("pat@example.org", {house.id: role})
    browser = Browser(app, "pat@example.org")
    assert browser.get(PAGE).status_code == desk
    assert (browser.get(FIGURES).status_code, browser.get(f"{FIGURES}.csv").status_code) == (figures, figures)


def test_nothing_crosses_houses(house: House, peer: Actor) -> None:
    other = open_house(COMMAND, name="Other", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    contact = note_contact(COMMAND, other.id, "walk-in", now=SUNDAY)
    for act in (
        lambda: say_more(peer, contact.id, source=None, minutes=None, now=SUNDAY),
        lambda: not_for_contact(peer, contact.id, NoBed.OTHER, now=SUNDAY),
        lambda: add_waiting(peer, house.id, who=Named("Ida"), contact_id=contact.id, now=SUNDAY),
    ):
        with pytest.raises(NotFound):
            act()
