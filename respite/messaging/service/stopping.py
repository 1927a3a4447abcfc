"""Numbers that are left alone: by every house, at once, and nothing that waits for them leaves any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from respite.messaging.models import Message, NumberStop
from respite.messaging.policy.states import State
from respite.messaging.service.ground import stop_on
from respite.messaging.service.writing import cancel_where


def stop_number(session: Session, mark: bytes, *, source: str, said_at: datetime, now: datetime) -> int:
    """Leave a number alone from now on; returns how many texts were called back.

    A stop that stands already moves to the later saying; what the provider itself holds against a number outlasts
    what a person said.
    """
    standing = stop_on(session, mark)
    if standing is None:
        session.add(NumberStop(number_index=mark, source=source, said_at=said_at, heard_at=now))
    else:
        standing.said_at = max(standing.said_at, said_at)
        if source != "perhaps" and standing.source != "twilio":
            standing.source = source
    session.flush()
    return cancel_where(session, "stopped", now, Message.number_index == mark, state=State.SUPPRESSED)
