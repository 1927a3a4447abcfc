"""Rows per second of a directory that is loaded, beside a bare bulk insert of the same rows.

The package is made here: CSV of HSDS 3, twelve rows for each service. Loading reads and looks at every cell, finds what
points where, writes, and makes what is searched. The floor is the driver's own `executemany` of the rows that
came of it, into tables of the same columns and indexes. Loading the same once more writes nothing.
"""

from __future__ import annotations

import csv
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from flask_migrate import upgrade

from bench.figures import Figure
from bench.places import app_on, postgres_database
from respite.accounts.actor import COMMAND
from respite.core.clock import machine_now
from respite.core.db import db
from respite.resources.hsds.package import package_at
from respite.resources.hsds.rows import Report
from respite.resources.hsds.tables import KINDS
from respite.resources.service.loading import load

SERVICES = 500
ROUNDS = 2
_DAYS = ("MO", "TU", "WE", "TH", "FR")


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        figures = _figures("SQLite", f"sqlite:///{folder}/house.db", Path(folder))
    with postgres_database() as url, tempfile.TemporaryDirectory() as folder:
        return figures + _figures("PostgreSQL", url, Path(folder))


def _figures(name: str, url: str, folder: Path) -> list[Figure]:
    package = _package(folder / "package")
    app = app_on(url, folder)
    with app.app_context():
        upgrade()
        first, again, bare = [], [], []
        for number in range(ROUNDS):  # in turn, so that noise meets all three
            source = f"round {number}"
            first.append(_loaded(package, source, "added"))
            again.append(_loaded(package, source, "same"))
            bare.append(_bare())
        db.session.remove()
        db.engine.dispose()
    floor = median(bare)
    return [
        Figure(f"rows of a directory loaded, {name}", median(first), "/s", floor, better="more"),
        Figure(f"the same once more, nothing new, {name}", median(again), "/s", floor, better="more"),
    ]


def _loaded(package: Path, source: str, what: str) -> float:
    began = time.perf_counter()
    report: Report = load(COMMAND, package_at(package), source, now=machine_now())
    taken = time.perf_counter() - began
    assert report.total(what) == report.total("read")
    return report.total("read") / taken


def _bare() -> float:
    """The rows that are there now, put into tables of the same columns and indexes with nothing but the driver."""
    db.session.remove()
    raw: Any = db.engine.raw_connection()
    cursor, sqlite = raw.cursor(), db.engine.dialect.name == "sqlite"
    mark, taken, count = "?" if sqlite else "%s", 0.0, 0
    try:
        for kind in KINDS.values():
            table = kind.model.__table__
            cursor.execute(f"SELECT * FROM {table.name}")
            rows, columns = cursor.fetchall(), [f'"{each[0]}"' for each in cursor.description]
            if sqlite:
                cursor.execute("BEGIN IMMEDIATE")
                cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {table.name} WHERE 0")
            else:
                cursor.execute(f"CREATE TABLE bare (LIKE {table.name})")
            cursor.execute("CREATE UNIQUE INDEX bare_id ON bare (id)")
            for number, index in enumerate(sorted(table.indexes, key=lambda each: str(each.name))):
                cursor.execute(f"CREATE INDEX bare_{number} ON bare ({next(iter(index.columns)).name})")
            cursor.execute("CREATE UNIQUE INDEX bare_external ON bare (source_id, external_id)")
            raw.commit()
            began = time.perf_counter()
            if sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            insert = f"INSERT INTO bare ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"
            if rows:
                cursor.executemany(insert, rows)
            raw.commit()
            taken += time.perf_counter() - began
            count += len(rows)
            cursor.execute("DROP TABLE bare")
            raw.commit()
    finally:
        raw.close()
    return count / taken


def _package(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, rows in _tables():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _id(*parts: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, parts))))


def _tables() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    numbers = range(SERVICES)
    yield (
        "organizations",
        [
            {"id": _id("organization", n), "name": f"Organization {n}", "description": f"Helps with thing {n}."}
            for n in range(SERVICES // 10)
        ],
    )
    yield "services", [
        {
            "id": _id("service", n), "organization_id": _id("organization", n // 10), "name": f"Supper and company {n}",
            "description": f"Warm food on {n} evenings for whoever comes by.", "url": f"https://example.org/{n}",
            "status": "active", "eligibility_description": "Anybody.", "assured_date": "2026-05-04",
        }
        for n in numbers
    ]  # fmt: skip
    yield "locations", [
        {
            "id": _id("location", n), "organization_id": _id("organization", n // 10), "location_type": "physical",
            "name": f"Hall {n}", "latitude": 39 + n / SERVICES, "longitude": -105 - n / SERVICES,
        }
        for n in numbers
    ]  # fmt: skip
    yield (
        "service_at_location",
        [{"id": _id("at", n), "service_id": _id("service", n), "location_id": _id("location", n)} for n in numbers],
    )
    yield "addresses", [
        {
            "id": _id("address", n), "location_id": _id("location", n), "address_1": f"{n} Elm Street",
            "city": "Denver", "state_province": "CO", "postal_code": f"{80_000 + n % 999}", "country": "US",
            "address_type": "physical",
        }
        for n in numbers
    ]  # fmt: skip
    yield (
        "phones",
        [
            {
                "id": _id("phone", n),
                "service_id": _id("service", n),
                "number": f"(303) 555-{n % 10_000:04d}",
                "type": "voice",
            }
            for n in numbers
        ],
    )
    yield (
        "languages",
        [{"id": _id("language", n), "service_id": _id("service", n), "name": "Spanish", "code": "es"} for n in numbers],
    )
    yield "schedules", [
        {
            "id": _id("schedule", n, day), "service_id": _id("service", n), "freq": "WEEKLY", "byday": day,
            "opens_at": "09:00", "closes_at": "17:00",
        }
        for n in numbers
        for day in _DAYS
    ]  # fmt: skip
