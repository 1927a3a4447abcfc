"""A place to test in: a real database of its own, an app on it, a clock we own, people who act."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.settings import Settings, new_key_ring
from respite.factory import create_app

#: A Sunday afternoon in Juniper House (Denver), as in the pictures: 22 November 2026, 14:32.
SUNDAY = datetime(2026, 11, 22, 21, 32, tzinfo=UTC)

#: Tables whose rows the database itself keeps from being changed (migration 0002).
APPEND_ONLY = ("event", "access_log")


class CompiledTemplates(BytecodeCache):
    """Templates compiled once per process: each test has an app of its own, and compiling anew takes most of a page."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = CompiledTemplates()


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    path.write_text(new_key_ring())
    path.chmod(0o600)
    return path


def settings_for(database_url: str, key_file: Path, **changed: object) -> Settings:
    values: dict[str, object] = {
        "mode": "demo",
        "database_url": database_url,
        "redis_url": None,
        "secret_key": "a secret for tests that is long enough",
        "keys_file": key_file,
        "public_url": "http://127.0.0.1:5000",
        "trusted_proxies": 0,
        "language": "en",
        "twilio_account_sid": None,
        "twilio_auth_token": None,
        "twilio_previous_auth_token": None,
        "twilio_from": None,
        "twilio_messaging_service_sid": None,
        "twilio_api_url": None,
        "backups": None if database_url.startswith("sqlite") else key_file.parent,
    }
    return Settings(**(values | changed))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Path:
    """A migrated, empty database file; each test gets a copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    _migrate(create_app(settings_for(f"sqlite:///{path}", key_file)))
    return path


def _migrate(app: Flask) -> None:
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str, key_file: Path) -> str:
    """A migrated PostgreSQL database of this process's own; emptied before each test that uses it."""
    _migrate(create_app(settings_for(postgres_url, key_file)))
    return postgres_url


def empty_postgres(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        # TRUNCATE makes new files for a table and each of its indexes; only the two that refuse DELETE need it.
        empties = [f"TRUNCATE {', '.join(APPEND_ONLY)}"]
        empties += [f"DELETE FROM {t.name}" for t in reversed(db.metadata.sorted_tables) if t.name not in APPEND_ONLY]
        connection.exec_driver_sql("; ".join(empties))  # one journey instead of eighty


@pytest.fixture
def clock() -> StillClock:
    return StillClock(SUNDAY)


@pytest.fixture
def database_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """SQLite, unless a test asks for `both_databases`."""
    path = tmp_path / "house.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def app(database_url: str, key_file: Path, clock: StillClock) -> Iterator[Flask]:
    app = create_app(settings_for(database_url, key_file), house_clock=clock)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=True, WTF_CSRF_ENABLED=False)
    app.jinja_env.bytecode_cache = TEMPLATES
    if database_url.startswith("postgresql"):
        empty_postgres(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def both_databases(request: pytest.FixtureRequest) -> str:
    """Run a module on both databases: let its own `database_url` fixture return this."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("migrated_postgres")
        return url
    path: Path = request.getfixturevalue("tmp_path") / "house.db"
    shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def actor_in(app: Flask) -> Callable[..., Actor]:
    """Make a person with a role in a house, and the actor they are: `actor_in(house.id, Role.PEER)`."""

    def make(house_id: uuid.UUID, role: Role = Role.COORDINATOR, name: str = "Dana") -> Actor:
        with transaction() as session:
            person = Person(email=f"{uuid.uuid4().hex[:12]}@example.org", name=name, password_hash=None, made_at=SUNDAY)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, house_id=house_id, role=role, began_at=SUNDAY))
        return Actor(ActorKind.PERSON, person.id, {house_id: role})

    return make
