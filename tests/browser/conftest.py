"""A house that is served by a process of its own, and real browsers before it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.passwords import hashed
from respite.accounts.roles import Role
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.factory import create_app
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.browser.companions import Companion
from tests.browser.phones import demo_house
from tests.places import settings_for
from tests.servers import Server, server_for

PASSWORD = "plum kettle under the stairs"
FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-gpu",
]  # fmt: skip


@dataclass
class Place:
    """Juniper House (Willow, Aspen, Sage, Cedar, Lark, Fern; four chairs), with Dana and Luis to sign in."""

    server: Server
    database_url: str
    key_file: Path
    house_id: object
    dana: Actor  # coordinator: dana@example.org
    luis: Actor  # peer: luis@example.org


@pytest.fixture(scope="session")
def password_hash(key_file: Path, migrated_sqlite: Path) -> str:
    """Made once, since it costs what a password's hash must cost."""
    app = create_app(settings_for(f"sqlite:///{migrated_sqlite}", key_file))
    with app.app_context():
        return hashed(PASSWORD)


@pytest.fixture
def place(tmp_path: Path, migrated_sqlite: Path, key_file: Path, password_hash: str) -> Iterator[Place]:
    shutil.copy(migrated_sqlite, tmp_path / "house.db")
    url = f"sqlite:///{tmp_path / 'house.db'}"
    app = create_app(settings_for(url, key_file))
    with app.app_context():
        now = machine_now() - timedelta(minutes=1)
        house = open_house(
            COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=6, chairs=4, now=now
        )
        change_rules(COMMAND, house.id, {"extension_by": "peer"}, number_seen=None, now=now)
        people = {
            name: _person(house.id, name, role, password_hash)
            for name, role in (("Dana", Role.COORDINATOR), ("Luis", Role.PEER))
        }
        house_id = house.id
        db.session.remove()
        server = server_for(url, key_file, tmp_path, REDIS_URL="").start()
        try:
            yield Place(server, url, key_file, house_id, people["Dana"], people["Luis"])
        finally:
            server.stop()
            db.session.remove()
            db.engine.dispose()


def _person(house_id: object, name: str, role: Role, password_hash: str) -> Actor:
    now = machine_now()
    with transaction() as session:
        person = Person(
            email=f"{name.lower()}@example.org", name=name, password_hash=password_hash, made_at=now, language="en"
        )
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, house_id=house_id, role=role, began_at=now))
    return Actor(ActorKind.PERSON, person.id, {house_id: role})  # type: ignore[dict-item]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def companion(place: Place, browser: Browser) -> Iterator[Callable[..., Companion]]:
    """Bring somebody: `companion()` or `companion(width=390, color_scheme="dark", locale="es")`."""
    with companions_before(browser, place.server.url) as bring:
        yield bring


@pytest.fixture
def bring(tmp_path: Path, key_file: Path, browser: Browser) -> Iterator[Callable[..., Companion]]:
    """Who is brought stands before a demo house of its own."""
    with demo_house(tmp_path, key_file) as url, companions_before(browser, url) as coming:
        yield coming


@contextmanager
def companions_before(browser: Browser, url: str) -> Iterator[Callable[..., Companion]]:
    """Who is brought stands before that address, each with a browser of their own, and leaves without a fault."""
    contexts: list[BrowserContext] = []
    came: list[Companion] = []

    def bring(width: int = 1280, height: int = 900, **options: object) -> Companion:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            **{"locale": "en-US", **options},  # type: ignore[arg-type]
        )
        contexts.append(context)
        came.append(Companion.before(context, url))
        return came[-1]

    try:
        yield bring
    finally:
        for context in contexts:
            context.close()
    assert [fault for each in came for fault in each.faults] == []
