"""Nothing more is to be asked of somebody: all that is planned for them ends, calls too."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.followup.models import Came, FollowUp, State
from respite.followup.service.ground import over
from respite.followup.service.planning import schedule
from respite.followup.service.promises import let_call_go
from respite.guests.models import Guest, Stay


def end_all(session: Session, guest_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    """In the caller's transaction, behind the house's lock; returns how many ended. No reason is kept."""
    wanted = sa.select(FollowUp).where(
        FollowUp.guest_id == guest_id, FollowUp.state.in_((State.CHOSEN, State.PLANNED, State.ASKED))
    )
    rows = session.scalars(wanted.order_by(FollowUp.after, FollowUp.id)).all()
    for row in rows:
        let_call_go(session, row, actor, now)
        over(session, row, Came.ENDED, actor, now)
    return len(rows)


def end_as_died(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    """They have died."""
    end_all(session, guest.id, actor, now)


def plan_again(session: Session, guest: Guest, _said_at: datetime, actor: Actor, now: datetime) -> None:
    """That was a mistake: what had ended with it, and is not too late, is to come again."""
    ended = (FollowUp.guest_id == guest.id, FollowUp.state == State.OVER, FollowUp.came == Came.ENDED)
    rows = session.scalars(sa.select(FollowUp).where(*ended, FollowUp.asked_at.is_(None)).order_by(FollowUp.after))
    for row in rows.all():
        stay = session.get_one(Stay, row.stay_id)
        if stay.left_at is not None:
            schedule(session, row, stay, actor, now)
