"""A list that was kept before guests waited: each becomes a guest, and nothing is lost or laid open."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.engine import make_url

from respite.core.crypto import folded, ring, seal, unseal
from respite.core.db import db
from respite.factory import create_app
from respite.guests.models import Guest, Waiting
from respite.messaging.models import Correspondent
from respite.messaging.service.ground import number_mark
from tests.places import SUNDAY, settings_for

BEFORE = "0015_guest_page"
AFTER = "0016_waiting_guests"
HOUSE = uuid.uuid4()
PHONE = "+13035550142"


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path, key_file: Path) -> Iterator[Flask]:
    """A database as it was before, on a file or a PostgreSQL of this test's own."""
    url = f"sqlite:///{tmp_path}/old.db"
    if request.param == "postgresql":
        url = _schema_of_its_own(request.getfixturevalue("postgres_url"))
    app = create_app(settings_for(url, key_file))
    with app.app_context():
        upgrade(revision=BEFORE)
        yield app
        db.session.remove()
        db.engine.dispose()


def _schema_of_its_own(address: str) -> str:
    name = f"old_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    url = make_url(address).update_query_dict({"options": f"-csearch_path={name}"})
    return url.render_as_string(hide_password=False)


def plant(table: str, **values: Any) -> uuid.UUID:
    row_id = values.setdefault("id", uuid.uuid4())
    with db.engine.begin() as connection:
        reflected = sa.Table(table, sa.MetaData(), autoload_with=connection)
        for column in reflected.c:  # SQLite knows no type for ids and times of its own
            if isinstance(values.get(column.name), uuid.UUID):
                column.type = sa.Uuid()
        connection.execute(sa.insert(reflected).values(**values))
    return row_id


def waits(name: str, phone: str | None = None, *, hours: int = 0, ended: str | None = None) -> uuid.UUID:
    row_id, since = uuid.uuid4(), SUNDAY.replace(tzinfo=UTC) - timedelta(hours=hours)
    return plant(
        "waiting",
        id=row_id,
        house_id=HOUSE,
        name_sealed=seal(name, "waiting", "name_sealed", row_id),
        phone_sealed=seal(phone, "waiting", "phone_sealed", row_id) if phone else None,
        wish_sealed=seal(f"wish of {name}", "waiting", "wish_sealed", row_id) if not ended else None,
        nights=3,
        since=since,
        ended_at=since if ended else None,
        ended_how=ended,
        version=4,
    )


def a_house() -> None:
    plant(
        "house",
        id=HOUSE,
        slug="juniper-house",
        name="Juniper House",
        kind="both",
        timezone="America/Denver",
        language="es",
        phone=None,
        shares_availability=False,
        made_at=SUNDAY,
        version=1,
        **_later_columns("house"),
    )


def _later_columns(table: str) -> dict[str, Any]:
    """Columns of `house` that migrations added and that must hold something."""
    known = {"id", "slug", "name", "kind", "timezone", "language", "made_at", "shares_availability", "version"}
    columns = sa.inspect(db.engine).get_columns(table)
    return {c["name"]: 0 for c in columns if not c["nullable"] and c["default"] is None and c["name"] not in known}


def a_guest(name: str, phone: str) -> uuid.UUID:
    row_id = uuid.uuid4()
    return plant(
        "guest",
        id=row_id,
        house_id=HOUSE,
        name_sealed=seal(name, "guest", "name_sealed", row_id),
        name_index=ring().blind(f"name:{HOUSE}", folded(name)),
        phone_sealed=seal(phone, "guest", "phone_sealed", row_id),
        phone_index=ring().blind(f"phone:{HOUSE}", phone),
        wall_choice="nothing",
        made_at=SUNDAY,
        version=1,
    )


def an_undo(kind: str) -> None:
    plant("undoable", house_id=HOUSE, actor="command", kind=kind, subject=HOUSE, before_sealed=b"x", at=SUNDAY)


def test_who_waited_is_a_guest_with_the_same_words(old: Flask) -> None:
    a_house()
    ida, wes = waits("Ida", PHONE, hours=2), waits("Wes", hours=1)
    over = waits("", ended="saved", hours=9)
    for kind in ("guest.waiting.ended", "guest.bed.saved", "guest.stay.began"):
        an_undo(kind)
    upgrade()  # and on, to what the models of today read
    rows = {row.id: row for row in _waiting()}
    assert [rows[each].guest.name for each in (ida, wes)] == ["Ida", "Wes"]
    assert [rows[each].wish for each in (ida, wes)] == ["wish of Ida", "wish of Wes"]
    assert (rows[ida].guest.phone, rows[wes].guest.phone, rows[over].guest_id) == (PHONE, None, None)
    assert (rows[ida].nights, rows[ida].version, rows[ida].since) == (3, 4, SUNDAY - timedelta(hours=2))
    assert rows[ida].guest.name_index == ring().blind(f"name:{HOUSE}", "ida")
    assert rows[ida].guest.phone_index == ring().blind(f"phone:{HOUSE}", PHONE)
    person = db.session.scalars(sa.select(Correspondent)).one()
    assert (person.subject_id, person.name, person.number) == (rows[ida].guest_id, "Ida", PHONE)
    assert (person.number_index, person.language, person.kind) == (number_mark(PHONE), "es", "guest")
    assert db.session.scalars(sa.text("SELECT kind FROM undoable")).all() == ["guest.stay.began"]
    names = {column["name"] for column in sa.inspect(db.engine).get_columns("waiting")}
    assert not names & {"name_sealed", "phone_sealed"}


def test_who_was_known_by_name_and_number_is_not_made_twice_nor_waits_twice(old: Flask) -> None:
    a_house()
    known = a_guest("Ida", PHONE)
    first, second = waits("ida", PHONE, hours=2), waits("Ida", PHONE, hours=1)
    namesake = waits("Ida")
    upgrade()  # and on, to what the models of today read
    rows = {row.id: row.guest_id for row in _waiting()}
    assert rows[first] == known
    assert len({rows[first], rows[second], rows[namesake]}) == 3
    assert {guest.name for guest in db.session.scalars(sa.select(Guest))} == {"Ida"}


def test_the_way_back_keeps_the_words_too(old: Flask) -> None:
    a_house()
    ida, over = waits("Ida", PHONE), waits("", ended="taken-off")
    upgrade(revision=AFTER)
    db.session.remove()
    downgrade(revision=BEFORE)
    reflected = sa.Table("waiting", sa.MetaData(), autoload_with=db.engine)
    with db.engine.begin() as connection:
        rows = {uuid.UUID(str(row.id)): row for row in connection.execute(sa.select(reflected))}
    assert unseal(rows[ida].name_sealed, "waiting", "name_sealed", ida) == "Ida"
    assert unseal(rows[ida].phone_sealed, "waiting", "phone_sealed", ida) == PHONE
    assert unseal(rows[over].name_sealed, "waiting", "name_sealed", over) == ""
    assert rows[over].phone_sealed is None


def _waiting() -> list[Waiting]:
    return list(db.session.scalars(sa.select(Waiting).order_by(Waiting.since)))
