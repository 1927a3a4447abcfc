"""People of a house: invited, given a role, gone; links that work once; the first account; commands and tokens."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient

from respite.accounts import passwords, sessions, signals
from respite.accounts.actor import ActorKind
from respite.accounts.models import ApiToken, Invitation, Membership, Person
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.core.db import db
from respite.factory import create_app
from respite.houses.models import House
from tests.people import PASSWORD, Machine, MakePerson, cookie, sign_in
from tests.places import settings_for

NEW = "a violin made of rain"


@pytest.fixture
def dana(app: Flask, person: MakePerson, juniper: House) -> FlaskClient:
    """A browser in which the house's coordinator is signed in."""
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    browser = app.test_client()
    sign_in(browser, "dana@example.org")
    return browser


def at(house: House, *more: object) -> str:
    return "/".join([f"/houses/{house.slug}/people", *map(str, more)])


def link_in(page: str) -> str:
    found = re.search(r'value="http://127\.0\.0\.1:5000(/welcome/[\w-]+)"', page)
    assert found is not None
    return found[1]


def invite(browser: FlaskClient, house: House, email: str = "ray@example.org", role: str = "peer") -> str:
    answer = browser.post(at(house), data={"name": "Ray", "email": email, "role": role, "key": "k"})
    assert answer.status_code == 200
    return answer.text


def test_somebody_invited_chooses_a_password_once_and_is_in(app: Flask, dana: FlaskClient, juniper: House) -> None:
    link = link_in(invite(dana, juniper))
    ray = app.test_client()
    assert "Ray" in ray.get(link).text
    assert ray.post(link, data={"password": "too short"}).status_code == 422
    assert ray.post(link, data={"password": "Juniper House 2026!"}).status_code == 422
    assert ray.post(link, data={"password": NEW}).location == "/"
    assert ray.get("/me/account").status_code == 200
    assert ray.get(at(juniper)).status_code == 404
    assert ray.post(link, data={"password": NEW}).status_code == 404
    assert app.test_client().get(link).status_code == 404
    assert not list(broken_links())


def test_a_link_ends_after_three_days_and_a_new_one_voids_the_old(
    app: Flask, dana: FlaskClient, juniper: House, machine: Machine
) -> None:
    sign_in(dana, "dana@example.org")
    first = link_in(invite(dana, juniper))
    ray = db.session.scalars(sa.select(Person.id).where(Person.email == "ray@example.org")).one()
    second = link_in(dana.post(at(juniper, ray, "link"), data={"key": "n"}).text)
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200
    machine.goes(timedelta(hours=72, seconds=1))
    assert app.test_client().get(second).status_code == 404


def test_a_double_tap_invites_once_and_shows_the_same_link(dana: FlaskClient, juniper: House) -> None:
    assert link_in(invite(dana, juniper)) == link_in(invite(dana, juniper))
    assert len(db.session.scalars(sa.select(Invitation)).all()) == 1
    again = dana.post(at(juniper), data={"name": "Ray", "email": "ray@example.org", "role": "peer", "key": "other"})
    assert again.status_code == 409
    assert "belongs to this house already" in again.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"}, {"email": "a@b@c"}, {"email": "a b@c.org"}, {"email": ""}, {"name": ""},
        {"name": "x" * 81}, {"role": "display"}, {"role": "owner"}, {"email": "a\x00@c.org"},
    ],
)  # fmt: skip
def test_an_invitation_that_cannot_be_is_said_by_its_field(
    dana: FlaskClient, juniper: House, wrong: dict[str, str]
) -> None:
    sent = {"name": "Ray", "email": "ray@example.org", "role": "peer", "key": "k"} | wrong
    answer = dana.post(at(juniper), data=sent)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_a_lost_password_is_replaced_by_a_link_and_every_session_ends(
    app: Flask, dana: FlaskClient, juniper: House, person: MakePerson
) -> None:
    ray_id, ray = person("ray@example.org", {juniper.id: Role.PEER}, name="Ray"), app.test_client()
    sign_in(ray, "ray@example.org")
    link = link_in(dana.post(at(juniper, ray_id, "link"), data={"key": "k"}).text)
    phone = app.test_client()
    assert "A new password" in phone.get(link).text
    phone.post(link, data={"password": NEW})
    assert phone.get("/me/account").status_code == 200
    assert ray.get("/me/account").status_code == 303
    assert sign_in(ray, "ray@example.org").status_code == 422


def test_no_link_opens_an_account_that_leads_further_than_its_maker(
    app: Flask, dana: FlaskClient, juniper: House, aspen: House, person: MakePerson
) -> None:
    ray_id = person("ray@example.org", {juniper.id: Role.PEER, aspen.id: Role.DIRECTOR}, name="Ray")
    answer = dana.post(at(juniper, ray_id, "link"), data={"key": "k"})
    assert answer.status_code == 409
    assert not db.session.scalars(sa.select(Invitation)).all()


def test_an_invitation_gives_no_link_to_somebody_another_house_waits_for(
    app: Flask, dana: FlaskClient, juniper: House, aspen: House, person: MakePerson
) -> None:
    person("ada@example.org", {aspen.id: Role.COORDINATOR}, name="Ada")
    ada = app.test_client()
    sign_in(ada, "ada@example.org")
    link = link_in(invite(ada, aspen, role="director"))
    assert "/welcome/" not in invite(dana, juniper)
    assert app.test_client().get(link).status_code == 200


def test_a_role_changes_at_once_and_back_by_one_tap(
    app: Flask, dana: FlaskClient, juniper: House, person: MakePerson
) -> None:
    heard: list[str] = []
    signals.access_changed.append(heard.append)
    try:
        ray_id, ray = person("ray@example.org", {juniper.id: Role.PEER}, name="Ray"), app.test_client()
        sign_in(ray, "ray@example.org")
        assert ray.get(at(juniper)).status_code == 404
        assert dana.post(at(juniper, ray_id, "role"), data={"role": "coordinator", "key": "a"}).status_code == 303
        assert ray.get(at(juniper)).status_code == 200
        undo = dana.get(at(juniper)).text
        assert f'action="{at(juniper, ray_id, "role")}"' in undo
        assert dana.post(at(juniper, ray_id, "role"), data={"role": "peer", "key": "b"}).status_code == 303
        assert ray.get(at(juniper)).status_code == 404
        assert dana.post(at(juniper, ray_id, "end"), data={"key": "c"}).status_code == 303
        assert sessions.by_token(cookie(ray) or "") is None
        assert dana.post(at(juniper, ray_id, "back"), data={"role": "peer", "key": "d"}).status_code == 303
        assert [mark for mark in heard if not mark.startswith("sign-in:")] == [f"person:{ray_id}"] * 3
        assert len(heard) == 4
    finally:
        signals.access_changed.remove(heard.append)
    kinds = db.session.scalars(sa.select(Event.kind).where(Event.subject == ray_id).order_by(Event.version)).all()
    assert kinds == [
        "account.role.changed", "account.role.changed", "account.role.ended", "account.person.invited",
    ]  # fmt: skip


def test_the_house_keeps_somebody_who_leads(dana: FlaskClient, juniper: House) -> None:
    me = db.session.scalars(sa.select(Person.id)).one()
    for act, sent in (("end", {}), ("role", {"role": "peer"})):
        answer = dana.post(at(juniper, me, act), data={"key": act, **sent}, follow_redirects=True)
        assert "at least one coordinator or director" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).where(Membership.ended_at.is_(None))) == 1
    assert dana.post(at(juniper, me, "role"), data={"key": "d", "role": "director"}).status_code == 303


def test_nobody_manages_the_people_of_another_house(
    app: Flask, dana: FlaskClient, juniper: House, aspen: House, person: MakePerson
) -> None:
    ada = person("ada@example.org", {aspen.id: Role.PEER}, name="Ada")
    assert dana.get(at(aspen)).status_code == 404
    for act in ("link", "role", "end", "back", "sign-out"):
        sent = {"key": act, "role": "peer"}
        assert dana.post(at(aspen, ada, act), data=sent).status_code == 404
        assert dana.post(at(juniper, ada, act), data=sent).status_code == 404


def test_signing_out_everywhere_ends_each_session(
    app: Flask, dana: FlaskClient, juniper: House, person: MakePerson
) -> None:
    ray_id = person("ray@example.org", {juniper.id: Role.PEER}, name="Ray")
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser, "ray@example.org")
    assert dana.post(at(juniper, ray_id, "sign-out"), data={"key": "k"}).status_code == 303
    assert [browser.get("/me/account").status_code for browser in browsers] == [303] * 3


# -- the first account -------------------------------------------------------------------------------------------


def run(app: Flask, *arguments: str, typed: str = "") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(arguments), input=typed)
    return result.exit_code, result.output


def test_an_empty_installation_has_no_account_and_is_set_up_by_a_link_once(app: Flask, machine: Machine) -> None:
    assert db.session.scalars(sa.select(Person)).all() == []
    browser = app.test_client()
    assert "setup link" in browser.get("/sign-in").text
    code, printed = run(app, "setup", "link")
    assert code == 0
    link = printed.strip().removeprefix("http://127.0.0.1:5000")
    sent = {"name": "Dana", "email": "Dana@Example.org", "password": NEW, "language": "es"}
    assert browser.post(link, data=sent | {"password": "x", "email": "no"}).status_code == 422
    assert browser.get(link).status_code == 200
    assert browser.post(link, data=sent).status_code == 303
    assert browser.get("/me/account").status_code == 200
    assert app.test_client().get(link).status_code == 404
    assert "setup link" not in app.test_client().get("/sign-in").text
    code, printed = run(app, "setup", "link")
    assert code == 1
    assert "set up already" in printed


def test_a_set_up_link_lasts_an_hour(app: Flask, machine: Machine) -> None:
    link = run(app, "setup", "link")[1].strip().removeprefix("http://127.0.0.1:5000")
    machine.goes(timedelta(minutes=60, seconds=1))
    assert app.test_client().get(link).status_code == 404


def test_before_the_tables_are_made_a_command_says_how(key_file: Path, tmp_path: Path) -> None:
    bare = create_app(settings_for(f"sqlite:///{tmp_path / 'new.db'}", key_file))
    result = bare.test_cli_runner().invoke(args=["setup", "link"])
    assert result.exit_code == 1
    assert "prepare" in result.output
    with bare.app_context():
        db.engine.dispose()


def test_an_invitation_is_no_set_up_link(app: Flask, dana: FlaskClient, juniper: House) -> None:
    link = link_in(invite(dana, juniper)).replace("/welcome/", "/setup/")
    sent = {"name": "Eve", "email": "eve@example.org", "password": NEW, "language": "en"}
    assert app.test_client().get(link).status_code == 404
    assert app.test_client().post(link, data=sent).status_code == 404


# -- commands ----------------------------------------------------------------------------------------------------


def test_a_user_is_added_at_the_command_line(app: Flask, juniper: House) -> None:
    add = ("user", "add", "ray@example.org", "--name", "Ray", "--role", "peer", "--house")
    code, printed = run(app, *add, "juniper-house")
    assert code == 0
    link = printed.splitlines()[0].removeprefix("http://127.0.0.1:5000")
    assert app.test_client().post(link, data={"password": NEW}).status_code == 303
    assert run(app, *add, "nowhere") == (1, "Error: There is no house nowhere. There is: juniper-house.\n")


def test_a_password_may_come_by_standard_input(app: Flask, juniper: House) -> None:
    add = ("user", "add", "ray@example.org", "--name", "Ray", "--role", "peer", "--house", "juniper-house")
    code, printed = run(app, *add, "--password-stdin", typed="short\n")
    assert (code, db.session.scalars(sa.select(Person)).all()) == (1, [])
    assert "15" in printed
    assert run(app, *add, "--password-stdin", typed=f"{PASSWORD}\n")[0] == 0
    assert sign_in(app.test_client(), "ray@example.org").status_code == 303
    assert run(app, "user", "close", "ray@example.org")[0] == 0
    assert sign_in(app.test_client(), "ray@example.org").status_code == 422


def test_a_token_acts_in_its_house_and_role_under_the_api_alone(app: Flask, juniper: House, aspen: House) -> None:
    code, printed = run(app, "token", "add", "--house", "juniper-house", "--role", "peer", "--name", "phone")
    assert code == 0
    token = printed.strip()
    row = db.session.scalars(sa.select(ApiToken)).one()
    assert token.encode() not in row.token_hash
    bearer = {"Authorization": f"Bearer {token}"}
    with app.test_request_context("/api/v1/anything", headers=bearer):
        assert app.preprocess_request() is None
        assert (g.actor.kind, dict(g.actor.roles)) == (ActorKind.TOKEN, {juniper.id: Role.PEER})
    page = app.test_client().get("/houses/juniper-house/people", headers=bearer)
    assert (page.status_code, page.location) == (303, "/sign-in?next=/houses/juniper-house/people")
    assert token not in run(app, "token", "list", "--house", "juniper-house")[1]
    assert run(app, "token", "end", str(row.id))[0] == 0
    refused = app.test_client().get("/api/v1/anything", headers=bearer)
    assert refused.status_code == 401
    assert refused.content_type == "application/problem+json"
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.json is not None
    assert refused.json["type"].endswith("/sign-in-needed")


def test_the_names_of_ones_houses_are_tried_first_and_not_taken(dana: FlaskClient, juniper: House) -> None:
    answer = dana.post("/me/password", data={"current": PASSWORD, "password": "juniper house juniper"})
    assert answer.status_code == 422
    with pytest.raises(passwords.WeakPassword):
        passwords.check("juniperjuniperhouse", ["Juniper House"])


def test_only_a_director_gives_takes_or_opens_a_directors_role(
    app: Flask, dana: FlaskClient, juniper: House, person: MakePerson
) -> None:
    ada = person("ada@example.org", {juniper.id: Role.DIRECTOR}, name="Ada")
    ray = person("ray@example.org", {juniper.id: Role.PEER}, name="Ray")
    me = db.session.scalars(sa.select(Person.id).where(Person.email == "dana@example.org")).one()
    sent = {"name": "Lee", "email": "lee@example.org", "role": "director", "key": "a"}
    answer = dana.post(at(juniper), data=sent)
    assert answer.status_code == 409
    assert 'value="lee@example.org"' in answer.text
    assert dana.post(at(juniper, ada, "link"), data={"key": "b"}).status_code == 409
    for who, act, role in (
        (me, "role", "director"),
        (ray, "role", "director"),
        (ada, "role", "peer"),
        (ada, "end", ""),
    ):
        refused = dana.post(at(juniper, who, act), data={"key": act + str(who), "role": role}, follow_redirects=True)
        assert "This house has a director" in refused.text
    assert dana.post(at(juniper, ray, "end"), data={"key": "c"}).status_code == 303
    again = dana.post(at(juniper, ray, "back"), data={"key": "d", "role": "director"}, follow_redirects=True)
    assert "This house has a director" in again.text
    roles = db.session.scalars(sa.select(Membership.role).where(Membership.ended_at.is_(None)))
    assert sorted(roles) == [Role.COORDINATOR, Role.DIRECTOR]
    boss = app.test_client()
    sign_in(boss, "ada@example.org")
    assert boss.post(at(juniper, me, "role"), data={"key": "e", "role": "director"}).status_code == 303


def test_looking_for_a_password_that_is_taken_is_no_guessing(dana: FlaskClient) -> None:
    sent = {"current": PASSWORD, "password": "too short"}
    assert [dana.post("/me/password", data=sent).status_code for _ in range(7)] == [422] * 7
    assert dana.post("/me/password", data=sent | {"password": NEW}).status_code == 303
