"""Nothing more is to be asked of somebody: all that is planned for them ends, calls too."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.followup.models import Came, FollowUp, State
from respite.followup.policy.steps import CALL_TEXT, Way
from respite.followup.service.ground import over
from respite.followup.service.planning import schedule
from respite.followup.service.promises import let_call_go
from respite.guests.models import Guest, Stay
from respite.messaging.service.codes import end_code


def end_all(session: Session, guest_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    """In the caller's transaction, behind the house's lock; returns how many ended. No reason is kept."""
    wanted = sa.select(FollowUp).where(
        FollowUp.guest_id == guest_id, FollowUp.state.in_((State.CHOSEN, State.PLANNED, State.ASKED))
    )
    rows = session.scalars(wanted.order_by(FollowUp.after, FollowUp.id)).all()
    for row in rows:
        let_call_go(session, row, actor, now)
        end_code(session, CALL_TEXT, row.id, now)
        over(session, row, Came.ENDED, actor, now)
    return len(rows)


def end_as_died(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    """They have died."""
    end_all(session, guest.id, actor, now)


def plan_again(session: Session, guest: Guest, _said_at: datetime, actor: Actor, now: datetime) -> None:
    """That was a mistake: what had ended with it, and is not too late, is to come again."""
    ended = (FollowUp.guest_id == guest.id, FollowUp.state == State.OVER, FollowUp.came == Came.ENDED)
    not_said = sa.or_(FollowUp.asked_at.is_(None), FollowUp.way == Way.CALL)  # a call that was promised was let go
    for row in session.scalars(sa.select(FollowUp).where(*ended, not_said).order_by(FollowUp.after)).all():
        stay, row.asked_at = session.get_one(Stay, row.stay_id), None
        if stay.left_at is not None:
            schedule(session, row, stay, actor, now)
