"""A full disk: what is there is shown as before, and what cannot be kept is said in words."""

from __future__ import annotations

import errno
import io
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta

import psycopg.errors
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from respite.accounts.models import Display
from respite.accounts.roles import Role
from respite.core.clock import machine_now
from respite.core.crypto import digest
from respite.core.db import db, transaction
from respite.core.logs import configure, log
from respite.core.web import answer_database
from respite.houses.models import House
from tests.people import Machine, MakePerson, sign_in

TOKEN = "a screen of the hall"


@pytest.fixture
def dana(person: MakePerson, juniper: House) -> uuid.UUID:
    return person("dana@example.org", {juniper.id: Role.PEER})


@pytest.fixture
def screen(dana: uuid.UUID, juniper: House, machine: Machine) -> None:
    now = machine_now()
    facts = {"house_id": juniper.id, "name": "Hall", "face": "doors", "language": "en", "paired_by": dana}
    with transaction() as session:
        session.add(Display(**facts, token_hash=digest(TOKEN), paired_at=now, rolled_at=now))


@pytest.fixture
def full_disk(app: Flask, juniper: House) -> Iterator[None]:
    """Every write fails as SQLite fails where no page can be added."""

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            raise OperationalError(statement, {}, Exception("database or disk is full"))

    sa.event.listen(db.engine, "before_cursor_execute", fail)
    yield
    sa.event.remove(db.engine, "before_cursor_execute", fail)


def test_the_wall_and_the_desk_go_on_while_nothing_can_be_written(
    app: Flask, juniper: House, screen: None, machine: Machine, request: pytest.FixtureRequest
) -> None:
    desk, wall = app.test_client(), app.test_client()
    sign_in(desk, "dana@example.org")
    wall.set_cookie("display", TOKEN)
    assert wall.get("/wall").status_code == 200
    machine.goes(timedelta(minutes=10))
    request.getfixturevalue("full_disk")
    assert desk.get(f"/houses/{juniper.slug}/board").status_code == 200
    assert wall.get("/wall/parts").status_code == 200
    machine.goes(timedelta(hours=25))  # a screen's token would be renewed now
    assert wall.get("/wall").status_code == 200


def test_what_cannot_be_kept_is_said(app: Flask, dana: uuid.UUID, full_disk: None) -> None:
    answer = sign_in(app.test_client(), "dana@example.org")
    assert answer.status_code == 507
    assert "The disk is full" in answer.text


def test_a_full_disk_of_postgres_is_told_too(app: Flask) -> None:
    full = psycopg.errors.DiskFull('could not extend file "base/1/2": No space left on device')
    with app.test_request_context("/api/v1/houses"):
        answer = app.make_response(answer_database(OperationalError("INSERT", {}, full)))
    assert answer.status_code == 507


def test_what_cannot_be_logged_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """On one disk with the database, the log is full too, just where an error is to be told and got over."""

    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    configure()
    try:
        log.error("the disk is full")
    finally:
        monkeypatch.undo()
        configure()
