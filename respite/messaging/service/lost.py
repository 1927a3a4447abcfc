"""A phone that is lost: nothing is written to its number until its owner says that it is theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from respite.core import fences
from respite.messaging.models import Correspondent, Message
from respite.messaging.models.people import LOST
from respite.messaging.service.writing import cancel_where


def rest_number(session: Session, person: Correspondent, now: datetime) -> None:
    """No text leaves for this number until its owner says that it is theirs; what waits is called back."""
    if person.number_index is not None:
        fences.shut(session, person.number_index)
        person.number_bad = LOST
        session.flush()
    call_back(session, person, now)


def wake_number(session: Session, person: Correspondent) -> bool:
    """Its owner has it again; whether it rested until now."""
    if person.number_bad != LOST:
        return False
    person.number_bad = None
    session.flush()
    return True


def call_back(session: Session, person: Correspondent, now: datetime) -> int:
    """Call back every text that waits for somebody; returns how many."""
    return cancel_where(session, "no-consent", now, Message.correspondent_id == person.id)
