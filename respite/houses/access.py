"""The one way to a house, its beds and its chairs: through the actor. No right is answered like no house."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import g

from respite.accounts.acting import acting
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.roles import May, Role
from respite.core.db import Base, db
from respite.core.errors import NotFound
from respite.core.web import guard
from respite.houses.models import House
from respite.houses.queries import house_by_slug

Row = TypeVar("Row", bound=Base)


def house_for(actor: Actor | None, slug_or_id: str | uuid.UUID, right: May) -> House:
    """The house by its slug or id, when the actor has the right there. Raises NotFound otherwise."""
    if isinstance(slug_or_id, uuid.UUID):
        house = db.session.get(House, slug_or_id)
    else:
        house = house_by_slug(db.session(), slug_or_id)
    if house is None or actor is None or not actor.may(right, house.id):
        raise NotFound
    return house


def row_for(actor: Actor | None, model: type[Row], row_id: uuid.UUID, right: May) -> Row:
    """A row of a house the actor has the right in. Raises NotFound otherwise."""
    row = db.session.get(model, row_id)
    if row is None or actor is None or not actor.may(right, row.house_id):  # type: ignore[attr-defined]
        raise NotFound
    return row


def for_house(right: May) -> Any:
    """Guard of a view at `/houses/<slug>/…`: the view gets `house` in place of `slug`."""

    def check(arguments: dict[str, Any]) -> None:
        arguments["house"] = g.house = house_for(acting(), arguments.pop("slug"), right)

    return guard(f"house:{right}", check)


def may_open_a_house(actor: Actor | None) -> bool:
    """A director may open another house, and anybody signed in the first one."""
    if actor is None or actor.kind != ActorKind.PERSON:
        return False
    return Role.DIRECTOR in actor.roles.values() or db.session.scalar(sa.select(House.id).limit(1)) is None


def for_whoever_may_open() -> Any:
    """Guard of opening a house."""

    def check(_arguments: dict[str, Any]) -> None:
        if not may_open_a_house(acting()):
            raise NotFound

    return guard("open-house", check)


def for_row(model: type[Base], name: str, right: May) -> Any:
    """Guard of a view at `/…/<uuid:name_id>/…`: the view gets the row as `name`."""

    def check(arguments: dict[str, Any]) -> None:
        row: Any = row_for(acting(), model, arguments.pop(f"{name}_id"), right)
        arguments[name] = row
        g.house = db.session.get(House, row.house_id)

    return guard(f"{name}:{right}", check)
