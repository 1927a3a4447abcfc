"""How many connections were offered, wanted, helped along and came about, by what they are about.

From the connections themselves, which stay when their guest is forgotten. These are counts of connections; `people`
is for whoever has to leave small numbers out, and counts all who were forgotten as one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.unseen import counted_whole
from respite.resources.connections.models import Connection
from respite.resources.connections.policy import Category, State


@dataclass(frozen=True, slots=True)
class Counted:
    """Of those offered in a time: `wanted` at some time, of these with `contact` made together, `connected` now.

    The rate is `connected` of `wanted`: what nobody wanted is no connection that failed.
    """

    offered: int
    wanted: int
    contact: int
    connected: int
    by_guest: int
    by_service: int
    people: int


def counted(session: Session, house_id: uuid.UUID, begin: datetime, end: datetime) -> dict[Category, Counted]:
    """Connections offered from `begin`, before `end`; a category without any is not in it."""
    is_connected = Connection.state == State.CONNECTED
    nameless = sa.func.max(sa.case((Connection.guest_id.is_(None), 1), else_=0))
    asked = (
        sa.select(
            Connection.category,
            sa.func.count(Connection.id),
            _how_many(Connection.wanted.is_(True)),
            _how_many(Connection.contact.is_(True)),
            _how_many(is_connected),
            _how_many(sa.and_(is_connected, Connection.guest_confirmed.is_(True))),
            _how_many(sa.and_(is_connected, Connection.service_confirmed.is_(True))),
            sa.func.count(sa.distinct(Connection.guest_id)) + nameless,
        )
        .where(Connection.house_id == house_id, Connection.offered_at >= begin, Connection.offered_at < end)
        .group_by(Connection.category)
    )
    with counted_whole():
        return {Category(category): Counted(*numbers) for category, *numbers in session.execute(asked)}


def _how_many(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((which, 1), else_=0))
