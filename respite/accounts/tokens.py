"""API tokens: a bearer of one house in one role. Asked for under /api/ alone, where no cookie counts."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask import request
from sqlalchemy.exc import OperationalError

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import ApiToken
from respite.accounts.roles import Role
from respite.core import clock
from respite.core.crypto import digest
from respite.core.db import db, transaction
from respite.core.errors import Busy

USED_EVERY = timedelta(minutes=5)


def bearer() -> str | None:
    """The bearer token that came with the request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def by_token(token: str) -> Actor | None:
    """Whoever holds the token, unless it was taken back. Notes at most every five minutes that it is used."""
    row = db.session.scalar(sa.select(ApiToken).where(ApiToken.token_hash == digest(token)))
    if row is None or row.revoked_at is not None:
        return None
    actor = _actor(row)
    now = clock.machine_now()
    if row.used_at is None or now - row.used_at > USED_EVERY:
        _note_used(row.id)
    return actor


def _actor(row: ApiToken) -> Actor:
    return Actor(ActorKind.TOKEN, row.id, {row.house_id: Role(row.role)})


def _note_used(token_id: uuid.UUID) -> None:
    try:
        with transaction() as session:
            session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(used_at=clock.machine_now()))
    except (Busy, OperationalError):  # in turn, or the disk is full: looking goes on
        return  # the next use is as good
