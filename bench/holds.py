"""Contested saved beds per second, beside the same SQL statements sent bare.

Eight threads want three nights on one of ten beds; the next wish starts when the last is answered. The floor
sends the statements of one such act, recorded from it, through the driver alone: same locks, same commits.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from bench.figures import Figure
from bench.places import app_on, postgres_database
from respite.accounts.actor import COMMAND
from respite.core.clock import machine_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules

THREADS = 8
SECONDS = 8.0
BEDS = 10
NIGHTS = 3
HORIZON = 300  # nights ahead that wishes are spread over: most succeed at first, most are refused at the end

Statement = tuple[str, tuple[Any, ...]]


def run() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        figures.append(_figure("SQLite", f"sqlite:///{folder}/house.db", Path(folder)))
    with postgres_database() as url, tempfile.TemporaryDirectory() as folder:
        figures.append(_figure("PostgreSQL", url, Path(folder)))
    return figures


def _figure(name: str, url: str, folder: Path) -> Figure:
    app = app_on(url, folder)
    with app.app_context():
        upgrade()
        now = machine_now()
        house = open_house(COMMAND, name="Bench", kind="respite", timezone="America/Denver", beds=BEDS, now=now)
        change_rules(COMMAND, house.id, {"return_kind": "none"}, number_seen=None, now=now)
        house_id, beds = house.id, [bed.id for bed in beds_of(db.session(), house.id)]
        db.session.remove()
        won, lost = _recorded(house_id, beds[0])
        # The floor first and the product after it, on the same file, in turn, twice: noise meets both.
        fresh = _Fresh(won)
        bare = [_per_second(_bare(url, fresh, won, lost)) for _ in range(2)]
        ours = [_per_second(_product(app, house_id, beds)) for _ in range(2)]
        db.session.remove()
        db.engine.dispose()
    return Figure(f"contested saved beds, {name}, {THREADS} at once", max(ours), "/s", max(bare), better="more")


def _wish(house_id: uuid.UUID, bed_id: uuid.UUID, night: int) -> None:
    now = machine_now()
    save_bed(
        COMMAND,
        house_id,
        who=Named("Guest"),
        nights=NIGHTS,
        bed_id=bed_id,
        first_night=now.date() + timedelta(days=2 + night),
        now=now,
    )


def _recorded(house_id: uuid.UUID, bed_id: uuid.UUID) -> tuple[list[Statement], list[Statement]]:
    """The statements of one act that succeeds, and of one that is refused."""
    return _statements(lambda: _wish(house_id, bed_id, HORIZON + 50)), _statements(
        lambda: _wish(house_id, bed_id, HORIZON + 50)
    )


def _statements(act: Callable[[], None]) -> list[Statement]:
    seen: list[Statement] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        for each in parameters if many else [parameters]:
            seen.append((statement, each))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    except Refusal:
        pass
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        db.session.remove()
    return [(text, parameters) for text, parameters in seen if not text.startswith("BEGIN")]


def _product(app: Flask, house_id: uuid.UUID, beds: list[uuid.UUID]) -> Callable[[int], Callable[[], None]]:
    def worker(number: int) -> Callable[[], None]:
        draw = random.Random(number)

        def once() -> None:
            with app.app_context():
                try:
                    _wish(house_id, draw.choice(beds), draw.randrange(HORIZON))
                except Refusal:
                    pass
                finally:
                    db.session.remove()

        return once

    return worker


class _Fresh:
    """Recorded parameters made new: ids of rows the act wrote, its nights, the event's version."""

    def __init__(self, won: list[Statement]) -> None:
        self.lock = threading.Lock()
        self.turn = 0
        self.made = {
            str(value)
            for text, parameters in won
            if text.startswith("INSERT") and "bed_night" not in text and "INTO event" not in text
            for value in _values(parameters)[:1]
        }

    def statements(self, recorded: list[Statement]) -> list[Statement]:
        with self.lock:
            self.turn += 1
            turn = self.turn
        ids: dict[str, Any] = {}
        return [(text, self._renewed(text, parameters, ids, turn)) for text, parameters in recorded]

    def _renewed(self, text: str, parameters: Any, ids: dict[str, Any], turn: int) -> Any:
        def renew(value: Any) -> Any:
            if str(value) in self.made:
                new = uuid.uuid4()
                return ids.setdefault(str(value), new if isinstance(value, uuid.UUID) else new.hex)
            if "bed_night" in text:
                return _later(value, turn * NIGHTS)
            if isinstance(value, int) and "INTO event" in text:
                return value + 1_000_000 + turn  # out of the way of the product's own versions
            return value

        if isinstance(parameters, dict):
            return {name: renew(value) for name, value in parameters.items()}
        return tuple(renew(value) for value in parameters)


def _later(value: Any, days: int) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value + timedelta(days=days)
    if isinstance(value, str) and len(value) == 10 and value[4] == "-":
        return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
    return value


def _values(parameters: Any) -> list[Any]:
    return list(parameters.values()) if isinstance(parameters, dict) else list(parameters)


def _bare(url: str, fresh: _Fresh, won: list[Statement], lost: list[Statement]) -> Callable[[int], Callable[[], None]]:
    turn_lock = threading.Lock()

    def worker(number: int) -> Callable[[], None]:
        connect = _sqlite(url, turn_lock) if url.startswith("sqlite") else _postgres(url)
        draw = random.Random(number)
        # As often refused as the product was, roughly: the horizon fills in the first seconds.
        return lambda: connect(fresh.statements(won), True) if draw.random() < 0.3 else connect(lost, False)

    return worker


def _sqlite(url: str, lock: threading.Lock) -> Callable[[list[Statement], bool], None]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=10, check_same_thread=False)
    connection.isolation_level = None
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")

    def send(statements: list[Statement], commit: bool) -> None:
        with lock:
            connection.execute("BEGIN IMMEDIATE")
            for text, parameters in statements:
                _all(connection.execute(text, parameters))
            connection.execute("COMMIT" if commit else "ROLLBACK")

    return send


def _postgres(url: str) -> Callable[[list[Statement], bool], None]:
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(plain)

    def send(statements: list[Statement], commit: bool) -> None:
        for text, parameters in statements:
            cursor = connection.execute(text, parameters)
            if cursor.description is not None:
                cursor.fetchall()
        connection.commit() if commit else connection.rollback()

    return send


def _all(cursor: sqlite3.Cursor) -> None:
    if cursor.description is not None:
        cursor.fetchall()


def _per_second(make: Callable[[int], Callable[[], None]]) -> float:
    workers = [make(number) for number in range(THREADS)]
    counts = [0] * THREADS
    until = time.monotonic() + SECONDS

    def work(number: int) -> None:
        while time.monotonic() < until:
            workers[number]()
            counts[number] += 1

    began = time.monotonic()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=SECONDS * 4)
    return sum(counts) / (time.monotonic() - began)
