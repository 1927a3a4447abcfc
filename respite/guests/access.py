"""The one way to a stay: through the actor, with its house read in the same query."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import joinedload

from respite.accounts.acting import acting
from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.web import guard
from respite.guests.models import Stay
from respite.houses.models import House


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
