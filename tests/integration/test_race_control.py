"""The race and its control: without lock and key two people have one bed; with either of them, never."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.core.db import db
from respite.core.errors import Refusal
from respite.guests.models import Stay
from respite.guests.service import saving
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.errors import BedTaken
from respite.houses.models import BedNight
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from tests.places import SUNDAY

pytestmark = pytest.mark.postgres
TOGETHER_SECONDS = 3


@pytest.fixture
def database_url(migrated_postgres: str) -> str:
    """SQLite's own lock would hide what is looked for: there, one write at a time is the engine's rule."""
    return migrated_postgres


@pytest.fixture
def last_bed(app: Flask) -> tuple[uuid.UUID, uuid.UUID]:
    house = open_house(COMMAND, name="One Door", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    bed = beds_of(db.session(), house.id)[0].id
    ids = house.id, bed
    db.session.remove()
    return ids


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the house's stream, and both have looked before either writes."""
    both_looked = threading.Barrier(2)
    taken = saving.taken

    def look_together(*arguments: object) -> object:
        found = taken(*arguments)  # type: ignore[arg-type]
        with contextlib.suppress(threading.BrokenBarrierError):
            both_looked.wait(timeout=TOGETHER_SECONDS)
        return found

    monkeypatch.setattr(saving, "lock_house", lambda *_arguments: None)
    monkeypatch.setattr(saving, "taken", look_together)


@pytest.fixture
def no_key(app: Flask) -> Iterator[None]:
    """The table without its primary key; the key stands again afterwards."""
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE bed_night DROP CONSTRAINT pk_bed_night"))
    yield
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM bed_night"))
        connection.execute(sa.text("ALTER TABLE bed_night ADD CONSTRAINT pk_bed_night PRIMARY KEY (bed_id, night)"))


def _two_at_once(app: Flask, house_id: uuid.UUID) -> list[object]:
    answers: list[object] = []

    def want(name: str) -> None:
        with app.app_context():
            try:
                answers.append(save_bed(COMMAND, house_id, who=Named(name), nights=1, now=SUNDAY))
            except Refusal as refusal:
                answers.append(refusal)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=want, args=(name,)) for name in ("Ana", "Bo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def _in_the_bed() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(BedNight)) or 0


def test_without_lock_and_key_both_have_the_bed(
    app: Flask, last_bed: tuple[uuid.UUID, uuid.UUID], no_key: None, no_lock: None
) -> None:
    answers = _two_at_once(app, last_bed[0])
    assert [type(answer) for answer in answers] == [Stay, Stay]
    assert _in_the_bed() == 2


def test_without_the_lock_the_key_still_stands(
    app: Flask, last_bed: tuple[uuid.UUID, uuid.UUID], no_lock: None
) -> None:
    answers = _two_at_once(app, last_bed[0])
    assert sorted(type(answer).__name__ for answer in answers) == ["BedTaken", "Stay"]
    assert any(isinstance(answer, BedTaken) for answer in answers)
    assert _in_the_bed() == 1


def test_with_the_lock_one_wins_and_the_other_is_told(
    app: Flask, last_bed: tuple[uuid.UUID, uuid.UUID], actor_in: Callable[..., Actor]
) -> None:
    answers = _two_at_once(app, last_bed[0])
    assert sum(isinstance(answer, Stay) for answer in answers) == 1
    assert _in_the_bed() == 1
