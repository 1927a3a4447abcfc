"""A coordinator hears of whatever may bring two together who are not to meet, by whatever way it comes about."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.core.db import db
from respite.guests.models import YesAsk
from respite.guests.policy.apart import Answer
from respite.guests.service.apart import say_apart
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.guests.service.yes_answers import answer_ask
from respite.houses.models import House
from tests.places import SUNDAY
from tests.waiting_line import Line


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def line(juniper: House, actor_in: Callable[..., Actor]) -> Line:
    return Line(juniper, actor_in)


def open_asks() -> list[tuple[str, str | None]]:
    """What waits for a yes: what it is, and about whom."""
    db.session.rollback()
    rows = sa.select(YesAsk).where(YesAsk.answer.is_(None)).order_by(YesAsk.asked_at, YesAsk.id)
    return [(ask.what, ask.name) for ask in db.session.scalars(rows)]


def all_answered(dana: Actor, answer: Answer = Answer.YES) -> None:
    db.session.rollback()
    for ask in db.session.scalars(sa.select(YesAsk).where(YesAsk.answer.is_(None))).all():
        answer_ask(dana, ask.id, answer, now=SUNDAY)


def here_soon(line: Line, name: str) -> uuid.UUID:
    """A bed is saved for them from tonight."""
    stay = save_bed(line.dana, line.house_id, who=Named(name), nights=2, bed_id=line.beds[1], now=SUNDAY)
    assert stay.guest_id is not None
    return stay.guest_id


def test_a_yes_by_text_that_stops_asks_a_coordinator(line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    say_apart(line.dana, here_soon(line, "Cy"), "Ana", now=SUNDAY)
    all_answered(line.dana, Answer.NOT_NOW)
    assert line.says("Ana", f"Y{line.code(offer)}") is None, "a person reads it"
    assert line.saved() == [("Cy", "held"), ("nobody", "offered")]
    assert open_asks() == [("bed", "Ana")]
    assert line.says("Ana", f"Y{line.code(offer)}", at=SUNDAY) is None
    assert open_asks() == [("bed", "Ana")], "once"
