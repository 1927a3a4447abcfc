"""How people come to a house: its own list, and what was noted before keeps its words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.db import db
from respite.core.errors import Invalid, NotFound
from respite.guests.models import Contact, ContactSource
from respite.guests.service.contacts import note_contact, say_more
from respite.guests.service.sources import add_source, say_otherwise, show_source, sources_of
from respite.houses.models import House
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows

PAGE = "/houses/juniper-house/settings/sources"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def lead(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id)


@pytest.fixture
def cora(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("cora@example.org", {juniper.id: Role.COORDINATOR})
    return Browser(app, "cora@example.org")


def noted(juniper: House, lead: Actor, source: str | None) -> Contact:
    contact = note_contact(lead, juniper.id, "warmline", now=SUNDAY)
    return say_more(lead, contact.id, source=source, minutes=None, now=SUNDAY)


def shown(juniper: House) -> list[str]:
    found = [line.words or line.mark for line in sources_of(db.session(), juniper.id) if line.shown]
    db.session.rollback()
    return found


def test_a_house_adds_hides_and_shows_again(juniper: House, lead: Actor) -> None:
    add_source(lead, juniper.id, "the county line", "la línea del condado", now=SUNDAY)
    show_source(lead, juniper.id, "school", False, now=SUNDAY)
    assert shown(juniper) == ["self", "family", "line", "hospital", "police-or-fire", "other", "the county line"]
    with pytest.raises(Invalid):
        noted(juniper, lead, "school")
    show_source(lead, juniper.id, "school", True, now=SUNDAY)
    assert noted(juniper, lead, "school").source == "school"
    for mark in ("own-nothing", "the moon"):
        with pytest.raises(NotFound):
            show_source(lead, juniper.id, mark, False, now=SUNDAY)


def test_what_was_noted_before_keeps_its_words(juniper: House, lead: Actor, cora: Browser) -> None:
    first = add_source(lead, juniper.id, "the county line", "", now=SUNDAY).mark
    contact = noted(juniper, lead, first)
    second = say_otherwise(lead, juniper.id, first, "the warm line", "", now=SUNDAY).mark
    assert second != first
    assert shown(juniper)[-1] == "the warm line"
    assert "the county line" in cora.get("/houses/juniper-house/contacts").text
    assert say_more(lead, contact.id, source=first, minutes=None, now=SUNDAY).source == first
    with pytest.raises(Invalid):
        noted(juniper, lead, first)


def test_a_list_of_another_house_is_none_of_ones_own(juniper: House, aspen: House, lead: Actor) -> None:
    mark = add_source(COMMAND, aspen.id, "the county line", "", now=SUNDAY).mark
    with pytest.raises(Invalid):
        noted(juniper, lead, mark)
    with pytest.raises(NotFound):
        add_source(lead, aspen.id, "x", "", now=SUNDAY)


def test_the_page_adds_says_otherwise_and_hides(juniper: House, cora: Browser) -> None:
    assert cora.fill(PAGE, words_en="").status_code == 422
    assert cora.fill(PAGE, words_en="the county line").status_code == 303
    (row,) = rows(ContactSource)
    assert cora.fill(f"{PAGE}?mark={row.mark}", words_en="the warm line").status_code == 303
    page = cora.get(PAGE).text
    assert "the warm line" in page
    assert "not shown now" in page
    cora.post(f"{PAGE}/shown", {"mark": "hospital", "shown": "no", "key": "k"})
    cora.fill("/houses/juniper-house/contacts", kind="warmline")
    (contact,) = rows(Contact)
    form = cora.get(f"/contacts/{contact.id}").text
    assert "the warm line" in form
    assert "a hospital" not in form
    mark = next(each.mark for each in rows(ContactSource) if each.words_en == "the warm line")
    assert cora.fill(f"/contacts/{contact.id}", source=mark).status_code == 303
    assert "the warm line" in cora.get("/houses/juniper-house/contacts").text


def test_a_peer_does_not_set_the_list(app: Flask, juniper: House, person: MakePerson) -> None:
    person("luis@example.org", {juniper.id: Role.PEER})
    assert Browser(app, "luis@example.org").get(PAGE).status_code == 404
