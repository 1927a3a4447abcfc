"""API tokens: made once, shown once, taken back."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa

from respite.accounts import events, signals
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import ApiToken
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.accounts.service.people import ROLES
from respite.audit.service import record
from respite.core import clock
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound

LONGEST_NAME = 60


def make_token(actor: Actor, house_id: uuid.UUID, *, role: str, name: str, now: datetime) -> str:
    """A bearer token of the house in a role. What is returned cannot be shown again."""
    if role not in ROLES or not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Invalid
    token = new_token()
    with transaction() as session:
        lock_house(session, actor, house_id, May.MANAGE_PEOPLE)
        row = ApiToken(
            house_id=house_id,
            role=role,
            name=name.strip(),
            token_hash=digest(token),
            made_by=actor.id if actor.kind == ActorKind.PERSON else None,
            made_at=now,
        )
        session.add(row)
        session.flush()
        record(session, house_id, events.TOKEN_MADE, subject=row.id, actor=actor, at=now, role=role)
    return token


def take_token_back(actor: Actor, token_id: uuid.UUID, *, now: datetime) -> None:
    """The token opens nothing from here on; what it has open is closed."""
    house_id = db.session.scalar(sa.select(ApiToken.house_id).where(ApiToken.id == token_id))
    if house_id is None:
        raise NotFound
    with transaction() as session:
        lock_house(session, actor, house_id, May.MANAGE_PEOPLE)
        row = session.get_one(ApiToken, token_id)
        if row.revoked_at is not None:
            return
        row.revoked_at = clock.machine_now()
        record(session, house_id, events.TOKEN_TAKEN_BACK, subject=row.id, actor=actor, at=now)
    signals.announce(f"token:{token_id}")


def tokens_of(house_id: uuid.UUID) -> list[ApiToken]:
    """The tokens of a house that are good, the newest first."""
    return list(
        db.session.scalars(
            sa.select(ApiToken)
            .where(ApiToken.house_id == house_id, ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.made_at.desc(), ApiToken.id)
        )
    )
