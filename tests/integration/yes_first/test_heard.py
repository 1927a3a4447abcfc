"""A coordinator hears of whatever may bring two together who are not to meet, by whatever way it comes about."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.core.db import db
from respite.guests.errors import CoordinatorFirst
from respite.guests.models import YesAsk
from respite.guests.policy.apart import Answer, IsIt
from respite.guests.service.apart import say_apart
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import save_bed
from respite.guests.service.staying import change_guest
from respite.guests.service.undo import last_undoable, undo
from respite.guests.service.visits import begin_visit
from respite.guests.service.yes_answers import answer_ask, not_known_after_all, wishes_in_the_way
from tests.boards import juniper
from tests.places import SUNDAY
from tests.waiting_line import Line


@pytest.fixture
def line(app: Flask, actor_in: Callable[..., Actor]) -> Line:
    return Line(juniper(), actor_in)


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
    stay = save_bed(line.dana, line.house_id, who=Named(name), nights=2, now=SUNDAY)
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


def test_another_name_that_is_meant_by_somebody_who_is_here_asks_a_coordinator(line: Line) -> None:
    bo, cy = here_soon(line, "Bela"), here_soon(line, "Cy")
    say_apart(line.dana, cy, "Bo", now=SUNDAY)
    assert open_asks() == []
    change_guest(line.dana, bo, name="Bo", pronouns=None, phone=None, now=SUNDAY)
    assert open_asks() == [("now", "Bo")]
    all_answered(line.dana, Answer.NOT_NOW)
    for name in ("Bodhi", "Bo"):  # what was answered is not asked again by a name that they had
        change_guest(line.dana, bo, name=name, pronouns=None, phone=None, now=SUNDAY)
    assert open_asks() == []


def test_who_is_meant_after_all_and_is_here_is_asked_about(line: Line) -> None:
    one, two = here_soon(line, "Bo"), here_soon(line, "Bo")
    wish = say_apart(line.dana, here_soon(line, "Cy"), "Bo", now=SUNDAY)
    (ask,) = db.session.scalars(sa.select(YesAsk)).all()
    pairs = {each.other.id: (each.wish.id, each.other.id) for each in wishes_in_the_way(db.session(), ask, SUNDAY)}
    assert set(pairs) == {one, two}
    is_it = {pairs[one]: IsIt.SAME, pairs[two]: IsIt.OTHER}
    answer_ask(line.dana, ask.id, Answer.YES, is_it=is_it, now=SUNDAY)
    assert open_asks() == []
    not_known_after_all(line.dana, wish.id, now=SUNDAY)
    assert [ask.guest_id for ask in db.session.scalars(sa.select(YesAsk).where(YesAsk.answer.is_(None)))] == [two]


def test_who_was_said_to_be_meant_and_is_not_is_meant_no_more_by_a_name_they_had(line: Line) -> None:
    bo = line.waits("Bo").guest_id
    assert bo is not None
    wish = say_apart(line.dana, here_soon(line, "Cy"), "Bo", now=SUNDAY)
    change_guest(line.dana, bo, name="Bela", pronouns=None, phone=None, now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        begin_visit(line.dana, line.house_id, who=Known(bo), now=SUNDAY)
    (ask,) = db.session.scalars(sa.select(YesAsk)).all()
    (each,) = wishes_in_the_way(db.session(), ask, SUNDAY)
    answer_ask(line.dana, ask.id, Answer.NOT_NOW, is_it={(wish.id, each.other.id): IsIt.SAME}, now=SUNDAY)
    not_known_after_all(line.dana, wish.id, now=SUNDAY)
    begin_visit(line.dana, line.house_id, who=Known(bo), now=SUNDAY)


def test_undoing_another_name_leads_past_no_wish_and_asks_as_a_new_name_does(line: Line) -> None:
    cy, bo = here_soon(line, "Cy"), here_soon(line, "Bo")
    change_guest(line.dana, bo, name="Bela", pronouns=None, phone=None, now=SUNDAY)
    undoable = last_undoable(db.session())
    assert undoable is not None
    say_apart(line.dana, cy, "Bela", now=SUNDAY)
    assert open_asks() == [("now", "Cy")]
    say_apart(line.dana, cy, "Bo", now=SUNDAY)
    all_answered(line.dana)
    undo(line.dana, undoable, now=SUNDAY)
    assert open_asks() == [("now", "Bo")]
    (ask,) = db.session.scalars(sa.select(YesAsk).where(YesAsk.answer.is_(None)))
    assert len(wishes_in_the_way(db.session(), ask, SUNDAY)) == 2, "by both names"
