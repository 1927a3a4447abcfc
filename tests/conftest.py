"""What every test may rely on: real services where the environment names them, and no network beyond this machine."""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.full_house import two_full_houses  # noqa: F401  (a fixture for every test)
from tests.people import aspen, juniper, machine, person, quick_hashes  # noqa: F401  (fixtures for every test)
from tests.places import (  # noqa: F401  (fixtures for every test)
    actor_in,
    app,
    both_databases,
    clock,
    database_url,
    key_file,
    migrated_postgres,
    migrated_sqlite,
)
from tests.quick_apps import quick_apps  # noqa: F401  (for every test)
from tests.texting import line, line_database, served  # noqa: F401  (fixtures for every test)
from tests.twilio.fixtures import twilio  # noqa: F401  (a fixture for every test)
from tests.watches import night  # noqa: F401  (a fixture for every test)

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"

# Examples never depend on the machine's speed, and in CI they are the same on every run.
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Tests read Spanish from the compiled catalogue, which is built and not in the repository."""
    if hasattr(config, "workerinput"):
        return  # the process that started this one has done it
    subprocess.run([sys.executable, ROOT / ".ci" / "catalogues.py", "compile"], check=True, timeout=60)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if (ROOT / "tests" / "browser") in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among what was imported: it is most of what there is, and all of it stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 5)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """A test that reaches for another machine fails and says so."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_nearby)
        yield


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def needed(name: str, what: str) -> str:
    """The environment's setting, or a skip that says what is missing. In CI nothing may be missing."""
    value = os.environ.get(name, "")
    if not value:
        (pytest.fail if IN_CI else pytest.skip)(f"{name} is not set: this test needs {what}")
    return value


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address (for SQLAlchemy) of an empty PostgreSQL database that belongs to this test process alone."""
    server = make_url(needed("TEST_DATABASE_URL", "a PostgreSQL and a role that may create databases"))
    name = f"{server.database}_{uuid.uuid4().hex[:12]}"
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        # No test cuts the server's power, and waiting for the disk at each commit takes most of a test's time.
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit TO off')
    try:
        yield server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a Redis whose keys tests may change; each test uses names of its own."""
    return needed("TEST_REDIS_URL", "a Redis")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium for Playwright's `executable_path`."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        (pytest.fail if IN_CI else pytest.skip)("no chromium on the PATH: this test opens a real browser")
    return str(path)
