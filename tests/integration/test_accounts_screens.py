"""Screens: paired by eight letters, through restarts, until they are taken off."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts import displays
from respite.accounts.models import Display, Pairing
from respite.accounts.roles import Role
from respite.accounts.service import pairing
from respite.core.crypto import digest
from respite.core.db import db
from respite.houses.models import House
from tests.people import Machine, MakePerson, cookie, sign_in


@pytest.fixture
def dana(app: Flask, person: MakePerson, juniper: House, machine: Machine) -> FlaskClient:
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    browser = app.test_client()
    sign_in(browser, "dana@example.org")
    return browser


def letters(page: str) -> str:
    found = re.search(r'letters"[^>]*><span>(\w{4})</span> <span>(\w{4})</span>', page)
    assert found is not None, page
    return found[1] + found[2]


def pair(browser: FlaskClient, house: House, code: str, **changed: str) -> str:
    sent = {"code": code, "name": "Hall", "face": "doors", "language": "en", "there": "yes", "key": code} | changed
    answer = browser.post(f"/houses/{house.slug}/screens/pair", data=sent)
    return answer.location if answer.status_code == 303 else answer.text


@pytest.fixture
def wall(app: Flask, dana: FlaskClient, juniper: House) -> FlaskClient:
    """A screen that was paired and shows the house."""
    screen = app.test_client()
    pair(dana, juniper, letters(screen.get("/wall").text))
    assert screen.get("/wall").location == "/wall"
    assert screen.get("/wall").status_code == 200
    return screen


def test_a_screen_shows_letters_and_is_paired_by_them(app: Flask, dana: FlaskClient, juniper: House) -> None:
    screen = app.test_client()
    page = screen.get("/wall")
    code = letters(page.text)
    assert page.status_code == 200
    assert 'content="5"' in page.text
    assert "password" not in page.text
    assert "data:image/svg+xml" in page.text
    assert letters(screen.get("/wall").text) == code
    assert screen.get("/wall/pairing").json == {"waits": True}
    asked = dana.post(f"/houses/{juniper.slug}/screens", data={"code": f" {code[:4].lower()}-{code[4:]} "})
    assert asked.status_code == 200
    assert f"{code[:4]} {code[4:]}" in asked.text
    assert pair(dana, juniper, code) == f"/houses/{juniper.slug}/screens"
    assert screen.get("/wall/pairing").json == {"waits": False}
    assert screen.get("/wall").location == "/wall"
    shown = screen.get("/wall")
    assert "Juniper House" in shown.text
    row = db.session.scalars(sa.select(Display)).one()
    assert row.token_hash == digest(cookie(screen, "display") or "")
    assert db.session.scalars(sa.select(Pairing)).all() == []
    assert cookie(screen, "pairing") is None


def test_the_letters_are_twenty_consonants_and_differ(app: Flask) -> None:
    codes = {pairing.code_of(str(number)) for number in range(300)}
    assert len(codes) == 300
    assert set("".join(codes)) == set("BCDFGHJKLMNPQRSTVWXZ")
    assert {len(code) for code in codes} == {8}


def test_nobody_collects_a_screen_by_its_letters_alone(app: Flask, dana: FlaskClient, juniper: House) -> None:
    screen, thief = app.test_client(), app.test_client()
    code = letters(screen.get("/wall").text)
    pair(dana, juniper, code)
    thief.set_cookie("pairing", code)
    assert letters(thief.get("/wall").text) != code
    assert screen.get("/wall").location == "/wall"


def test_letters_change_after_ten_minutes(app: Flask, dana: FlaskClient, juniper: House, machine: Machine) -> None:
    screen = app.test_client()
    first = letters(screen.get("/wall").text)
    machine.goes(timedelta(minutes=10))
    assert screen.get("/wall/pairing").json == {"waits": False}
    assert "No screen shows that code now" in pair(dana, juniper, first)
    second = letters(screen.get("/wall").text)
    assert second != first
    assert pair(dana, juniper, second).endswith("/screens")


def test_five_wrong_letters_make_their_typist_wait_ten_minutes(
    app: Flask, dana: FlaskClient, juniper: House, machine: Machine
) -> None:
    code = letters(app.test_client().get("/wall").text)
    look = f"/houses/{juniper.slug}/screens"
    assert [dana.post(look, data={"code": f"BBBBBBB{n}"}).status_code for n in range(6)] == [422] * 5 + [429]
    assert dana.post(look, data={"code": code}).status_code == 429
    assert "wait 10 minutes" in pair(dana, juniper, code)
    machine.goes(timedelta(minutes=10, seconds=1))
    fresh = letters(app.test_client().get("/wall").text)
    assert dana.post(look, data={"code": fresh}).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 61}, {"face": "guests"}, {"language": "fr"}, {"there": "no"}]
)
def test_a_screen_is_not_paired_by_halves(app: Flask, dana: FlaskClient, juniper: House, wrong: dict[str, str]) -> None:
    code = letters(app.test_client().get("/wall").text)
    assert "field-error" in pair(dana, juniper, code, **wrong)
    assert db.session.scalars(sa.select(Display)).all() == []


def test_a_peer_pairs_nothing_and_a_coordinator_nothing_elsewhere(
    app: Flask, dana: FlaskClient, person: MakePerson, juniper: House, aspen: House
) -> None:
    person("ray@example.org", {juniper.id: Role.PEER}, name="Ray")
    ray, code = app.test_client(), letters(app.test_client().get("/wall").text)
    sign_in(ray, "ray@example.org")
    for browser, house in ((ray, juniper), (dana, aspen)):
        assert browser.get(f"/houses/{house.slug}/screens").status_code == 404
        pair(browser, house, code)
    assert db.session.scalars(sa.select(Display)).all() == []


def test_a_phone_that_reads_the_picture_finds_the_letters_typed(app: Flask, dana: FlaskClient, juniper: House) -> None:
    code = letters(app.test_client().get("/wall").text)
    turned = dana.get(f"/pair/{code}")
    assert turned.location == f"/houses/juniper-house/screens?code={code}"
    assert f'value="{code}"' in dana.get(turned.location).text
    assert app.test_client().get(f"/pair/{code}").location == f"/sign-in?next=/pair/{code}"


def test_a_paired_screen_opens_the_wall_and_nothing_else(wall: FlaskClient, juniper: House) -> None:
    assert wall.get(f"/houses/{juniper.slug}/board").location.startswith("/sign-in")
    assert wall.get("/me/account").location.startswith("/sign-in")
    assert wall.get("/").location.startswith("/sign-in")


def test_the_token_is_renewed_daily_and_the_one_before_is_good_until_the_new_one_was_used(
    app: Flask, wall: FlaskClient, machine: Machine
) -> None:
    first = cookie(wall, "display") or ""
    machine.goes(timedelta(hours=23))
    wall.get("/wall")
    assert cookie(wall, "display") == first
    machine.goes(timedelta(hours=2))
    wall.get("/wall")
    second = cookie(wall, "display") or ""
    assert second != first
    # The power went before the browser wrote the new cookie down.
    lost = app.test_client()
    lost.set_cookie("display", first)
    assert lost.get("/wall").status_code == 200
    third = cookie(lost, "display") or ""
    assert third not in (first, second)
    assert displays.by_token(first) is not None
    machine.goes(timedelta(minutes=11))
    lost.get("/wall")
    assert displays.by_token(third) is not None
    assert displays.by_token(first) is None


def test_a_screen_that_was_off_for_weeks_still_shows_the_house(wall: FlaskClient, machine: Machine) -> None:
    machine.goes(timedelta(days=80))
    assert wall.get("/wall").status_code == 200
    machine.goes(timedelta(days=80))
    assert wall.get("/wall").status_code == 200


def test_the_cookie_lasts_ninety_days(app: Flask, dana: FlaskClient, juniper: House) -> None:
    screen = app.test_client()
    pair(dana, juniper, letters(screen.get("/wall").text))
    given = screen.get("/wall").headers.getlist("Set-Cookie")
    display = next(each for each in given if each.startswith("display="))
    assert "Max-Age=7776000" in display
    assert "HttpOnly" in display
    assert "SameSite=Lax" in display


def test_a_screen_taken_off_shows_letters_again(
    app: Flask, dana: FlaskClient, wall: FlaskClient, juniper: House
) -> None:
    row = db.session.scalars(sa.select(Display.id)).one()
    assert "Hall" in dana.get(f"/houses/{juniper.slug}/screens").text
    assert dana.post(f"/screens/{row}/off", data={"key": "k"}).status_code == 303
    assert letters(wall.get("/wall").text)
    assert "Hall" not in dana.get(f"/houses/{juniper.slug}/screens").text


def test_a_screen_gets_another_name_and_face(dana: FlaskClient, wall: FlaskClient, juniper: House) -> None:
    row = db.session.scalars(sa.select(Display.id)).one()
    change = f"/screens/{row}"
    assert 'value="Hall"' in dana.get(change).text
    sent = {"name": "Living room", "face": "house", "language": "es", "version": "1", "key": "k"}
    assert dana.post(change, data=sent | {"name": "", "key": "e"}).status_code == 422
    assert dana.post(change, data=sent).status_code == 303
    assert '<html lang="es"' in wall.get("/wall").text
    assert dana.post(change, data=sent | {"key": "late"}).status_code == 412


def test_screens_of_another_house_are_not_there(
    app: Flask, wall: FlaskClient, person: MakePerson, aspen: House
) -> None:
    person("ada@example.org", {aspen.id: Role.DIRECTOR}, name="Ada")
    ada, row = app.test_client(), db.session.scalars(sa.select(Display.id)).one()
    sign_in(ada, "ada@example.org")
    assert ada.get(f"/screens/{row}").status_code == 404
    assert ada.post(f"/screens/{row}/off").status_code == 404
    assert ada.get(f"/screens/{uuid.uuid4()}").status_code == 404
    assert wall.get("/wall").status_code == 200


def test_screens_wait_without_filling_the_table(app: Flask, machine: Machine) -> None:
    for _ in range(70):
        app.test_client().get("/wall")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Pairing)) <= 60
    machine.goes(timedelta(hours=25))
    elsewhere = app.test_client()
    elsewhere.environ_base = {**elsewhere.environ_base, "REMOTE_ADDR": "203.0.113.9"}
    elsewhere.get("/wall")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Pairing)) == 1


def test_letters_guessed_on_the_second_page_are_counted_too(app: Flask, dana: FlaskClient, juniper: House) -> None:
    """That page acts once for its key, and a refusal takes back all that the act wrote."""
    code = letters(app.test_client().get("/wall").text)
    for n in range(5):
        assert "field-error" in pair(dana, juniper, f"BBBBBBB{n}")
    assert "wait 10 minutes" in pair(dana, juniper, code)
    assert db.session.scalars(sa.select(Display)).all() == []
