"""Two who are not to meet: what tests of a coordinator's yes look at and begin with."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.core.db import db
from respite.guests.models import YesAsk
from respite.guests.policy.apart import Answer
from respite.guests.service.people import Named
from respite.guests.service.waiting import Asked, add_waiting
from respite.guests.service.yes_answers import answer_ask
from respite.houses.models import House
from tests.places import SUNDAY

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def asks() -> list[YesAsk]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(YesAsk).order_by(YesAsk.asked_at, YesAsk.id)))


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def says_yes(dana: Actor, **more: object) -> None:
    open_asks = [ask.id for ask in asks() if ask.answer is None]
    for ask_id in open_asks:
        answer_ask(dana, ask_id, Answer.YES, now=SUNDAY, **more)  # type: ignore[arg-type]


def known(house: House, peer: Actor, name: str = "Bo") -> uuid.UUID:
    """Somebody whom the house knows, and who waits."""
    row = add_waiting(peer, house.id, who=Named(name, "+13035550188"), asked=Asked(nights=2), now=SUNDAY)
    assert row.guest_id is not None
    return row.guest_id
