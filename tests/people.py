"""People who sign in, a machine clock that moves, and browsers, for tests of coming in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts import passwords
from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.accounts.service.stepping_back import come_back, step_back
from respite.core import clock as clocks
from respite.core.db import transaction
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.places import SUNDAY

PASSWORD = "plum kettle under the stairs"
MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Machine:
    """The machine's clock, put where a test wants it."""

    def __init__(self) -> None:
        self.at = MORNING

    def now(self) -> datetime:
        return self.at

    def goes(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(clocks, "machine_now", machine.now)
    return machine


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real cost of a password is held by its own test; elsewhere it would only take minutes."""
    monkeypatch.setattr(passwords, "_hasher", passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=2, now=SUNDAY)


@pytest.fixture
def aspen(app: Flask) -> House:
    return open_house(COMMAND, name="Aspen House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)


MakePerson = Callable[..., uuid.UUID]


@pytest.fixture
def person(app: Flask) -> MakePerson:
    """Make somebody with a password: `person("dana@example.org", {house.id: Role.COORDINATOR})`."""

    def make(email: str, roles: dict[uuid.UUID, Role] | None = None, name: str = "Dana") -> uuid.UUID:
        with transaction() as session:
            made = Person(email=email, name=name, password_hash=passwords.hashed(PASSWORD), made_at=SUNDAY)
            session.add(made)
            session.flush()
            for house_id, role in (roles or {}).items():
                session.add(Membership(person_id=made.id, house_id=house_id, role=role, began_at=SUNDAY))
        return made.id

    return make


def sign_in(browser: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return browser.post("/sign-in", data={"email": email, "password": password, **more})


def cookie(browser: FlaskClient, name: str = "sid") -> str | None:
    found = browser.get_cookie(name)
    return found.value if found else None


def stands_back(house_id: uuid.UUID, person_id: uuid.UUID, *, back: bool = False) -> None:
    """They have no duty for now, at their own word; or again, with `back`."""
    person, act = Actor(ActorKind.PERSON, person_id), come_back if back else step_back
    with transaction() as session:
        act(session, person, house_id, person_id, SUNDAY)
