"""Finding among 50,000 services, beside the bare full-text query of the same database for the same words.

The services are made from the real ones of hsds-ilao (../shared/data): each says what one of them says, at a place.
The floor is a plain full-text table of the same texts, asked in the texts' own words and ranked by the database itself:
no typos, no Spanish, no filters, no count.
"""

from __future__ import annotations

import csv
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.places import app_on, postgres_database
from respite.core.db import db, transaction
from respite.resources.finding.index import refresh_source
from respite.resources.finding.needs import NEEDS
from respite.resources.finding.places import Near
from respite.resources.finding.search import Wanted, When, search
from respite.resources.models import (
    Address,
    Language,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    Source,
)

SERVICES = 50_000
ROUNDS = 5
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "hsds-ilao"
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ZONE = "America/Chicago"
CHICAGO = Near(41.88, -87.63, "Chicago")
#: What is typed here, and the floor's plain words for it.
TYPED = {
    "legal": "legal", "lawyer": "lawyer", "free legal help": "free legal", "abogado": "lawyer", "lawer": "lawyer",
    "eviction": "eviction", "desalojo": "eviction", "divorce and custody": "divorce custody", "divorcio": "divorce",
    "library": "library", "biblioteca": "library", "veterans": "veterans", "veterano": "veterans",
    "bankruptcy": "bankruptcy", "bancarota": "bankruptcy", "cook county": "cook county", "immigration": "immigration",
    "inmigración": "immigration", "housing court": "housing court", "expungment": "expungement",
    "domestic violence": "domestic violence", "seniors": "seniors", "referral": "referral", "clinic": "clinic",
    "senior legal aid springfield": "legal springfield",
}  # fmt: skip


def run(many: str = str(SERVICES)) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        figures = _figures("SQLite", f"sqlite:///{folder}/house.db", Path(folder), int(many))
    with postgres_database() as url, tempfile.TemporaryDirectory() as folder:
        return figures + _figures("PostgreSQL", url, Path(folder), int(many))


def _figures(name: str, url: str, folder: Path, many: int) -> list[Figure]:
    app = app_on(url, folder)
    with app.app_context():
        upgrade()
        plant(many)
        bare = _bare(app)
        session = db.session()
        if name == "PostgreSQL":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("ANALYZE"))
        floor = _p95(lambda typed: bare(session, TYPED[typed]))
        filters: dict[str, dict[str, Any]] = {
            "words alone": {},
            "words, near a place": {"near": CHICAGO},
            "words, open now, near, in Spanish": {"near": CHICAGO, "when": When.NOW, "language": "es"},
        }
        figures = []
        for what, more in filters.items():
            took = _p95(lambda typed, more=more: search(session, Wanted(words=typed, **more), now=NOW, zone=ZONE))
            figures.append(Figure(f"finding among {many:,}, {name}, {what}, p95", took, "ms", floor))
        for what, wanted in (
            ("everything, near a place", Wanted(near=CHICAGO)),
            ("everything open now, near a place", Wanted(near=CHICAGO, when=When.NOW)),
        ):
            took = _p95(lambda _typed, wanted=wanted: search(session, wanted, now=NOW, zone=ZONE))
            figures.append(Figure(f"finding among {many:,}, {name}, {what}, p95", took, "ms", floor))
        db.session.remove()
        db.engine.dispose()
    return figures


def _p95(ask: Callable[[str], object]) -> float:
    """Milliseconds."""
    took = []
    for _round in range(ROUNDS):
        for typed in TYPED:
            began = time.perf_counter()
            ask(typed)
            took.append((time.perf_counter() - began) * 1000)
            db.session.rollback()
    return sorted(took)[round(len(took) * 0.95) - 1]


def _bare(app: Flask) -> Callable[[Session, str], object]:
    """The plain table, and how it is asked."""
    said = "name || ' ' || coalesce(description, '') || ' ' || coalesce(application_process, '')"
    texts = f"SELECT {said} AS said FROM directory_service"
    sqlite = db.engine.dialect.name == "sqlite"
    with transaction() as session:
        if sqlite:
            session.execute(sa.text("CREATE VIRTUAL TABLE bare USING fts5(said)"))
            session.execute(sa.text(f"INSERT INTO bare (said) {texts}"))
        else:
            session.execute(
                sa.text(f"CREATE TABLE bare AS SELECT said, to_tsvector('english', said) AS v FROM ({texts}) t")
            )
            session.execute(sa.text("CREATE INDEX ON bare USING gin (v)"))
    ranked = (
        "SELECT rowid, said FROM bare WHERE bare MATCH :words ORDER BY rank LIMIT 20"
        if sqlite
        else "SELECT said FROM bare, plainto_tsquery('english', :words) q WHERE v @@ q"
        " ORDER BY ts_rank(v, q) DESC LIMIT 20"
    )
    return lambda session, words: session.execute(sa.text(ranked), {"words": words}).all()


def plant(many: int, seed: int = 7) -> None:
    """So many services of one source, and their entries."""
    dice = random.Random(seed)
    with transaction() as session:
        source = Source(name="bench", loaded_at=NOW)
        session.add(source)
        session.flush()
        for model, rows in _rows(many, source.id, dice):
            session.execute(sa.insert(model.__table__), rows)
        refresh_source(session, source.id)


def _rows(many: int, source_id: uuid.UUID, dice: random.Random) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    real = list(csv.DictReader((REAL / "services.csv").open(encoding="utf-8")))
    towns = [(f"{a}{b}", dice.uniform(37, 42.4), dice.uniform(-91, -87.6)) for a in _A for b in _B]

    def row(kind: str, number: int, **values: Any) -> dict[str, Any]:
        own = {"id": uuid.uuid5(source_id, f"{kind}{number}"), "external_id": f"{kind}{number}", "source_id": source_id}
        return own | values

    listed = {"changed_at": NOW, "gone_at": None}
    organizations = [
        row("o", n, name=f"{towns[n % len(towns)][0]} {_KINDS[n % len(_KINDS)]}", peer_run=False, **listed)
        for n in range(many // 12 + 1)
    ]
    services, places, ats, addresses, hours, languages = [], [], [], [], [], []
    for n in range(many):
        said, (town, north, east) = real[n % len(real)], dice.choice(towns)
        services.append(
            row(
                "s", n,
                organization_id=dice.choice(organizations)["id"], name=f"{said['name']} in {town}"[:300],
                description=f"{said['description']}. {_NEEDS[n % len(_NEEDS)]}",
                application_process=said["application_process"][:600], fees_description=said["fees"],
                status="active", version=1, peer_run=n % 40 == 0, **listed,
            )
        )  # fmt: skip
        places.append(
            row(
                "l", n, location_type="physical", name=f"{town} office", latitude=north + dice.gauss(0, 0.05),
                longitude=east + dice.gauss(0, 0.05), **listed,
            )
        )  # fmt: skip
        ats.append(row("t", n, service_id=services[-1]["id"], location_id=places[-1]["id"], **listed))
        addresses.append(
            row(
                "a", n, location_id=places[-1]["id"], address_1=f"{n % 900 + 1} Main Street", city=town,
                state_province="IL", postal_code=f"{60000 + n % 3000}", country="US", address_type="physical",
            )
        )  # fmt: skip
        opens = 7 + n % 4
        hours.append(
            row(
                "h", n, service_id=services[-1]["id"], freq="WEEKLY", byday="MO,TU,WE,TH,FR" if n % 5 else "MO,SA,SU",
                opens_at=clock_time(opens), closes_at=clock_time(opens + 9), closed=False,
            )
        )  # fmt: skip
        if n % 3 == 0:
            languages.append(row("g", n, service_id=services[-1]["id"], code="es"))
    yield from (
        (Organization, organizations), (Service, services), (Location, places), (ServiceAtLocation, ats),
        (Address, addresses), (Schedule, hours), (Language, languages),
    )  # fmt: skip


_A = (
    "Spring Oak Maple Fair River Lake North South West East Green Clear Stone Elm Cedar Mill Glen Rose Ash Wood".split()
)
_B = "field ville ton wood view port dale ford land brook ridge grove side burg haven mont crest well bury more".split()
_KINDS = "Legal Aid,Family Center,Public Library,Community Kitchen,Veterans House,Health Clinic,Peer House".split(",")
_NEEDS = [
    f"Help with {need.replace('_', ' ')} for people of the county, by phone and in person, no matter what."
    for need in NEEDS
]
