"""Two who take one shift at the same moment: with lock and version one has it, without them both."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.core.db import db
from respite.houses.service.opening import open_house
from respite.staffing.models import Shift
from respite.staffing.service import offers
from tests.offers import Crew
from tests.places import SUNDAY

TOGETHER_SECONDS = 3


@pytest.fixture
def database_url(migrated_postgres: str) -> str:
    """SQLite's own lock would hide what is looked for: there, one write at a time is the engine's rule."""
    return migrated_postgres


@pytest.fixture
def two(app: Flask, actor_in: Callable[..., Actor]) -> tuple[Actor, Actor, uuid.UUID]:
    house = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    crew = Crew(house, actor_in)
    both, shift = (crew.peer("Ana"), crew.peer("Bo")), crew.shift()
    db.session.remove()
    return *both, shift.id


def both_say_yes(app: Flask, two: tuple[Actor, Actor, uuid.UUID]) -> list[bool]:
    """Who of the two is told that it is theirs."""
    told: list[bool] = []

    def say(who: Actor) -> None:
        with app.app_context():
            try:
                told.append(offers.claim(who, two[2], who.id, now=SUNDAY).yours)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=say, args=(who,)) for who in two[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(told)


@pytest.fixture
def no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the house's lock, both have looked before either writes, and no version is compared."""
    both_looked = threading.Barrier(2)
    judge = offers.against

    def look_together(*arguments: object, **more: object) -> object:
        found = judge(*arguments, **more)  # type: ignore[arg-type]
        with contextlib.suppress(threading.BrokenBarrierError):
            both_looked.wait(timeout=TOGETHER_SECONDS)
        return found

    def written_over(session: sa.orm.Session, shift: Shift, person_id: uuid.UUID, *_more: object) -> None:
        session.execute(sa.update(Shift.__table__).where(Shift.id == shift.id).values(person_id=person_id))

    def row(session: sa.orm.Session, _actor: Actor, model: type[Shift], row_id: uuid.UUID, *_more: object) -> Shift:
        return session.get_one(model, row_id)

    monkeypatch.setattr(offers, "locked_row", row)
    monkeypatch.setattr(offers, "against", look_together)
    monkeypatch.setattr(offers, "give_to", written_over)


@pytest.mark.postgres
def test_without_the_guard_two_are_told_that_it_is_theirs(
    app: Flask, two: tuple[Actor, Actor, uuid.UUID], no_guard: None
) -> None:
    assert both_say_yes(app, two) == [True, True]


@pytest.mark.postgres
def test_with_the_guard_one_is(app: Flask, two: tuple[Actor, Actor, uuid.UUID]) -> None:
    assert both_say_yes(app, two) == [False, True]
