"""What follows a stay: exactly what a guest chose, in their hours, once, and never in a heap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.core.due import Due, due_rows, next_due_at, run
from respite.followup.models import FollowUp
from respite.guests.models import Stay
from respite.guests.service.arriving import welcome_new
from respite.guests.service.leaving import leave
from respite.guests.service.people import Named
from respite.guests.service.texting import Reconfirmed
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.policy.states import State as TextState
from respite.messaging.purposes import Purpose
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import SAM

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Robin leaves at 10:00 in Denver on a Monday.
MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TEXTS = Reconfirmed(number=SAM, answers={Purpose.FOLLOW_UP: True})


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def dana(juniper: House, person: MakePerson, actor_in: Any) -> Actor:
    return Actor("person", person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana"))  # type: ignore[arg-type]


@pytest.fixture
def robin(juniper: House) -> Stay:
    return welcome_new(COMMAND, juniper.id, who=Named("Robin"), nights=2, now=SUNDAY)


def rows(stay: Stay) -> dict[str, FollowUp]:
    db.session.rollback()
    found = db.session.scalars(sa.select(FollowUp).where(FollowUp.stay_id == stay.id).order_by(FollowUp.after)).all()
    db.session.rollback()
    return {row.window: row for row in found}


def ways(stay: Stay) -> dict[str, tuple[str, str, str | None]]:
    return {window: (row.way, row.state, row.came) for window, row in rows(stay).items()}


def texts(*purposes: str) -> list[Message]:
    db.session.rollback()
    wanted = sa.select(Message).where(Message.purpose.in_(purposes or ("follow-up",))).order_by(Message.made_at)
    found = list(db.session.scalars(wanted))
    db.session.rollback()
    return found


def walk(until: datetime, heard: Callable[[Message, datetime], None] | None = None) -> None:
    """Everything that is due until then, each at its own time; a text that was written arrives at once."""
    for _step in range(2000):
        at = next_due_at()
        if at is None or at > until:
            return
        for row in due_rows(at):
            assert run(row, at)
        _arrive(at, heard)
    raise AssertionError("it never settles")


def _arrive(at: datetime, heard: Callable[[Message, datetime], None] | None) -> None:
    with transaction() as session:
        waiting = session.scalars(
            sa.select(Message).where(Message.state.in_(("queued", "scheduled")), Message.next_at <= at)
        ).all()
        for text in waiting:
            text.state, text.next_at, text.posted_at, text.ended_at = TextState.DELIVERED, None, at, at
    for text in waiting:
        if heard is not None and text.purpose == Purpose.FOLLOW_UP:
            heard(text, at)


def test_what_they_chose_leaves_once_each_in_their_hours_and_is_quiet_after_three(
    juniper: House, dana: Actor, robin: Stay
) -> None:
    """A text, a text, a call asked for by text, and nothing more: of the three nobody was answered."""
    leave(dana, robin.id, follow_up=True, texts=TEXTS, now=MONDAY)
    assert {window: way for window, (way, *_rest) in ways(robin).items()} == dict.fromkeys(
        ("h48", "d7", "d30", "d90"), "text"
    )
    walk(MONDAY + 120 * DAY)
    sent = texts()
    assert [text.template for text in sent] == ["follow-up-1", "follow-up-2", "follow-up-call"]
    for text, days in zip(sent, (2, 7, 30), strict=True):
        assert abs(text.made_at - (MONDAY + days * DAY)) <= timedelta(minutes=40)
        assert text.body is not None
        assert "STOP" in text.body or text.template == "follow-up-2"
    assert ways(robin)["d90"] == ("text", "over", "quiet")
    assert [row.reached_at is not None for row in rows(robin).values()] == [True, True, True, False]
    assert not db.session.scalars(sa.select(Due).where(Due.kind.startswith("followup"))).all()
