"""Signing in: what a session is, when it ends, what a stranger learns."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts import passwords
from respite.accounts.models import Membership, Person, SignIn, SignInTry
from respite.accounts.roles import Role
from respite.core.crypto import digest
from respite.core.db import db, transaction
from respite.houses.models import House
from tests.people import PASSWORD, Machine, MakePerson, cookie, sign_in

EMAIL = "dana@example.org"
HOME = "/me/account"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def dana(person: MakePerson, juniper: House) -> uuid.UUID:
    return person(EMAIL, {juniper.id: Role.COORDINATOR})


def test_somebody_signs_in_and_is_known(app: Flask, dana: uuid.UUID) -> None:
    browser = app.test_client()
    answer = sign_in(browser, " Dana@Example.org ")
    assert (answer.status_code, answer.location) == (303, "/")
    page = browser.get(HOME)
    assert page.status_code == 200
    assert b"Dana" in page.data
    row = db.session.scalars(sa.select(SignIn)).one()
    assert row.token_hash == digest(cookie(browser) or "")
    assert (cookie(browser) or "").encode() not in row.token_hash


def test_a_page_asked_for_by_a_stranger_leads_through_the_door_and_on(app: Flask, dana: uuid.UUID) -> None:
    browser = app.test_client()
    turned = browser.get("/me/account?a=b")
    assert (turned.status_code, turned.location) == (303, "/sign-in?next=/me/account?a%3Db")
    assert b'name="next" value="/me/account?a=b"' in browser.get(turned.location).data
    assert sign_in(browser, EMAIL, next="/me/account?a=b").location == "/me/account?a=b"
    assert browser.get("/sign-in?next=/me/account").location == "/me/account"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b", "javascript:alert(1)", "data:text/html,x",
        " //evil.example", "evil.example", "http:evil.example", "/" + "a" * 3000, "/\u202e/x", "/\x00",
    ],
)  # fmt: skip
def test_next_leads_to_no_other_place(app: Flask, dana: uuid.UUID, elsewhere: str) -> None:
    browser = app.test_client()
    assert sign_in(browser, EMAIL, next=elsewhere).location == "/"
    assert browser.get("/sign-in", query_string={"next": elsewhere}).location == "/"


def test_a_script_that_asks_for_a_stranger_gets_the_status_and_no_page(app: Flask) -> None:
    answer = app.test_client().get(HOME, headers={"Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 401
    assert answer.mimetype == "text/plain"


def test_the_api_takes_no_session(app: Flask, dana: uuid.UUID) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    with app.test_request_context("/api/v1/anything", headers={"Cookie": f"sid={cookie(browser)}"}):
        app.preprocess_request()
        from flask import g

        assert g.get("actor") is None


# -- the session -------------------------------------------------------------------------------------------------


def test_a_token_that_the_browser_brought_is_never_taken_over(app: Flask, dana: uuid.UUID) -> None:
    browser = app.test_client()
    browser.set_cookie("sid", "chosen-by-somebody-else")
    sign_in(browser, EMAIL)
    first = cookie(browser)
    assert first != "chosen-by-somebody-else"
    sign_in(browser, EMAIL)
    assert cookie(browser) not in (first, None)
    thief = app.test_client()
    thief.set_cookie("sid", first or "")
    assert thief.get(HOME).status_code == 303


def test_a_copied_cookie_opens_nothing_after_signing_out(app: Flask, dana: uuid.UUID) -> None:
    browser, thief = app.test_client(), app.test_client()
    sign_in(browser, EMAIL)
    thief.set_cookie("sid", cookie(browser) or "")
    assert thief.get(HOME).status_code == 200
    answer = browser.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert cookie(browser) is None
    assert thief.get(HOME).status_code == 303
    # What an overnight page holds sealed for the house is not emptied away.
    sign_in(browser, EMAIL)
    assert browser.post("/sign-out", data={"waits": "yes"}).headers["Clear-Site-Data"] == '"cache"'


def test_nobody_is_signed_out_by_an_address_alone(app: Flask, dana: uuid.UUID) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    assert browser.get("/sign-out").status_code == 405
    assert browser.get(HOME).status_code == 200


def test_locking_keeps_the_page_and_a_password_opens_it_with_another_token(app: Flask, dana: uuid.UUID) -> None:
    browser, thief = app.test_client(), app.test_client()
    sign_in(browser, EMAIL)
    before = cookie(browser)
    locked = browser.post("/lock", headers={"Referer": "http://localhost/me/account?x=1"})
    assert locked.location == "/unlock?next=/me/account?x%3D1"
    page = browser.get(HOME)
    assert page.status_code == 423
    assert b"Your account" not in page.data
    assert page.headers["Cache-Control"] == "no-store"
    assert browser.get(HOME, headers={"Sec-Fetch-Mode": "cors"}).data == b"This screen is locked."
    assert browser.post("/me/account", data={"name": "X"}).status_code == 423
    assert browser.get("/nothing/here").status_code == 423
    thief.set_cookie("sid", before or "")
    assert thief.get(HOME).status_code == 303
    row = db.session.scalars(sa.select(SignIn)).one()
    wrong = browser.post(f"/unlock/{row.id}", data={"password": "another fifteen", "next": HOME})
    assert wrong.status_code == 422
    opened = browser.post(f"/unlock/{row.id}", data={"password": PASSWORD, "next": HOME})
    assert opened.location == HOME
    assert browser.get(HOME).status_code == 200


def test_nobody_unlocks_a_session_of_another_browser(app: Flask, dana: uuid.UUID) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    browser.post("/lock")
    row = db.session.scalars(sa.select(SignIn)).one()
    assert app.test_client().post(f"/unlock/{row.id}", data={"password": PASSWORD}).status_code == 404


def test_a_session_ends_after_an_hour_without_a_sign(app: Flask, dana: uuid.UUID, machine: Machine) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    for _ in range(3):
        machine.goes(timedelta(minutes=50))
        assert browser.get(HOME).status_code == 200
    machine.goes(timedelta(minutes=30))
    # What a script looks at again by itself is no sign of the person.
    assert browser.get(HOME, headers={"Sec-Fetch-Mode": "same-origin"}).status_code == 200
    machine.goes(timedelta(minutes=31))
    assert browser.get(HOME).status_code == 303


def test_a_session_ends_twelve_hours_after_it_began(app: Flask, dana: uuid.UUID, machine: Machine) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    for _ in range(24):
        machine.goes(timedelta(minutes=30))
        assert browser.get(HOME).status_code == 200
    machine.goes(timedelta(minutes=1))
    assert browser.get(HOME).status_code == 303


def test_a_sign_of_the_person_is_written_every_five_minutes_at_most(
    app: Flask, dana: uuid.UUID, machine: Machine
) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    began = machine.at
    machine.goes(timedelta(minutes=4))
    browser.get(HOME)
    db.session.rollback()
    assert db.session.scalars(sa.select(SignIn.seen_at)).one() == began
    machine.goes(timedelta(minutes=1))
    browser.get(HOME)
    db.session.rollback()
    assert db.session.scalars(sa.select(SignIn.seen_at)).one() == machine.at


def test_a_role_that_ended_opens_nothing_from_that_moment(app: Flask, dana: uuid.UUID, juniper: House) -> None:
    from respite.accounts import sessions

    browser = app.test_client()
    sign_in(browser, EMAIL)
    known = sessions.by_token(cookie(browser) or "")
    assert known is not None
    assert known.actor.roles == {juniper.id: Role.COORDINATOR}
    with transaction() as session:
        session.execute(sa.update(Membership).values(ended_at=juniper.made_at))
    known = sessions.by_token(cookie(browser) or "")
    assert known is not None
    assert known.actor.roles == {}


def test_a_closed_account_is_out_at_once(app: Flask, dana: uuid.UUID, juniper: House) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    with transaction() as session:
        session.execute(sa.update(Person).values(deactivated_at=juniper.made_at))
    assert browser.get(HOME).status_code == 303
    assert sign_in(app.test_client(), EMAIL).status_code == 422


# -- what a stranger learns --------------------------------------------------------------------------------------


def as_read(page: bytes) -> bytes:
    """The page without what differs from one time to the next."""
    return re.sub(rb'(nonce|name="csrf_token" value)="[^"]*"', b"", page)


def test_an_unknown_address_and_a_wrong_password_are_answered_the_same(app: Flask, dana: uuid.UUID) -> None:
    wrong = sign_in(app.test_client(), EMAIL, "not the password at all")
    unknown = sign_in(app.test_client(), "none@example.org", "not the password at all")
    assert wrong.status_code == unknown.status_code == 422
    assert as_read(wrong.data).replace(EMAIL.encode(), b"") == as_read(unknown.data).replace(b"none@example.org", b"")
    assert {name for name, _ in wrong.headers} == {name for name, _ in unknown.headers}


def test_an_unknown_address_costs_the_work_of_one_password(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    hasher = passwords._hasher

    class Counting:
        def hash(self, text: str) -> str:
            worked.append("hash")
            return hasher.hash(text)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    sign_in(app.test_client(), "none@example.org")
    assert worked == ["hash"]


def test_many_tries_make_an_account_wait_from_that_network_alone(app: Flask, dana: uuid.UUID, machine: Machine) -> None:
    there, elsewhere = app.test_client(), app.test_client()
    there.environ_base = {**there.environ_base, "REMOTE_ADDR": "203.0.113.5"}
    for _ in range(5):
        assert sign_in(there, EMAIL, "wrong wrong wrong!").status_code == 422
    waits = sign_in(there, EMAIL)
    assert waits.status_code == 429
    assert waits.headers["Retry-After"] == "60"
    assert b"wait 1 minute" in waits.data
    assert sign_in(elsewhere, EMAIL).status_code == 303
    machine.goes(timedelta(seconds=61))
    assert sign_in(there, EMAIL, "wrong wrong wrong!").status_code == 422
    assert sign_in(there, EMAIL).headers["Retry-After"] == "120"
    machine.goes(timedelta(seconds=121))
    assert sign_in(there, EMAIL).status_code == 303
    assert sign_in(there, EMAIL, "wrong wrong wrong!").status_code == 422


def test_an_address_that_nobody_has_waits_just_as_long(app: Flask, machine: Machine) -> None:
    browser = app.test_client()
    codes = [sign_in(browser, "none@example.org").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_within_an_hour_no_account_is_tried_more_than_twenty_times(
    app: Flask, dana: uuid.UUID, machine: Machine
) -> None:
    browser = app.test_client()
    tried = 0
    for _ in range(120):
        tried += sign_in(browser, EMAIL, "wrong wrong wrong!").status_code == 422
        machine.goes(timedelta(seconds=30))
    assert 5 < tried <= 20


def test_tries_are_digests_in_the_database(app: Flask, dana: uuid.UUID, machine: Machine) -> None:
    """A restart clears nothing, and the table names nobody."""
    for _ in range(5):
        sign_in(app.test_client(), EMAIL, "wrong wrong wrong!")
    rows = db.session.scalars(sa.select(SignInTry)).all()
    assert len(rows) == 5
    assert not [row for row in rows if b"dana" in row.account or b"127" in row.network]


def test_a_hash_of_older_settings_is_renewed_when_its_person_signs_in(
    app: Flask, dana: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords.PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    assert sign_in(app.test_client(), EMAIL).status_code == 303
    assert "t=2" in (db.session.scalars(sa.select(Person.password_hash)).one() or "")
    assert sign_in(app.test_client(), EMAIL).status_code == 303


# -- one's own account -------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_sessions_elsewhere(app: Flask, dana: uuid.UUID) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, EMAIL)
    sign_in(there, EMAIL)
    new = "a violin made of rain"
    assert here.post("/me/password", data={"current": "wrong", "password": new}).status_code == 422
    assert here.post("/me/password", data={"current": PASSWORD, "password": "short"}).status_code == 422
    assert here.post("/me/password", data={"current": PASSWORD, "password": new}).status_code == 303
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 303
    assert sign_in(there, EMAIL).status_code == 422
    assert sign_in(there, EMAIL, new).status_code == 303


def test_people_see_and_end_their_own_sessions_and_nobody_elses(
    app: Flask, dana: uuid.UUID, person: MakePerson, juniper: House
) -> None:
    here, there, ray = app.test_client(), app.test_client(), app.test_client()
    sign_in(here, EMAIL)
    there.post(
        "/sign-in",
        data={"email": EMAIL, "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"},
    )
    assert "Firefox · Android" in here.get(HOME).text
    person("ray@example.org", {juniper.id: Role.PEER}, name="Ray")
    sign_in(ray, "ray@example.org")
    other = db.session.scalars(sa.select(SignIn).where(SignIn.device.contains("Firefox"))).one()
    assert ray.post(f"/me/sign-ins/{other.id}/end").status_code == 404
    assert there.get(HOME).status_code == 200
    assert here.post(f"/me/sign-ins/{other.id}/end").status_code == 303
    assert there.get(HOME).status_code == 303


def test_name_and_language_follow_the_person(app: Flask, dana: uuid.UUID) -> None:
    browser = app.test_client()
    sign_in(browser, EMAIL)
    empty = browser.post("/me/account", data={"name": " ", "language": "es", "key": "k1"})
    assert empty.status_code == 422
    saved = browser.post("/me/account", data={"name": "Dana R.", "language": "es", "version": "1", "key": "k2"})
    assert saved.status_code == 303
    page = browser.get(HOME)
    assert "Dana R." in page.text
    assert '<html lang="es"' in page.text
    stale = browser.post("/me/account", data={"name": "D", "language": "es", "version": "1", "key": "k3"})
    assert stale.status_code == 412
    browser.post("/language", data={"language": "en", "back": HOME})
    assert '<html lang="en"' in browser.get(HOME).text
