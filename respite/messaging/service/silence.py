"""Nobody writes to somebody who has died: at once, whatever the text was for and whoever wrote it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.audit.service import Acts
from respite.messaging.models import Correspondent, Message
from respite.messaging.models.people import PersonState
from respite.messaging.policy.states import State
from respite.messaging.service.correspondents import put_state, tell_changed
from respite.messaging.service.writing import cancel_where

_DIED = "person-died"


def fall_silent(session: Session, person: Correspondent, actor: Acts | None, now: datetime) -> int:
    """Call back every text that waits, and let none be begun from the commit on; returns how many were called back.

    Behind the house's lock. One that somebody is just handing over is stopped at its fence.
    """
    put_state(session, person.house_id, person.subject_id, PersonState.DIED, now)
    called_back = cancel_where(session, _DIED, now, Message.correspondent_id == person.id)
    tell_changed(session, person, actor, now)
    return called_back


def speak_again(session: Session, person: Correspondent, since: datetime, now: datetime) -> int:
    """It was a mistake: what was called back at `since` waits again, where it is not too late; returns how many.

    Whether each may leave is asked by the gate, as ever. The caller says whether they are in the house.
    """
    person.state = PersonState.OPEN
    session.flush()
    called_back = sa.select(Message).where(
        Message.correspondent_id == person.id,
        Message.state == State.CANCELED,
        Message.reason == _DIED,
        Message.ended_at == since,
        Message.not_after > now,
    )
    waiting = session.scalars(called_back.order_by(Message.id).with_for_update()).all()
    for message in waiting:
        message.state = State.SCHEDULED if message.not_before > now else State.QUEUED
        message.reason = message.ended_at = message.decided_at = None
        message.next_at = max(message.not_before, now)
    session.flush()
    return len(waiting)
