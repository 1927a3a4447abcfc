"""Credentials, what is asked, time together and reflections as pages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.models import Draft
from respite.accounts.roles import Role
from respite.core.db import db
from respite.houses.models import House
from respite.staffing.models import Credential, CredentialRules, Reflection, TimeTogether, Training
from tests.people import MakePerson, juniper, machine, person, quick_hashes, sign_in  # noqa: F401

TODAY = date(2026, 11, 22).isoformat()
PAGE = "/houses/juniper-house/credentials"
RULES, TOGETHER = f"{PAGE}/rules", "/houses/juniper-house/time-together"
CPSS = "california-cpss"
Browsers = Callable[[str], FlaskClient]


@pytest.fixture
def house(juniper: House) -> House:  # noqa: F811
    return juniper


@pytest.fixture
def people(house: House, person: MakePerson) -> dict[str, uuid.UUID]:  # noqa: F811
    roles = {"dana": Role.COORDINATOR, "sam": Role.PEER, "priya": Role.SUPERVISOR, "di": Role.DIRECTOR, "bo": Role.PEER}
    return {name: person(f"{name}@example.org", {house.id: role}, name.title()) for name, role in roles.items()}


@pytest.fixture
def browser(app: Flask, people: dict[str, uuid.UUID]) -> Browsers:
    def come(name: str) -> FlaskClient:
        client = app.test_client()
        sign_in(client, f"{name}@example.org")
        return client

    return come


def seen(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def undo(page: TestResponse) -> tuple[str, dict[str, str]]:
    """Where the page's Undo posts, and what."""
    flash = re.search(r'data-flash[^>]*>.*?<form method="post" action="([^"]+)">(.*?)</form>', page.text, re.DOTALL)
    assert flash is not None
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', flash[2]))
    return unescape(flash[1]), {name: unescape(value) for name, value in fields.items()}


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_house_starts_from_california_and_changes_it_from_a_day_on(browser: Browsers) -> None:
    dana = browser("dana")
    assert "Start from California or Colorado" in seen(dana.get(PAGE))
    page = dana.post(f"{RULES}/start", data={"start": CPSS}, follow_redirects=True)
    assert "80 hours" in seen(page)
    assert "20 hours; Law and ethics 6 hours" in seen(page)
    where, fields = undo(page)
    assert "Ask for it again" in seen(dana.post(where, data=fields, follow_redirects=True))
    dana.post(f"{RULES}/{CPSS}/again")
    form = {
        "kind": "credential", "name": "Certified peer", "since": "2027-01-01", "initial_hours": "82:30",
        "initial_parts": "Ethics: 1:30\n\nLaw: 6", "needed_by": ["peer"], "window_days": "60", "valid_months": "36",
    }  # fmt: skip
    page = dana.post(f"{RULES}/{CPSS}", data=form, follow_redirects=True)
    assert "82 hours 30 minutes; Ethics 1 hour 30 minutes; Law 6 hours" in seen(page)
    assert "from 22 November 2026 until 1 January 2027" in seen(page)
    for name, value in (
        ("initial_parts", "Law and ethics"),
        ("initial_parts", "Law: 99"),
        ("initial_hours", "many"),
        ("since", "2026-01-01"),
        ("name", ""),
    ):
        refused = dana.post(f"{RULES}/{CPSS}", data=form | {name: value})
        assert refused.status_code == 422, name
        assert f'id="f-{name}-error"' in refused.text
    assert dana.post(f"{RULES}/no-such", data=form).status_code == 404
    assert count(CredentialRules) == 2


def test_a_training_of_the_house(browser: Browsers) -> None:
    dana = browser("dana")
    form = {"kind": "training", "name": "Nights alone", "since": TODAY, "initial_hours": "8", "needed_by": ["peer"]}
    page = dana.post(f"{RULES}/new", data=form, follow_redirects=True)
    assert "Nights alone" in seen(page)
    gaps = seen(dana.get(PAGE))
    assert "0 of 2 have it" in gaps
    assert "Bo not yet" in gaps
    assert "New here, and nothing written down yet Bo · Peer here since 22 November 2026" in gaps
    supervisor = browser("priya")
    assert "Nights alone" in seen(supervisor.get(RULES))
    assert supervisor.post(f"{RULES}/new", data=form).status_code == 404
    assert browser("sam").get(PAGE).status_code == 404


def test_a_peer_goes_the_way_to_a_credential_on_their_own_page(browser: Browsers, people: dict[str, uuid.UUID]) -> None:
    browser("dana").post(f"{RULES}/start", data={"start": CPSS})
    sam, mine = browser("sam"), f"{PAGE}/people/{people['sam']}"
    facts = {"slug": CPSS, "sort": "learning", "hours": "79", "day": TODAY}
    page = sam.post(f"{mine}/training", data=facts, follow_redirects=True)
    assert "79 of 80 hours 1 hour to go" in seen(page)
    where, fields = undo(page)
    page = sam.post(where, data=fields, follow_redirects=True)  # taken out
    assert count(Training) == 0
    where, fields = undo(page)
    page = sam.post(where, data=fields, follow_redirects=True)  # and back, as it was
    assert "79 of 80 hours" in seen(page)
    page = sam.post(mine, data={"slug": CPSS}, follow_redirects=True)
    assert "on the way" in seen(page)
    credential = db.session.scalars(sa.select(Credential)).one().id
    db.session.rollback()
    refused = sam.post(f"/credentials/{credential}", data={"exam_on": TODAY})
    assert refused.status_code == 409
    assert "some are still to go" in seen(refused)
    wrong = sam.post(f"{mine}/training", data=facts | {"hours": "long", "day": "2031-01-01"})
    assert wrong.status_code == 422
    assert "This must be hours, such as 8 or 1:30." in seen(wrong)
    sam.post(f"{mine}/training", data=facts | {"hours": "1"})
    page = sam.post(f"/credentials/{credential}", data={"exam_on": TODAY, "issued_on": TODAY}, follow_redirects=True)
    assert "valid through 22 November 2028" in seen(page)
    refused = sam.post(f"/credentials/{credential}/renew", data={"issued_on": TODAY})
    assert (refused.status_code, "It can be renewed from 24 August 2028 on." in seen(refused)) == (409, True)
    page = sam.post(f"/credentials/{credential}/end", follow_redirects=True)
    where, fields = undo(page)
    assert "valid through" in seen(sam.post(where, data=fields, follow_redirects=True))


def test_a_coordinator_sees_it_and_another_peer_does_not(browser: Browsers, people: dict[str, uuid.UUID]) -> None:
    dana, bo = browser("dana"), browser("bo")
    dana.post(f"{RULES}/start", data={"start": CPSS})
    theirs = f"{PAGE}/people/{people['sam']}"
    page = dana.post(theirs, data={"slug": CPSS, "issued_on": "2025-01-01", "number": "P-77"}, follow_redirects=True)
    assert "P-77" in seen(page)
    credential = db.session.scalars(sa.select(Credential)).one().id
    db.session.rollback()
    assert "Runs out within 90 days Sam 1 January 2027" in seen(dana.get(PAGE))
    for answer in (
        bo.get(theirs),
        bo.get(f"/credentials/{credential}"),
        bo.post(f"/credentials/{credential}", data={"number": "P-78"}),
        bo.post(f"/credentials/{credential}/end"),
        bo.post(f"/credentials/{credential}/renew", data={"issued_on": TODAY}),
        bo.post(theirs, data={"slug": CPSS}),
        bo.post(f"{theirs}/training", data={"slug": CPSS, "sort": "learning", "hours": "1", "day": TODAY}),
    ):
        assert answer.status_code == 404
        assert "P-77" not in answer.text


def test_the_two_write_down_how_long_and_the_value_is_theirs(browser: Browsers, people: dict[str, uuid.UUID]) -> None:
    sam, priya, dana = browser("sam"), browser("priya"), browser("dana")
    facts = {"kind": "individual", "whose": "mine", "minutes": "45", "day": TODAY, "value": "mutual"}
    page = sam.post(TOGETHER, data=facts | {"people": str(people["priya"])}, follow_redirects=True)
    assert "Sam with Priya · supervision, the two of us · 45 minutes · 22 November 2026 · mutual" in seen(page)
    group = {"kind": "group", "whose": "theirs", "people": [str(people["sam"]), str(people["bo"])]}
    page = priya.post(TOGETHER, data=facts | group, follow_redirects=True)
    assert "Sam 45 minutes 45 minutes 1 hour 30 minutes" in seen(page)
    page = dana.get(TOGETHER)
    assert "Sam 45 minutes 45 minutes 1 hour 30 minutes" in seen(page)
    assert "22 November 2026 · mutual" not in seen(page)
    assert "Sam 45 minutes" not in seen(dana.get(f"{TOGETHER}?from=2026-01-01&to=2026-11-21"))
    assert "Sam 45" not in seen(browser("bo").get(TOGETHER))
    (mine,) = db.session.scalars(sa.select(TimeTogether.id).where(TimeTogether.kind == "individual"))
    db.session.rollback()
    assert dana.post(f"/time-together/{mine}/remove").status_code == 404
    page = sam.post(f"/time-together/{mine}/remove", follow_redirects=True)
    assert count(TimeTogether) == 2
    where, fields = undo(page)
    assert "45 minutes · 22 November 2026 · mutual" in seen(sam.post(where, data=fields, follow_redirects=True))
    for changed in ({"people": []}, {"people": "x"}, {"minutes": "0"}, {"kind": "chat"}, {"value": "loyal"}):
        assert sam.post(TOGETHER, data=facts | {"people": str(people["priya"])} | changed).status_code == 422


def test_a_reflection_opens_for_two_and_for_nobody_else(
    browser: Browsers, house: House, people: dict[str, uuid.UUID]
) -> None:
    sam, priya = browser("sam"), browser("priya")
    whom = f"{house.id}/{people['priya']}"
    page = sam.post("/me/reflection", data={"words": "Quetzal\nand I", "share_with": whom, "wants_to_talk": "yes"})
    assert page.status_code == 303
    found = db.session.scalars(sa.select(Reflection)).one()
    db.session.rollback()
    at = f"/me/reflection/{found.id}"
    assert "shared with Priya" in seen(sam.get("/me/reflection"))
    assert "Sam" in seen(priya.get("/me/reflection"))
    assert "Quetzal and I" in seen(priya.get(at))
    assert "Priya has read it" in seen(sam.get("/me/reflection"))
    assert "You two have talked." in seen(priya.post(f"{at}/talked", follow_redirects=True))
    for name in ("di", "dana", "bo"):
        other = browser(name)
        answers = [other.get(at), other.get("/me/reflection"), other.get(f"{PAGE}/people/{people['sam']}")]
        answers += [other.post(f"{at}/{act}") for act in ("take-back", "delete", "talked", "not-talked")]
        answers.append(other.post(at, data={"words": "mine now"}))
        assert answers[0].status_code == 404, name
        assert {answer.status_code for answer in answers[3:]} == {404}, name
        assert not [answer for answer in answers if "Quetzal" in answer.text], name
    assert priya.post(f"{at}/delete").status_code == 404
    assert priya.post(at, data={"words": "mine now"}).status_code == 404
    page = sam.post(f"{at}/take-back", follow_redirects=True)
    assert priya.get(at).status_code == 404
    where, fields = undo(page)
    sam.post(where, data=fields)
    assert priya.get(at).status_code == 200
    changed = sam.post(at, data={"words": "Other words", "version": "1"})
    assert changed.status_code == 412  # sharing again was a later version
    assert "Other words" in changed.text
    assert "for you alone" in seen(sam.post(at, data={"words": "Other words"}, follow_redirects=True))
    assert priya.get(at).status_code == 404
    sam.post(f"{at}/delete")
    assert count(Reflection) == 0
    assert count(Draft) == 0


def test_who_has_no_supervisor_writes_for_themselves(browser: Browsers, people: dict[str, uuid.UUID]) -> None:
    priya = browser("priya")
    assert "No supervisor is in your house" in seen(priya.get("/me/reflection"))
    assert priya.post("/me/reflection", data={"words": ""}).status_code == 422
    made_up = f"{uuid.uuid4()}/{people['di']}"
    assert priya.post("/me/reflection", data={"words": "x", "share_with": made_up}).status_code == 422
    assert priya.post("/me/reflection", data={"words": "x", "share_with": "Di"}).status_code == 422
    assert count(Reflection) == 0


def test_the_pages_are_where_one_looks_for_them(browser: Browsers) -> None:
    dana, sam = browser("dana"), browser("sam")
    assert f'href="{PAGE}"' in dana.get("/houses/juniper-house/people").text
    assert f'href="{PAGE}"' in dana.get("/houses/juniper-house/settings").text
    assert f'href="{PAGE}"' not in sam.get("/houses/juniper-house/settings").text
    mine = sam.get("/me").text
    assert 'href="/me/credentials"' in mine
    assert 'href="/me/reflection"' in mine
    assert f'href="{TOGETHER}"' in sam.get("/me/credentials").text
