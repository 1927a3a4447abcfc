"""A shared tablet: a name, six digits, and nothing that a full sign-in did not begin on it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.models import Draft, Person, SignIn
from respite.accounts.roles import Role
from respite.accounts.service import drafts
from respite.core.db import db
from respite.core.errors import Busy
from respite.houses.models import House
from tests.people import PASSWORD, Machine, MakePerson, cookie, sign_in

HOME = "/me/account"
PIN = "274051"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def tablet(app: Flask, person: MakePerson, juniper: House, machine: Machine) -> FlaskClient:
    """A shared tablet on which Dana signed in and chose six digits."""
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    person("ray@example.org", {juniper.id: Role.PEER}, name="Ray")
    browser = app.test_client()
    sign_in(browser, "dana@example.org")
    shared = browser.post(f"/houses/{juniper.slug}/tablets", data={"name": "Kitchen"})
    assert shared.location.startswith("/me/pin?next=")
    assert browser.post("/me/pin", data={"pin": PIN, "next": "/"}).location == "/"
    return browser


def row_of(name: str) -> uuid.UUID:
    db.session.rollback()
    return db.session.scalars(
        sa.select(SignIn.id).join(Person).where(Person.name == name, SignIn.ended_at.is_(None))
    ).one()


def lock(browser: FlaskClient) -> str:
    browser.post("/lock")
    page = browser.get(HOME)
    assert page.status_code == 423
    return page.text


def test_two_taps_and_six_digits_open_it_again(tablet: FlaskClient) -> None:
    page = lock(tablet)
    dana = row_of("Dana")
    assert "Who is here?" in page
    assert f'href="/unlock/{dana}?next=/me/account"' in page
    assert "Your six digits" in tablet.get(f"/unlock/{dana}?next={HOME}").text
    before = cookie(tablet)
    opened = tablet.post(f"/unlock/{dana}", data={"pin": PIN, "next": HOME})
    assert (opened.status_code, opened.location) == (303, HOME)
    assert cookie(tablet) != before
    assert tablet.get(HOME).status_code == 200


def test_each_act_has_its_true_actor(app: Flask, tablet: FlaskClient) -> None:
    lock(tablet)
    assert sign_in(tablet, "ray@example.org").location == "/me/pin"
    assert tablet.post("/me/pin", data={"pin": "905172"}).status_code == 303
    assert 'value="Ray"' in tablet.get(HOME).text
    lock(tablet)
    # Dana's digits open Dana alone, and Ray's page is not where she begins.
    assert tablet.post(f"/unlock/{row_of('Ray')}", data={"pin": PIN}).status_code == 422
    assert tablet.post(f"/unlock/{row_of('Dana')}", data={"pin": PIN, "next": HOME}).location == "/"
    assert 'value="Dana"' in tablet.get(HOME).text


def test_somebody_elses_page_is_locked_when_another_comes_in(tablet: FlaskClient) -> None:
    dana = cookie(tablet) or ""
    sign_in(tablet, "ray@example.org")
    tablet.set_cookie("sid", dana)
    assert tablet.get(HOME).status_code == 423


def test_it_locks_by_itself_after_five_minutes(tablet: FlaskClient, machine: Machine) -> None:
    machine.goes(timedelta(minutes=4))
    assert tablet.post("/seen").status_code == 204
    machine.goes(timedelta(minutes=4))
    assert tablet.get(HOME).status_code == 200
    machine.goes(timedelta(minutes=4))
    # What a script looks at again by itself keeps nobody's page open.
    assert tablet.get(HOME, headers={"Sec-Fetch-Mode": "cors"}).status_code == 200
    machine.goes(timedelta(minutes=1, seconds=1))
    assert tablet.get(HOME, headers={"Sec-Fetch-Mode": "cors"}).status_code == 423
    assert tablet.get(HOME).status_code == 423


def test_behind_the_lock_a_session_lasts_its_shift_and_no_longer(tablet: FlaskClient, machine: Machine) -> None:
    machine.goes(timedelta(hours=11))
    dana = row_of("Dana")
    assert tablet.post(f"/unlock/{dana}", data={"pin": PIN}).status_code == 303
    assert tablet.get(HOME).status_code == 200
    machine.goes(timedelta(hours=1, seconds=1))
    assert tablet.get(HOME).location == f"/sign-in?next={HOME}"
    assert tablet.post(f"/unlock/{dana}", data={"pin": PIN}).status_code == 404


def test_the_sixth_try_finds_nothing_to_open(tablet: FlaskClient) -> None:
    lock(tablet)
    dana = row_of("Dana")
    tries = [tablet.post(f"/unlock/{dana}", data={"pin": "000001"}) for _ in range(5)]
    assert [each.status_code for each in tries] == [422] * 5
    assert "sign in with your password" in tries[-1].text
    assert tablet.post(f"/unlock/{dana}", data={"pin": PIN}).status_code == 404
    assert sign_in(tablet, "dana@example.org").location == "/me/pin"


def test_tries_are_counted_before_they_are_made(tablet: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many at once would otherwise each find the count of one."""
    from respite.accounts import passwords

    lock(tablet)
    dana, seen = row_of("Dana"), []

    def slow(*_given: object) -> bool:
        seen.append(db.session.scalar(sa.select(SignIn.pin_tries).where(SignIn.id == dana)))
        db.session.rollback()
        return False

    monkeypatch.setattr(passwords, "pin_matches", slow)
    for _ in range(7):
        tablet.post(f"/unlock/{dana}", data={"pin": "000001"})
    assert seen == [1, 2, 3, 4, 5]


def test_six_digits_open_nothing_in_another_browser(app: Flask, tablet: FlaskClient) -> None:
    lock(tablet)
    dana, other = row_of("Dana"), app.test_client()
    assert other.post(f"/unlock/{dana}", data={"pin": PIN}).status_code == 404
    other.set_cookie("tablet", "another tablet's")
    assert other.post(f"/unlock/{dana}", data={"pin": PIN}).status_code == 404
    other.set_cookie("sid", cookie(tablet) or "")
    assert other.get(HOME).status_code == 423


def test_without_digits_the_password_opens_it_and_signing_out_ends_it(tablet: FlaskClient) -> None:
    sign_in(tablet, "ray@example.org")
    lock(tablet)
    ray = row_of("Ray")
    assert "Your six digits" not in tablet.get(f"/unlock/{ray}").text
    assert tablet.post(f"/unlock/{ray}", data={"pin": ""}).status_code == 422
    sign_in(tablet, "ray@example.org")
    lock(tablet)
    ray = row_of("Ray")
    assert tablet.post(f"/unlock/{ray}", data={"password": PASSWORD}).status_code == 303
    tablet.post("/sign-out")
    assert "Ray" not in tablet.get("/sign-in").text
    assert "Dana" in tablet.get("/sign-in").text


@pytest.mark.parametrize("pin", ["12345", "1234567", "111111", "123456", "987654", "121212", "abcdef", "", "١٢٣٤٥٠"])
def test_digits_that_are_guessed_first_are_not_taken(tablet: FlaskClient, pin: str) -> None:
    assert tablet.post("/me/pin", data={"pin": pin}).status_code == 422


def test_digits_are_offered_on_a_shared_tablet_alone(app: Flask, tablet: FlaskClient) -> None:
    own = app.test_client()
    sign_in(own, "ray@example.org")
    assert own.get("/me/pin").location == HOME
    assert own.post("/me/pin", data={"pin": PIN}).status_code == 404


def test_a_tablet_taken_back_forgets_everybody_at_once(app: Flask, tablet: FlaskClient, juniper: House) -> None:
    desk = app.test_client()
    sign_in(desk, "dana@example.org")
    page = desk.get(f"/houses/{juniper.slug}/screens").text
    assert "Kitchen" in page
    address = page.split('action="/tablets/')[1].split('"')[0]
    assert desk.post(f"/tablets/{address}", data={"key": "k"}).status_code == 303
    assert tablet.get(HOME).status_code == 303
    assert "Who is here?" not in tablet.get("/sign-in").text
    assert desk.get(HOME).status_code == 200


# -- drafts ------------------------------------------------------------------------------------------------------


def keep(browser: FlaskClient, words: str, path: str = "/stays/1") -> str:
    sent = {"path": path, "form": "note", "fields": {"words": [words], "kind": []}}
    answer = browser.post("/draft", json=sent)
    assert answer.status_code == 200
    assert answer.json is not None
    return str(answer.json["id"])


def kept(browser: FlaskClient, path: str = "/stays/1") -> list[str]:
    answer = browser.get("/draft", query_string={"path": path})
    assert answer.json is not None
    return [draft["fields"]["words"][0] for draft in answer.json["drafts"]]


def test_a_draft_survives_the_lock_for_its_person_alone(tablet: FlaskClient) -> None:
    keep(tablet, "asked for")
    keep(tablet, "asked for a quiet room")
    sign_in(tablet, "ray@example.org")
    assert kept(tablet) == []
    lock(tablet)
    assert tablet.get("/draft?path=/stays/1").status_code == 423
    tablet.post(f"/unlock/{row_of('Dana')}", data={"pin": PIN})
    assert kept(tablet) == ["asked for a quiet room"]
    assert kept(tablet, "/stays/2") == []


def test_the_words_of_a_draft_are_sealed(tablet: FlaskClient) -> None:
    keep(tablet, "asked for a quiet room")
    row = db.session.scalars(sa.select(Draft)).one()
    assert b"quiet" not in row.words_sealed


def test_a_draft_is_over_when_its_form_was_taken_and_after_a_day(tablet: FlaskClient, machine: Machine) -> None:
    draft = keep(tablet, "Dana R.")
    refused = tablet.post(HOME, data={"name": "", "language": "en", "draft": draft, "key": "a"})
    assert refused.status_code == 422
    assert kept(tablet) == ["Dana R."]
    taken = tablet.post(HOME, data={"name": "Dana R.", "language": "en", "draft": draft, "key": "b"})
    assert taken.status_code == 303
    assert kept(tablet) == []
    keep(tablet, "later")
    machine.goes(timedelta(hours=11))
    tablet.post(f"/unlock/{row_of('Dana R.')}", data={"pin": PIN})
    assert kept(tablet) == ["later"]
    machine.goes(timedelta(hours=14))
    sign_in(tablet, "dana@example.org")
    assert kept(tablet) == []


def test_a_draft_is_let_go_by_its_person_alone(tablet: FlaskClient) -> None:
    draft = keep(tablet, "asked for")
    sign_in(tablet, "ray@example.org")
    assert tablet.post(f"/draft/{draft}/forget").status_code == 204
    sign_in(tablet, "dana@example.org")
    assert kept(tablet) == ["asked for"]
    assert tablet.post(f"/draft/{draft}/forget").status_code == 204
    assert kept(tablet) == []


@pytest.mark.parametrize(
    "sent",
    [
        None, [], {}, {"path": 1, "form": "a", "fields": {}}, {"path": "/", "form": "", "fields": {}},
        {"path": "x", "form": "a", "fields": {}}, {"path": "/", "form": "a", "fields": []},
        {"path": "/", "form": "a", "fields": {"a": "b"}}, {"path": "/", "form": "a", "fields": {"a": [1]}},
        {"path": "/", "form": "a", "fields": {"a": ["x" * 50_000]}},
    ],
)  # fmt: skip
def test_a_draft_that_is_none_is_not_kept(tablet: FlaskClient, sent: object) -> None:
    assert tablet.post("/draft", json=sent).status_code == 422
    assert db.session.scalars(sa.select(Draft)).all() == []


def test_a_person_has_no_more_than_forty_drafts(tablet: FlaskClient) -> None:
    for number in range(45):
        keep(tablet, "words", f"/stays/{number}")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 40
    assert kept(tablet, "/stays/44") == ["words"]


@pytest.mark.parametrize(
    "body",
    [
        r'{"path": "/\ud800", "form": "note", "fields": {}}',
        r'{"path": "/\u0000", "form": "note", "fields": {}}',
        r'{"path": "/houses", "form": "\ud800", "fields": {}}',
        "[" * 100_000,
        "[]",
        "7",
    ],
)
def test_a_draft_that_cannot_be_kept_is_refused(tablet: FlaskClient, body: str) -> None:
    assert tablet.post("/draft", data=body, content_type="application/json").status_code == 422
    assert tablet.get("/draft?path=%00").status_code == 422


def test_a_form_that_was_taken_says_so_though_its_draft_stays(
    tablet: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object) -> None:
        raise Busy

    monkeypatch.setattr(drafts, "forget", busy)
    sent = {"name": "Dana", "language": "en", "key": "k", "draft": str(uuid.uuid4())}
    assert tablet.post("/me/account", data=sent).status_code == 303


def test_a_body_that_nobody_reads_breaks_nothing(tablet: FlaskClient) -> None:
    answer = tablet.post("/seen", data=b"a=" + b"x" * 1_500_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 204
