"""The directory's pages: found without scripts, told apart by how sure it is, checked by whoever asked there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.resources import events
from respite.resources.models import Service
from tests.directories import DENVER, Directory, weekly
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

DAY = timedelta(days=1)


def luis_of(app: Flask, house: House, person: MakePerson) -> Browser:
    person("luis@example.org", {house.id: Role.PEER}, "Luis")
    return Browser(app, "luis@example.org")


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def test_what_is_found_says_why_and_how_sure_it_is(app: Flask, juniper: House, person: MakePerson) -> None:
    directory = Directory()
    north, east = DENVER
    directory.plant(
        "Elm Pantry",
        at=(north + 0.1, east),
        postal_code="80501",
        hours=[weekly("SA,SU", (9, 0), (17, 0))],
        languages=["es"],
        fees_description="Free to everyone",
        phone="+13035550111",
        assured_date=SUNDAY.date() - 30 * DAY,
    )
    directory.plant("Old Pantry", assured_date=date(2025, 3, 4), peer_run=True)
    directory.plant("New Pantry", at=DENVER)
    luis = luis_of(app, juniper, person)
    page = luis.get("/resources?q=pantri&near=80203").text
    for said in ("3 found", "open until 5 pm", "6.9 miles away", "free of charge", "Spanish", "checked 23 October"):
        assert said in page, said
    assert 'href="tel:+13035550111"' in page
    assert "not checked since 4 March 2025" in page
    assert "not checked yet" in page
    assert page.index("New Pantry") < page.index("Elm Pantry") < page.index("Old Pantry")
    # Colour, shape and word: each of the three has a mark of its own.
    assert [page.count(f'<span class="chip" data-state="{state}">') for state in ("free", "ready", "closed")] == [
        1,
        1,
        1,
    ]
    assert "Old Pantry" not in luis.get("/resources?q=pantry&free=yes").text
    nowhere = luis.get("/resources?q=pantry&near=Atlantis").text
    assert "The directory has nothing there" in nowhere


def test_whoever_asked_there_says_so_and_it_stands_for_half_a_year(
    app: Flask, juniper: House, person: MakePerson, clock: StillClock
) -> None:
    service_id = Directory().plant("Elm Pantry", assured_date=date(2025, 3, 4), phone="+13035550111")
    luis = luis_of(app, juniper, person)
    address = f"/resources/services/{service_id}"
    assert "not checked since 4 March 2025" in luis.get(address).text
    assert "not checked since 4 March 2025" in luis.get(f"{address}/sheet").text
    form = luis.form(address, f"{address}/check")
    assert luis.send(form).status_code == 303
    assert luis.send(form).status_code == 303  # a double tap is one
    db.session.rollback()
    assert db.session.query(Event).filter_by(kind=events.CHECKED, subject=service_id).count() == 1
    page = luis.get(address).text
    assert "checked today" in page
    assert "Luis" in page
    clock.at += 180 * DAY
    assert "checked 22 November" in luis.get(address).text
    clock.at += DAY
    assert "not checked since 22 November" in luis.get(address).text
    person("vi@example.org", {juniper.id: Role.VOLUNTEER}, "Vi")
    reads = Browser(app, "vi@example.org").get(address)
    assert reads.status_code == 200
    assert not [each for each in forms_of(reads) if each.action.endswith("/check")]


def test_over_what_became_different_meanwhile_nothing_is_checked(
    app: Flask, juniper: House, person: MakePerson
) -> None:
    service_id = Directory().plant("Elm Pantry")
    luis = luis_of(app, juniper, person)
    address = f"/resources/services/{service_id}"
    form = luis.form(address, f"{address}/check")
    with transaction() as session:
        session.get_one(Service, service_id).fees_description = "$5"
    assert luis.send(form).status_code == 412
    db.session.rollback()
    assert db.session.get_one(Service, service_id).checked_at is None
