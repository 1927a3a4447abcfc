"""Taking the house's stream lock and asking again, behind it, whether the actor still may."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import ApiToken, Display, Membership, Person
from respite.accounts.roles import RIGHTS, May, Role
from respite.audit.service import lock_stream
from respite.core.db import Base
from respite.core.errors import NotFound, StaleVersion

Row = TypeVar("Row", bound=Base)


def lock_house(session: Session, actor: Actor, house_id: uuid.UUID, right: May) -> None:
    """Begin an act on a house: lock its stream, then read the actor's role as it stands behind the lock.

    Raises NotFound for an actor without the right, since a house's existence is private too. A role taken
    away while this act waited for the lock counts as taken away.
    """
    try:
        lock_stream(session, house_id)
    except LookupError as error:
        raise NotFound from error
    if actor.kind in (ActorKind.CLOCK, ActorKind.COMMAND):
        return
    role = role_now(session, actor, house_id)
    if role is None or right not in RIGHTS[role]:
        raise NotFound


def role_now(session: Session, actor: Actor, house_id: uuid.UUID) -> Role | None:
    """The actor's live role in a house, read from the database."""
    found: str | None
    if actor.kind == ActorKind.PERSON:
        found = session.scalar(
            sa.select(Membership.role)
            .join(Person)
            .where(
                Membership.person_id == actor.id,
                Membership.house_id == house_id,
                Membership.ended_at.is_(None),
                Person.deactivated_at.is_(None),
            )
        )
    elif actor.kind == ActorKind.TOKEN:
        found = session.scalar(
            sa.select(ApiToken.role).where(
                ApiToken.id == actor.id, ApiToken.house_id == house_id, ApiToken.revoked_at.is_(None)
            )
        )
    elif actor.kind == ActorKind.DISPLAY:
        display = session.scalar(
            sa.select(Display.id).where(
                Display.id == actor.id, Display.house_id == house_id, Display.revoked_at.is_(None)
            )
        )
        found = Role.DISPLAY if display else None
    else:
        found = None
    return Role(found) if found else None


def locked_row(
    session: Session, actor: Actor, model: type[Row], row_id: uuid.UUID, right: May, version_seen: int | None = None
) -> Row:
    """A house's row, read behind the house's lock. Raises NotFound, or StaleVersion over a newer version."""
    row: Any = session.get(model, row_id)
    if row is None:
        raise NotFound
    lock_house(session, actor, row.house_id, right)
    # Asked again and not refreshed: it may have been taken away while this act waited.
    row = session.get(model, row_id, populate_existing=True)
    if row is None:
        raise NotFound
    if version_seen is not None and version_seen != row.version:
        raise StaleVersion
    return row


def people_who_may(session: Session, house_id: uuid.UUID, right: May) -> list[Person]:
    """Everybody with a right in the house now, by name."""
    found = session.scalars(
        sa.select(Person)
        .join(Membership)
        .where(
            Membership.house_id == house_id,
            Membership.ended_at.is_(None),
            Membership.role.in_([role for role in Role if right in RIGHTS[role]]),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return list(found.unique())
