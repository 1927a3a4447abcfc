"""An entry by hand: written, corrected so that no load undoes it, given back; a draft is nothing to anybody else."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.resources.cards.service import make
from respite.resources.finding.search import Wanted, search
from respite.resources.hsds.rows import Report
from respite.resources.models import Organization, Phone, Service, Source
from respite.resources.policy import OWN_SOURCE, Status
from respite.resources.service.checking import check_service
from respite.resources.service.exporting import export
from tests.integration.test_directory import loads, written
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

TYPED = {
    "name": "Warm Supper",
    "organization": "Elm Kettle",
    "description": "Soup and company",
    "kinds": "Food, legal help",
    "peer_run": "yes",
    "phones": "(303) 555-0142\n303-555-0143 x7",
    "street": "1 Elm Street",
    "city": "Denver",
    "state": "CO",
    "postal_code": "80203",
    "hours": "Sundays at noon",
    "languages": "Spanish, English",
    "cost": "Free",
    "eligibility": "anybody",
    "access": "a ramp",
}
TABLES = {
    "organizations": "id | name\n1 | Open Door",
    "services": "id | organization_id | name | status | fees\ns1 | 1 | Supper | active | $5\ns2 | 1 | Bread | active |",
    "locations": "id | name\nl1 | Hall",
    "service_at_location": "id | service_id | location_id\na1 | s1 | l1\na2 | s2 | l1",
    "addresses": "id | location_id | address_1 | city | state_province | postal_code | country\n"
    "d1 | l1 | 1 Elm | Denver | CO | 80203 | US",
    "phones": "id | service_id | number\np1 | s1 | (303) 555-0142\np2 | s2 | (303) 555-0143",
    "schedules": "id | service_at_location_id | freq | byday | opens_at | closes_at\n"
    "h1 | a1 | WEEKLY | MO | 9:00 | 10:00",
}


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def dana(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    return Browser(app, "dana@example.org")


@pytest.fixture
def luis(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("luis@example.org", {juniper.id: Role.PEER}, "Luis")
    return Browser(app, "luis@example.org")


def found(words: str) -> list[uuid.UUID]:
    db.session.rollback()
    answer = search(db.session(), Wanted(words=words), now=SUNDAY, zone="America/Denver")
    return [each.service_id for each in answer.found]


def named(name: str) -> Service:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Service).where(Service.name == name)).one()


def act(who: Browser, service_id: uuid.UUID, what: str) -> int:
    page = f"/resources/services/{service_id}"
    return who.send(who.form(page, f"{page}/{what}")).status_code


def test_an_entry_is_written_found_and_given_out(app: Flask, dana: Browser, luis: Browser) -> None:
    answer = dana.fill("/resources/services/new", **TYPED, do="publish")
    page = luis.follow(answer) if answer.status_code != 303 else luis.get(answer.location)
    for words in (
        "Warm Supper", "Elm Kettle", "Soup and company", "free of charge", "run by peers", "1 Elm Street, Denver, CO",
        "a ramp", "Sundays at noon", "Spanish", "not checked yet", "From: Written here", "extension 7",
    ):  # fmt: skip
        assert words in page.text, words
    assert 'href="tel:+13035550142"' in page.text
    assert "Correct" not in page.text  # who does not keep the directory is offered nothing
    service = named("Warm Supper")
    version = service.version
    for words in ("soup", "comida", "legal", "kettle"):
        assert found(words) == [service.id], words
    assert [each["name"] for each in export(COMMAND, now=SUNDAY).tables["service"]] == ["Warm Supper"]
    # Corrected: what differs alone, and a new version, so that nobody says of the old number that it is right.
    form = dana.form(f"/resources/services/{service.id}/correct")
    assert form.fields["phones"].split() == ["(303)", "555-0142", "303-555-0143", "x7"]
    assert dana.send(form).status_code == 303
    assert named("Warm Supper").version == version  # nothing was different
    assert dana.send(form, key="another", phones="303 555 0199").status_code == 303
    assert named("Warm Supper").version > version
    assert db.session.scalars(sa.select(Phone.dialled)).all() == ["+13035550199"]
    late = dana.send(form, key="third", phones="303 555 0188")
    assert (late.status_code, "Somebody changed this" in late.text) == (412, True)


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(app: Flask, dana: Browser) -> None:
    wrong = TYPED | {"name": " ", "phones": "call us", "email": "nobody", "url": "nowhere", "languages": "x" * 121}
    answer = dana.fill("/resources/services/new", **wrong, do="draft")
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert "Please keep each of these to 120 letters." in answer.text
    answer = dana.fill("/resources/services/new", **(wrong | {"name": "Supper", "languages": ""}), do="draft")
    assert answer.status_code == 422
    for words in ("This is no telephone number: call us", "no e-mail address: nobody", "no web address: nowhere"):
        assert words in answer.text, words
    assert "Soup and company" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Service)) == 0


def test_a_draft_is_nothing_to_anybody_else(app: Flask, juniper: House, dana: Browser, luis: Browser) -> None:
    lunch = TYPED | {"name": "Lunch", "kinds": "", "description": ""} | dict.fromkeys(("street", "city", "access"), "")
    lunch |= {"state": "", "postal_code": ""}
    assert dana.fill("/resources/services/new", **lunch, do="publish").status_code == 303  # of the same organisation
    assert dana.fill("/resources/services/new", **TYPED, do="draft").status_code == 303
    draft = named("Warm Supper")
    page = f"/resources/services/{draft.id}"
    assert "A draft." in dana.get(page).text
    assert "Warm Supper" in dana.get("/resources/ours").text
    for who, path in (
        (luis, page), (luis, f"{page}/sheet"), (dana, f"{page}/sheet"), (luis, "/resources/ours"),
        (luis, f"{page}/correct"), (luis, "/resources/services/new"),
    ):  # fmt: skip
        assert who.get(path).status_code == 404, path
    assert found("supper") == []
    assert "Warm Supper" not in luis.get(f"/resources/card?service={draft.id}&q=supper").text
    with pytest.raises(NotFound):
        make(COMMAND, juniper.id, [draft.id], now=SUNDAY)
    with pytest.raises(NotFound):
        check_service(COMMAND, draft.id, now=SUNDAY)
    tables = export(COMMAND, now=SUNDAY).tables
    assert [each["name"] for each in tables["service"]] == ["Lunch"]
    assert tables["address"] == tables["location"] == []
    assert len(tables["phone"]) == 2
    assert act(dana, draft.id, "publish") == 303
    assert found("supper") == [draft.id]
    assert len(export(COMMAND, now=SUNDAY).tables["address"]) == 1
    # Retired and back.
    assert act(dana, draft.id, "retire") == 303
    assert found("supper") == []
    assert "not offered any more" in luis.get(page).text
    assert act(dana, draft.id, "offer") == 303
    assert found("supper") == [draft.id]


def test_a_correction_outlives_the_next_load_until_it_is_given_back(
    app: Flask, dana: Browser, luis: Browser, tmp_path: Path, clock: StillClock
) -> None:
    folder = written(tmp_path / "one", **TABLES)
    loads(folder)
    supper, bread = named("Supper"), named("Bread")
    page = f"/resources/services/{supper.id}"
    assert "9 am" in luis.get(page).text
    form = dana.form(f"{page}/correct")
    assert "This came from “a source”" in dana.get(f"{page}/correct").text
    assert dana.send(form, name="Late Supper", phones="(303) 555-0199", street="9 Oak", cost="Free").status_code == 303

    def stands() -> list[str]:
        text = luis.get(page).text
        return [each for each in ("Late Supper", "555-0199", "9 Oak", "free of charge", "9 am", "0142") if each in text]

    ours = ["Late Supper", "555-0199", "9 Oak", "free of charge", "9 am"]  # its hours came along to the new place
    assert stands() == ours
    assert "Corrected here on" in luis.get(page).text
    assert "1 Elm" in luis.get(f"/resources/services/{bread.id}").text  # the other's place is not touched
    # Its source says something else by now, and then nothing at all.
    version = named("Late Supper").version
    other = "id | service_id | number\np9 | s1 | (303) 555-0111\np2 | s2 | (303) 555-0143"
    newer = {**TABLES, "services": TABLES["services"].replace("Supper", "Dinner"), "phones": other}
    report: Report = loads(written(folder, **newer))
    assert stands() == ours
    assert "it was corrected by hand" in str(report.problems[0].says)
    assert all(each.read == each.loaded + each.left_out for each in report.counts.values())
    without = TABLES["services"].replace("s1 | 1 | Supper | active | $5\n", "")
    none = other.replace("p9 | s1 | (303) 555-0111\n", "")
    loads(written(folder, **(newer | {"services": without, "phones": none})))
    assert stands() == ours
    assert found("late supper") == [supper.id]
    assert named("Late Supper").version == version
    # Given back, it is as it is until its source is loaded.
    assert act(dana, supper.id, "give-back") == 303
    assert stands() == ours
    loads(written(folder, **newer))
    text = luis.get(page).text
    for words in ("Dinner", "555-0111", "1 Elm", "9 am"):
        assert words in text, words
    for words in ("Late Supper", "555-0199", "9 Oak", "Corrected here"):
        assert words not in text, words
    assert loads(folder).total("changed") == 0


def test_a_loaded_entry_that_is_taken_off_stays_off(app: Flask, dana: Browser, tmp_path: Path) -> None:
    folder = written(tmp_path / "one", **TABLES)
    loads(folder)
    bread = named("Bread")
    assert act(dana, bread.id, "retire") == 303
    loads(folder)
    assert (named("Bread").status, found("bread")) == (Status.INACTIVE, [])


def test_the_source_of_what_is_written_by_hand_is_nobody_elses(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        loads(written(tmp_path / "one", organizations="id | name\n1 | Open Door"), OWN_SOURCE)
    drafts = TABLES["services"].replace("active |", "draft |")
    report = loads(written(tmp_path / "two", **(TABLES | {"services": drafts})))
    assert "status is “draft”" in str(report.problems[0].says)
    assert set(db.session.scalars(sa.select(Service.status))) == {Status.INACTIVE}


def test_one_organisation_is_written_once(app: Flask, dana: Browser) -> None:
    for name in ("Warm Supper", "Late Supper"):
        assert dana.fill("/resources/services/new", **(TYPED | {"name": name}), do="publish").status_code == 303
    assert db.session.scalars(sa.select(Organization.name)).all() == ["Elm Kettle"]
    assert db.session.scalars(sa.select(Source.name)).all() == [OWN_SOURCE]
