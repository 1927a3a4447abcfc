"""The one way to a stay: through the actor, with its house read in the same query; and who looked is noted."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import joinedload

from respite.accounts.acting import acting
from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.audit.models import AccessLog
from respite.audit.service import note_look
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.web import guard
from respite.guests.models import Stay
from respite.houses.models import House

LOOK_COUNTS_FOR = timedelta(hours=1)


def stay_for(actor: Actor | None, stay_id: uuid.UUID, right: May) -> tuple[Stay, House]:
    """The stay with its guest and companions, and its house. Raises NotFound without the right there."""
    found = db.session.execute(
        sa.select(Stay, House)
        .join(House, House.id == Stay.house_id)
        .where(Stay.id == stay_id)
        .options(joinedload(Stay.companions))
    )
    row = found.unique().one_or_none()
    if row is None or actor is None or not actor.may(right, row.House.id):
        raise NotFound
    return row.Stay, row.House


def for_stay(right: May) -> Any:
    """Guard of a view at `/stays/<uuid:stay_id>/…`: the view gets `stay` and `house`."""

    def check(arguments: dict[str, Any]) -> None:
        stay, house = stay_for(acting(), arguments.pop("stay_id"), right)
        g.house = house
        arguments.update(stay=stay, house=house)

    return guard(f"stay:{right}", check)


def looked_lately(actor: Actor, subject: uuid.UUID, now: datetime) -> bool:
    lately = sa.select(AccessLog.id).where(
        AccessLog.subject == subject, AccessLog.actor == actor.ref, AccessLog.at > now - LOOK_COUNTS_FOR
    )
    return db.session.scalar(lately.limit(1)) is not None


def note_who_looked(actor: Actor, house_id: uuid.UUID, subject: uuid.UUID, what: str, now: datetime) -> None:
    """Note the look, once an hour for each who looks and whom they look at: reading on is not looking again."""
    if not looked_lately(actor, subject, now):
        note_look(house_id, actor, subject, what, now)
