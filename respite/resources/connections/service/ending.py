"""A guest has died: what was under way for them goes on no longer, and no reason stands beside it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.guests.models import Guest
from respite.resources.connections.models import Connection, ConnectionStep
from respite.resources.connections.policy import UNDER_WAY, State, Who
from respite.resources.connections.service.telling import Word, say_inside, take_out


def end_as_died(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    theirs = sa.select(Connection).where(Connection.guest_id == guest.id, Connection.state.in_(UNDER_WAY))
    for row in session.scalars(theirs.order_by(Connection.id)).all():
        say_inside(session, actor, row, Word(State.ENDED, Who.HOUSE), now)


def go_on(session: Session, guest: Guest, said_at: datetime, actor: Actor, now: datetime) -> None:
    """It was a mistake: each stands as before, unless something was said about it since."""
    ended = (
        sa.select(ConnectionStep, Connection)
        .join(Connection, Connection.id == ConnectionStep.connection_id)
        .where(
            Connection.guest_id == guest.id,
            ConnectionStep.state == State.ENDED,
            ConnectionStep.told_at == said_at,
        )
    )
    for step, row in session.execute(ended.order_by(Connection.id)).all():
        if row.state == State.ENDED:
            take_out(session, actor, row, step, now)
