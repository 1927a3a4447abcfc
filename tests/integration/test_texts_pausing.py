"""Texts wait and go on: for a house or one purpose, by a person, and after the provider's own alarm."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db, transaction
from respite.core.errors import NotFound
from respite.houses.models import House
from respite.messaging.models import Message, Pause
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import pausing
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
LATER = SUNDAY + timedelta(minutes=5)
SOON = SUNDAY + timedelta(minutes=10)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def text(house: House, purpose: Purpose = Purpose.SHIFTS, reason: str | None = "paused") -> uuid.UUID:
    """A text that waits until SOON; for a pause unless another reason is given."""
    with transaction() as session:
        message = Message(
            house_id=house.id,
            purpose=purpose,
            language="en",
            segments=1,
            number_index=b"n",
            dedupe_key=uuid.uuid4().hex,
            made_by="clock:0",
            made_at=SUNDAY,
            not_before=SUNDAY,
            not_after=SUNDAY + timedelta(days=1),
            state=State.SCHEDULED,
            reason=reason,
            next_at=SOON,
        )
        session.add(message)
    return message.id


def due_at(message_id: uuid.UUID) -> object:
    db.session.rollback()
    return db.session.scalar(sa.select(Message.next_at).where(Message.id == message_id))


def waits_since(message_id: uuid.UUID, at: datetime) -> None:
    """While the whole line is paused nobody asks a text that is due."""
    with transaction() as session:
        row = session.get_one(Message, message_id)
        row.next_at, row.reason = at, None


def provider_stops() -> None:
    with transaction() as session:
        session.add(Pause(why="provider", code=30034, since=SUNDAY))


def live() -> list[Pause]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Pause).where(Pause.ended_at.is_(None))))


def events(house: House) -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(Event).where(Event.stream == house.id, Event.kind.startswith("text.line.")).order_by(Event.version)
    )
    return [(row.kind, row.data) for row in rows]


def test_a_house_pauses_and_lets_its_texts_go_on_at_once(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    dana = actor_in(juniper.id)
    pausing.pause(dana, juniper.id, None, SUNDAY)
    mine, hours = text(juniper), text(juniper, reason="their-hours")
    assert pausing.waiting_for(db.session(), SUNDAY, Message.house_id == juniper.id) == 1
    assert pausing.resume(dana, juniper.id, None, LATER) == 1
    assert due_at(mine) == LATER
    assert due_at(hours) == SOON, "what waits for something else is left alone"
    assert live() == []
    assert events(juniper) == [("text.line.paused", '{"why":"person"}'), ("text.line.resumed", "{}")]


def test_pausing_twice_is_one_pause_and_resuming_twice_says_nothing(
    app: Flask, juniper: House, actor_in: ActorIn
) -> None:
    dana = actor_in(juniper.id)
    first = pausing.pause(dana, juniper.id, None, SUNDAY)
    assert pausing.pause(dana, juniper.id, None, LATER).id == first.id
    pausing.resume(dana, juniper.id, None, LATER)
    assert pausing.resume(dana, juniper.id, None, LATER) == 0
    assert len(events(juniper)) == 2


def test_one_purpose_waits_and_the_others_go(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    dana = actor_in(juniper.id)
    pausing.pause(dana, juniper.id, Purpose.CARING, SUNDAY)
    caring, shifts = text(juniper, Purpose.CARING), text(juniper, Purpose.SHIFTS)
    assert pausing.resume(dana, juniper.id, None, LATER) == 0, "the whole house was not paused"
    assert pausing.resume(dana, juniper.id, Purpose.CARING, LATER) == 1
    assert (due_at(caring), due_at(shifts)) == (LATER, SOON)


def test_another_house_is_not_touched(app: Flask, juniper: House, aspen: House, actor_in: ActorIn) -> None:
    dana = actor_in(juniper.id)
    pausing.pause(dana, juniper.id, None, SUNDAY)
    pausing.pause(actor_in(aspen.id), aspen.id, None, SUNDAY)
    theirs = text(aspen)
    pausing.resume(dana, juniper.id, None, LATER)
    assert due_at(theirs) == SOON
    assert [each.house_id for each in live()] == [aspen.id]
    assert [each.house_id for each in pausing.pauses_on(db.session(), juniper.id)] == []


def test_after_the_providers_alarm_everything_goes_on_in_every_house(
    app: Flask, juniper: House, aspen: House, actor_in: ActorIn
) -> None:
    dana = actor_in(juniper.id)
    provider_stops()
    pausing.pause(dana, juniper.id, Purpose.CARING, SUNDAY)
    mine, theirs, due = text(juniper), text(aspen), text(aspen)
    waits_since(due, SUNDAY)
    assert [each.why for each in pausing.pauses_on(db.session(), juniper.id)] == ["provider", "person"]
    assert pausing.resume(dana, juniper.id, None, LATER) == 0, "a person's pause is another one"
    assert pausing.resume_line(dana, juniper.id, LATER) == 3
    assert (due_at(mine), due_at(theirs), due_at(due)) == (LATER, LATER, SUNDAY)
    assert [each.why for each in live()] == ["person"]
    assert events(aspen) == [("text.line.resumed", "{}")]
    assert pausing.resume_line(dana, juniper.id, LATER) == 0
    assert len(events(aspen)) == 1


def test_who_may_not_set_rules_pauses_and_resumes_nothing(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    peer = actor_in(juniper.id, Role.PEER)
    provider_stops()
    for act in (
        lambda: pausing.pause(peer, juniper.id, None, SUNDAY),
        lambda: pausing.resume(peer, juniper.id, None, SUNDAY),
        lambda: pausing.resume_line(peer, juniper.id, SUNDAY),
    ):
        with pytest.raises(NotFound):
            act()
    assert len(live()) == 1
    assert events(juniper) == []
