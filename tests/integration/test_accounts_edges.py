"""The edge: cookies over https, forms from elsewhere, a limiter whose store is away, many at once."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.errors import WrongSignIn
from respite.accounts.models import SignIn, SignInTry
from respite.accounts.roles import Role
from respite.accounts.service import signing_in
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.limits import limiter
from respite.factory import create_app
from respite.houses.models import House
from tests.people import PASSWORD, MakePerson, cookie, sign_in
from tests.places import settings_for

EMAIL = "dana@example.org"


@pytest.fixture
def dana(person: MakePerson, juniper: House) -> uuid.UUID:
    return person(EMAIL, {juniper.id: Role.COORDINATOR})


def another(database_url: str, key_file: Path, clock: StillClock, **settings: object) -> Iterator[Flask]:
    app = create_app(settings_for(database_url, key_file, **settings), house_clock=clock)
    app.config.update(TESTING=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def over_https(app: Flask, dana: uuid.UUID, database_url: str, key_file: Path, clock: StillClock) -> Iterator[Flask]:
    yield from another(database_url, key_file, clock, mode="production", public_url="https://house.example.org")


def form_token(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def test_over_https_every_cookie_is_bound_to_this_host(over_https: Flask) -> None:
    base = "https://house.example.org"
    browser = over_https.test_client()
    page = browser.get("/sign-in", base_url=base)
    sent = {"email": EMAIL, "password": PASSWORD, "csrf_token": form_token(page)}
    answer = browser.post("/sign-in", data=sent, base_url=base, headers={"Referer": f"{base}/sign-in"})
    assert answer.status_code == 303
    given = page.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    given += over_https.test_client().get("/wall", base_url=base).headers.getlist("Set-Cookie")
    names = {each.split("=")[0] for each in given}
    assert {"__Host-sid", "__Host-pairing"} <= names
    for each in given:
        assert each.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(each.split("; "))
        assert "Domain=" not in each
    sid = next(each for each in given if each.startswith("__Host-sid="))
    assert "Max-Age" not in sid
    assert "Expires" not in sid


@pytest.fixture
def with_form_tokens(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def test_a_form_without_its_token_changes_nothing(with_form_tokens: Flask, dana: uuid.UUID) -> None:
    browser = with_form_tokens.test_client()
    answer = sign_in(browser, EMAIL)
    assert answer.status_code == 400
    assert "open for too long" in answer.text
    assert db.session.scalars(sa.select(SignIn)).all() == []
    token = form_token(browser.get("/sign-in"))
    assert sign_in(browser, EMAIL, csrf_token=token).status_code == 303
    assert browser.post("/sign-out").status_code == 400
    # The token of before is over with the new session.
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 400
    fresh = form_token(browser.get("/me/account"))
    assert browser.post("/sign-out", data={"csrf_token": fresh}).status_code == 303


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_signs_nobody_in_or_out(app: Flask, dana: uuid.UUID, headers: dict[str, str]) -> None:
    browser = app.test_client()
    sent = {"email": EMAIL, "password": PASSWORD}
    assert browser.post("/sign-in", data=sent, headers=headers).status_code == 400
    sign_in(browser, EMAIL)
    assert browser.post("/sign-out", headers=headers).status_code == 400
    assert browser.get("/me/account").status_code == 200


@pytest.fixture
def wrong_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the work of a password a minute's limit is reached in a second on any machine."""

    def wrong(*_given: object, **_more: object) -> None:
        raise WrongSignIn

    monkeypatch.setattr(signing_in, "sign_in", wrong)


def tried(app: Flask, address: str = "127.0.0.1") -> list[int]:
    browser = app.test_client()
    browser.environ_base = {**browser.environ_base, "REMOTE_ADDR": address}
    return [sign_in(browser, f"{n}@example.org").status_code for n in range(62)]


@pytest.mark.usefixtures("wrong_at_once")
def test_one_address_asks_so_often_and_no_more(app: Flask) -> None:
    assert tried(app) == [422] * 60 + [429] * 2
    assert tried(app, "203.0.113.5")[0] == 422


@pytest.mark.usefixtures("wrong_at_once")
def test_a_limiter_whose_store_is_away_limits_and_never_fails(
    app: Flask, database_url: str, key_file: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "_storage_dead", False)  # put back afterwards: one limiter serves every test's app
    for lame in another(database_url, key_file, clock, redis_url="redis://127.0.0.1:1/0"):
        lame.config["WTF_CSRF_ENABLED"] = False
        assert tried(lame) == [422] * 60 + [429] * 2


def test_many_tries_at_once_are_counted_like_many_tries(app: Flask, dana: uuid.UUID) -> None:
    codes: list[int] = []
    lock = threading.Lock()

    def wrongly() -> None:
        answer = sign_in(app.test_client(), EMAIL, "wrong wrong wrong!")
        with lock:
            codes.append(answer.status_code)

    threads = [threading.Thread(target=wrongly) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(codes) == 20
    assert codes.count(422) <= 5
    assert set(codes) == {422, 429}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInTry)) == codes.count(422)


def test_nothing_of_a_session_is_in_a_page(app: Flask, dana: uuid.UUID) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    for path in ("/me/account", "/sign-in", "/unlock"):
        page = browser.get(path, follow_redirects=True)
        assert (cookie(browser) or "none") not in page.text
        assert page.headers["Cache-Control"] == "no-store"
