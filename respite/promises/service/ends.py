"""What ends outside of a promise: its owner leaves the floor, whom it was for is forgotten or waits no more."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.core.clock import house_now
from respite.core.db import transaction
from respite.promises import events
from respite.promises.models import Promise
from respite.promises.policy import FORGOTTEN_AFTER, State
from respite.promises.service.acts import let_go_inside, open_again_inside, tell


def become_the_houses(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Whoever kept them does not work on the floor any more: whoever is on keeps them. Behind the house's lock."""
    for row in session.scalars(
        sa.select(Promise).where(
            Promise.house_id == house_id, Promise.owner_id == person_id, Promise.state == State.OPEN
        )
    ).all():
        row.owner_id = None
        session.flush()
        tell(session, row, events.HANDED, actor, now)


def let_owner_go(
    session: Session, house_id: uuid.UUID, kind: str, ids: Collection[uuid.UUID], person_id: uuid.UUID
) -> None:
    """What this person had taken on for these is whoever's is on. Without an event of its own: it would say why.

    Behind the house's lock, and the caller's event moves the board.
    """
    for row in session.scalars(_of(house_id, kind, ids).where(Promise.owner_id == person_id)).all():
        row.owner_id = None
    session.flush()


def open_for(session: Session, house_id: uuid.UUID, kind: str, subject_id: uuid.UUID) -> list[Promise]:
    """What is still to be done for somebody. Behind the house's lock."""
    return list(session.scalars(_of(house_id, kind, [subject_id]).where(Promise.state == State.OPEN)))


def let_go_all(session: Session, rows: Collection[Promise], actor: Actor, now: datetime) -> None:
    """Nothing is to be done any more for whom these were."""
    for row in rows:
        let_go_inside(session, row, actor, now)


def open_again_all(
    session: Session,
    house_id: uuid.UUID,
    kind: str,
    subject_id: uuid.UUID,
    let_go_at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    """What was let go at that instant for somebody is to be done after all. Behind the house's lock."""
    gone = _of(house_id, kind, [subject_id]).where(Promise.state == State.LET_GO, Promise.ended_at == let_go_at)
    for row in session.scalars(gone).all():
        open_again_inside(session, row, actor, now)


def forget_subjects(session: Session, house_id: uuid.UUID, kind: str, ids: Collection[uuid.UUID]) -> None:
    """Whom they were for is forgotten: the promises go, words and all."""
    for row in session.scalars(_of(house_id, kind, ids)).all():
        session.delete(row)
    session.flush()


def forget_old() -> int:
    """Promises that were kept or let go long ago; returns how many."""
    with transaction() as session:
        old = session.scalars(sa.select(Promise).where(Promise.ended_at < house_now() - FORGOTTEN_AFTER)).all()
        for row in old:
            session.delete(row)
        return len(old)


def _of(house_id: uuid.UUID, kind: str, ids: Collection[uuid.UUID]) -> sa.Select[Any]:
    return sa.select(Promise).where(
        Promise.house_id == house_id, Promise.subject_kind == kind, Promise.subject_id.in_(ids)
    )
