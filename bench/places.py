"""A database and an app of the bench's own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy.engine import make_url

from respite.core.settings import from_environ, new_key_ring
from respite.factory import create_app


def environ_on(url: str, folder: Path) -> dict[str, str]:
    keys = folder / "keys.json"
    if not keys.exists():
        keys.write_text(new_key_ring())
        keys.chmod(0o600)
    return {
        "RESPITE_MODE": "demo",
        "DATABASE_URL": url,
        "SECRET_KEY": "a secret for the bench that is long enough",
        "RESPITE_KEYS": str(keys),
    }


def app_on(url: str, folder: Path) -> Flask:
    return create_app(from_environ(environ_on(url, folder)))


@contextmanager
def postgres_database() -> Iterator[str]:
    """An empty PostgreSQL database; needs TEST_DATABASE_URL as the tests do."""
    server = make_url(os.environ["TEST_DATABASE_URL"])
    name = f"bench_{uuid.uuid4().hex[:10]}"
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(plain, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
