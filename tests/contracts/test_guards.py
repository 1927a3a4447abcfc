"""Every route × every role: what is answered is what the route's own guard says, and nothing else leaks.

The right is read from the guard that the view states, never from a list kept here. Whether a view was reached is
seen at the view itself, since a use case may answer "not found" too.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from respite.accounts.roles import RIGHTS, May, Role
from respite.board.queries import Kept
from respite.core.db import db
from respite.core.web import guard_of
from respite.factory import PUBLIC
from tests.api_client import ask
from tests.full_house import STAFF_ROLES, FullHouse, database_digest

Houses = tuple[Path, FullHouse, FullHouse]

#: Guards that name no right of a house: whom they let in who is signed in. Tests run in demo mode.
OTHER_GUARDS = {
    "signed-in": lambda _role: True,
    "demo": lambda _role: True,
    "open-house": lambda role: role is Role.DIRECTOR,
    # The directory is the installation's: a right in any house opens it, in every house the same.
    "reads-directory": lambda role: May.ENTER in RIGHTS[role],
    "checks-directory": lambda role: May.KEEP_BEDS in RIGHTS[role],
    "keeps-directory": lambda role: May.KEEP_DIRECTORY in RIGHTS[role],
    "guest-page": lambda _role: False,  # the browser in which a guest opened it, and nobody who works here
}
#: Looking may move these: who looked, that somebody was there, and the letters that a new screen shows.
MOVED_BY_LOOKING = ("access_log", "sign_in.seen_at", "api_token.used_at", "display.seen_at", "pairing")
#: Opening a thread of texts is reading it, so looking moves these too.
MOVED_BY_READING = ("event", "stream", "thread", "inbound.seen_at", "inbound.seen_by")
READING = frozenset({"/houses/<slug>/texts/<uuid:thread_id>"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Called by another server, which signs what it sends.
SIGNED = frozenset({"webhooks.inbound", "webhooks.status"})
#: What an address names that is nobody's: every house has each template of a text.
NO_THINGS = frozenset({"template"})
NOBODYS = {
    "filename": "core/base.css",
    "token": "not-a-token",
    "code": "ABCDEFGH",
    "draft_id": "00000000-0000-4000-8000-000000000000",
    "kept_from_id": "00000000-0000-4000-8000-000000000002",
    "attempt_id": "00000000-0000-4000-8000-000000000001",
}


@pytest.fixture
def database_url(tmp_path: Path, two_full_houses: Houses) -> str:
    shutil.copy(two_full_houses[0], tmp_path / "house.db")
    return f"sqlite:///{tmp_path / 'house.db'}"


@dataclass
class Door:
    """One way in: a route with one method, and an address for it in a house."""

    rule: Rule
    method: str

    @property
    def api(self) -> bool:
        return self.rule.rule.startswith("/api/")

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    def address(self, ids: dict[str, str]) -> str:
        known = {**NOBODYS, **ids}
        missing = self.rule.arguments - set(known)
        assert not missing, f"tests/full_house.py has nothing to put into {self.rule.rule}: {missing}"
        path = self.rule.rule
        for name in self.rule.arguments:
            for kind in ("", "uuid:", "path:", "int:"):
                path = path.replace(f"<{kind}{name}>", known[name])
        return path


class Visitor:
    """Walks through doors, and knows whether the view behind one was reached."""

    def __init__(self, app: Flask, template: Path) -> None:
        self.app, self.template = app, template
        self.reached: list[str] = []
        for endpoint, view in list(app.view_functions.items()):
            app.view_functions[endpoint] = self._watched(endpoint, view)

    def _watched(self, endpoint: str, view: Any) -> Any:
        @wraps(view)
        def seen(*args: Any, **kwargs: Any) -> Any:
            self.reached.append(endpoint)
            return view(*args, **kwargs)

        return seen

    def enter(self, door: Door, address: str, house: FullHouse | None, role: Role | None, **sent: Any) -> TestResponse:
        """Ask as this role of this house, or as nobody."""
        client, headers = self.app.test_client(), {}
        if house is not None and role is not None:
            if door.api:
                headers["Authorization"] = f"Bearer {house.tokens[role]}"
            else:
                client.set_cookie("sid", house.sessions[role])
        self.reached.clear()
        answer = ask(client, door.method, address, headers=headers, **sent)
        answer.get_data()
        answer.close()
        assert answer.status_code < 500, f"{door} as {role}: {answer.status}"
        if door.method not in SAFE and self.reached:
            self.put_everything_back()
        return answer

    def put_everything_back(self) -> None:
        db.session.remove()
        path = make_url(self.app.config["SQLALCHEMY_DATABASE_URI"]).database
        with sqlite3.connect(self.template) as before, sqlite3.connect(str(path)) as now:
            before.backup(now)
        before.close()
        now.close()
        self.app.extensions["respite.boards"] = Kept()


@pytest.fixture
def visitor(app: Flask, two_full_houses: Houses) -> Visitor:
    return Visitor(app, two_full_houses[0])


@pytest.fixture
def juniper(two_full_houses: Houses) -> FullHouse:
    return two_full_houses[1]


@pytest.fixture
def aspen(two_full_houses: Houses) -> FullHouse:
    return two_full_houses[2]


def _doors(app: Flask) -> Iterator[Door]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Door(rule, method)


def _guarded(app: Flask) -> Iterator[Door]:
    return (door for door in _doors(app) if door.rule.endpoint not in PUBLIC)


def _guard_name(app: Flask, door: Door) -> str:
    stated = guard_of(app.view_functions[door.rule.endpoint])
    assert stated is not None, f"{door} has no guard"
    return stated[0]


def _lets_in(app: Flask, door: Door, role: Role) -> bool:
    name = _guard_name(app, door)
    if name in OTHER_GUARDS:
        return OTHER_GUARDS[name](role)
    return May(name.partition(":")[2]) in RIGHTS[role]


def _of_a_house(app: Flask, door: Door) -> bool:
    return _guard_name(app, door) not in OTHER_GUARDS


def _leaked(answer: TestResponse, *houses: FullHouse) -> list[str]:
    text = answer.get_data(as_text=True)
    return [word for house in houses for word in house.canaries if word in text]


def test_every_route_states_its_guard_or_is_public(app: Flask) -> None:
    without = {door.rule.endpoint for door in _doors(app) if guard_of(app.view_functions[door.rule.endpoint]) is None}
    assert without == PUBLIC


def test_every_guard_says_whom_it_lets_in(app: Flask) -> None:
    names = {_guard_name(app, door) for door in _guarded(app)}
    rights = {name.partition(":")[2] for name in names - set(OTHER_GUARDS)}
    assert rights <= set(May)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_its_rights_say_in_its_own_house(
    app: Flask, visitor: Visitor, juniper: FullHouse, aspen: FullHouse, role: Role
) -> None:
    sees_guests = May.SEE_GUESTS in RIGHTS[role]
    for door in _guarded(app):
        if role not in STAFF_ROLES and not door.api:
            continue  # a screen has no account; its cookie opens /wall alone, which is public
        answer = visitor.enter(door, door.address(juniper.ids), juniper, role)
        if _lets_in(app, door, role):
            assert visitor.reached, f"{door} as {role}: {answer.status}"
        else:
            assert (answer.status_code, visitor.reached) == (404, []), f"{door} as {role}"
        assert _leaked(answer, *([aspen] if sees_guests else [juniper, aspen])) == [], f"{door} as {role}"


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.PEER])
def test_another_house_is_not_there(
    app: Flask, visitor: Visitor, juniper: FullHouse, aspen: FullHouse, role: Role
) -> None:
    """Even for somebody with every right in a house of their own."""
    before = database_digest(MOVED_BY_LOOKING)
    for door in _guarded(app):
        if not _of_a_house(app, door):
            continue
        answer = visitor.enter(door, door.address(juniper.ids), aspen, role)
        assert (answer.status_code, visitor.reached) == (404, []), f"{door} as {role} of another house"
        assert _leaked(answer, juniper) == [], str(door)
    assert database_digest(MOVED_BY_LOOKING) == before


def test_a_thing_of_another_house_is_not_reached_through_ones_own(
    app: Flask, visitor: Visitor, juniper: FullHouse, aspen: FullHouse
) -> None:
    """`/houses/<mine>/people/<yours>` gets by the guard, and the use case refuses it."""
    for door in _guarded(app):
        if "slug" not in door.rule.arguments or not door.rule.arguments - NO_THINGS - {"slug"}:
            continue
        crossed, sent = door.address({**juniper.ids, "slug": aspen.slug}), {"data": {"role": "peer"}}
        answer = visitor.enter(door, crossed, aspen, Role.DIRECTOR, **({} if door.method in SAFE else sent))
        assert answer.status_code == 404, f"{door}: {answer.status}"
        assert _leaked(answer, juniper) == [], str(door)


def test_a_stranger_is_asked_to_sign_in(app: Flask, visitor: Visitor, juniper: FullHouse, aspen: FullHouse) -> None:
    for door in _guarded(app):
        answer = visitor.enter(door, door.address(juniper.ids), None, None)
        assert visitor.reached == [], str(door)
        if _guard_name(app, door) == "guest-page":
            assert answer.status_code == 404, str(door)
        elif door.api:
            assert answer.status_code == 401, str(door)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer"), str(door)
        else:
            to_sign_in = answer.status_code in (302, 303) and answer.headers["Location"].startswith("/sign-in")
            assert to_sign_in or answer.status_code == 401, f"{door}: {answer.status}"


def test_what_is_public_tells_nothing(app: Flask, visitor: Visitor, juniper: FullHouse, aspen: FullHouse) -> None:
    for door in _doors(app):
        if door.rule.endpoint in PUBLIC:
            answer = visitor.enter(door, door.address(juniper.ids), None, None)
            assert _leaked(answer, juniper, aspen) == [], str(door)


def test_looking_changes_nothing(app: Flask, visitor: Visitor, juniper: FullHouse) -> None:
    doors = [door for door in _doors(app) if door.method == "GET"]
    for moved, together in (
        (MOVED_BY_LOOKING, [door for door in doors if door.rule.rule not in READING]),
        (MOVED_BY_LOOKING + MOVED_BY_READING, [door for door in doors if door.rule.rule in READING]),
    ):
        before = database_digest(moved)
        for door in together:
            visitor.enter(door, door.address(juniper.ids), juniper, Role.DIRECTOR)
            assert database_digest(moved) == before, str(door)


def test_a_form_of_another_page_is_refused(app: Flask, visitor: Visitor, juniper: FullHouse) -> None:
    """Without the form's own token no act is done, whoever is signed in; the API, which takes no cookie, needs none.

    Addresses that another server calls look at that server's signature instead.
    """
    app.config["WTF_CSRF_ENABLED"] = True
    before = database_digest(MOVED_BY_LOOKING)
    for door in _doors(app):
        if door.method in SAFE or door.api:
            continue
        signed = door.rule.endpoint in SIGNED
        answer = visitor.enter(door, door.address(juniper.ids), juniper, Role.DIRECTOR)
        assert (answer.status_code, visitor.reached != []) == ((403, True) if signed else (400, False)), f"{door}"
    assert database_digest(MOVED_BY_LOOKING) == before


def test_the_matrix_would_notice_a_wrong_guard(app: Flask, visitor: Visitor, juniper: FullHouse) -> None:
    """The yardstick itself: a view that lets everybody in is seen to be reached."""
    door = next(
        door
        for door in _guarded(app)
        if door.method == "GET" and door.rule.arguments == {"slug"} and not _lets_in(app, door, Role.VOLUNTEER)
    )
    assert visitor.enter(door, door.address(juniper.ids), juniper, Role.VOLUNTEER).status_code == 404
    view = app.view_functions[door.rule.endpoint]
    view.__respite_guard__ = (_guard_name(app, door), lambda _arguments: None)
    with pytest.raises(TypeError):
        visitor.enter(door, door.address(juniper.ids), juniper, Role.VOLUNTEER)
    assert visitor.reached == [door.rule.endpoint]
