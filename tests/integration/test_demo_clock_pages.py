"""`POST /demo/clock` skips ahead for somebody signed in or a token, in demo mode alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.models import ApiToken
from respite.accounts.roles import Role
from respite.core.clock import MovableClock, house_now, machine_now
from respite.core.crypto import digest
from respite.core.db import transaction
from respite.core.demo_clock import reader
from respite.core.forms import Unusable
from respite.houses.models import House
from respite.scheduler.durations import as_length
from tests.people import MakePerson, juniper, person, quick_hashes, sign_in  # noqa: F401

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _moving(app: Flask) -> None:
    app.extensions["respite.clock"] = MovableClock(reader(app))


@pytest.fixture
def browser(app: Flask, juniper: House, person: MakePerson) -> FlaskClient:  # noqa: F811
    person("dana@example.org", {juniper.id: Role.PEER})
    browser = app.test_client()
    sign_in(browser, "dana@example.org")
    return browser


@pytest.fixture
def bearer(juniper: House) -> dict[str, str]:  # noqa: F811
    with transaction() as session:
        session.add(
            ApiToken(house_id=juniper.id, role=Role.PEER, name="test", token_hash=digest("tok"), made_at=machine_now())
        )
    return {"Authorization": "Bearer tok"}


def ahead() -> timedelta:
    return house_now() - machine_now()


def about(found: timedelta, wanted: timedelta) -> bool:
    return abs(found - wanted) < timedelta(seconds=5)


def test_a_form_skips_ahead_and_says_so(browser: FlaskClient) -> None:
    assert "Skip ahead an hour" in browser.get("/demo").text
    answer = browser.post("/demo/clock", data={"advance": "P1D"}, follow_redirects=True)
    assert "Skipped ahead." in answer.text
    assert about(ahead(), timedelta(days=1))


def test_json_with_a_token_skips_ahead_and_answers_when_settled(app: Flask, bearer: dict[str, str]) -> None:
    answer = app.test_client().post("/demo/clock", json={"advance": "PT1H"}, headers=bearer)
    assert answer.status_code == 200
    assert about(datetime.fromisoformat(answer.json["now"]) - machine_now(), HOUR)
    assert answer.json["ran"] == 0


@pytest.mark.parametrize(
    "body", [{"advance": "1 hour"}, {"advance": "-PT1H"}, {"advance": 3600}, {"advance": "P401D"}, {}, [], "x"]
)
def test_a_length_that_is_none_is_said_and_moves_nothing(app: Flask, bearer: dict[str, str], body: object) -> None:
    answer = app.test_client().post("/demo/clock", json=body, headers=bearer)
    assert answer.status_code == 422
    assert "PT1H" in answer.json["detail"]
    assert about(ahead(), timedelta(0))


def test_what_is_no_json_at_all_is_said(app: Flask, bearer: dict[str, str]) -> None:
    for body in (b"\xff{", b"[" * 100_000):
        answer = app.test_client().post("/demo/clock", data=body, content_type="application/json", headers=bearer)
        assert answer.status_code == 422


def test_nobody_else_moves_the_clock(app: Flask, juniper: House) -> None:  # noqa: F811
    stranger = app.test_client()
    assert stranger.post("/demo/clock", data={"advance": "PT1H"}).status_code in (302, 303, 401, 404)
    wrong = stranger.post("/demo/clock", json={"advance": "PT1H"}, headers={"Authorization": "Bearer other"})
    assert wrong.status_code in (302, 303, 401, 404)
    assert about(ahead(), timedelta(0))


def test_a_form_of_another_site_moves_nothing(app: Flask, browser: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert browser.post("/demo/clock", data={"advance": "PT1H"}).status_code == 400
    assert browser.post("/demo/clock", json={"advance": "PT1H"}).status_code == 400
    assert about(ahead(), timedelta(0))


def test_a_token_needs_no_form(app: Flask, bearer: dict[str, str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert app.test_client().post("/demo/clock", json={"advance": "PT1H"}, headers=bearer).status_code == 200


def test_a_real_house_has_no_such_clock(app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setitem(
        app.extensions, "respite.settings", replace(app.extensions["respite.settings"], mode="production")
    )
    assert browser.get("/demo").status_code == 404
    assert browser.post("/demo/clock", data={"advance": "PT1H"}).status_code == 404


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("PT1H", HOUR),
        ("P1D", timedelta(days=1)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT12H30M", timedelta(days=1, hours=12, minutes=30)),
        ("PT90S", timedelta(seconds=90)),
    ],
)
def test_lengths_of_time_are_read(written: str, length: timedelta) -> None:
    assert as_length(written, most=timedelta(days=400)) == length


@pytest.mark.parametrize(
    "written", ["", "P", "PT", "P1M", "P1Y", "PT0S", "1H", "PT1.5H", "P1DT", "pt1h", "PT" + "9" * 400 + "H"]
)
def test_what_is_no_length_is_unusable(app: Flask, written: str) -> None:
    with app.test_request_context(), pytest.raises(Unusable):
        as_length(written, most=timedelta(days=400))
