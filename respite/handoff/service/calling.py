"""To the phone of whoever is on call: a text without content and with a link, to one after another until one has it.

It goes only where whoever gives the handoff says so. In a house where somebody is there to take it nobody is woken.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.handoff import events
from respite.handoff.models import Handoff
from respite.handoff.policy import Asked
from respite.handoff.service.entries import PARTS
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.models import Message
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.writing import cancel_where
from respite.staffing.models import NOBODY, ShiftStep
from respite.staffing.queries.duty import duty_on
from respite.staffing.queries.shifts import asked_to_read
from respite.staffing.queries.watching import asked, on_call_in_order, steps_about
from respite.staffing.service.texting import link_to, tell
from respite.staffing.service.watching import LEADS, note

HANDOFF, GOES_ON = "handoff", "handoff.call.goes-on"


def settled(session: Session, handoff: Handoff, now: datetime) -> None:
    """Somebody has it: nobody else is asked."""
    clear_due(session, handoff.id, GOES_ON)
    cancel_where(session, "answered", now, Message.dedupe_key.startswith(f"handoff:{handoff.id}:"))
    end_code(session, HANDOFF, handoff.id, now)
    session.flush()


@handles(GOES_ON)
def goes_on(row: DueRow, now: datetime) -> None:
    """Nobody has it yet: the next is asked."""
    with transaction() as session:
        if row.house_id is None:
            return
        lock_house(session, CLOCK, row.house_id, May.SEE_BOARD)
        if not take(session, row):
            return
        handoff = session.get(Handoff, row.subject, populate_existing=True)
        if handoff is not None and handoff.taken_at is None:
            ask_next(session, handoff, now)


def who_was_asked(session: Session, handoff: Handoff) -> list[ShiftStep]:
    """Each who was asked about a handoff by text or is to be called, in order."""
    return steps_about(session, *_key(handoff))


def ask_next(session: Session, handoff: Handoff, now: datetime) -> None:
    """Ask the next on call who was not asked. Where none is left those who lead the house are."""
    house = session.get_one(House, handoff.house_id)
    known = asked_about(session, handoff)
    for person_id in on_call_in_order(session, house.id, now):
        if person_id not in known and _ask(session, house, handoff, Asked.ON_CALL, person_id, now):
            minutes = duty_on(session, house, local(now, house.timezone).date()).on_call_answers
            set_due(session, GOES_ON, handoff.id, now + timedelta(minutes=minutes), house.id)
            break
    else:
        for person_id in asked_to_read(session, house.id, LEADS, now):
            if person_id not in known and person_id != handoff.given_by:
                _ask(session, house, handoff, Asked.LEAD, person_id, now)
    record(session, house.id, events.CALL_MOVED, subject=handoff.id, actor=CLOCK, at=now, parts=PARTS)


def _ask(session: Session, house: House, handoff: Handoff, step: Asked, person_id: uuid.UUID, now: datetime) -> bool:
    """The text says nothing but where to look; the page behind the link opens for whoever signs in and may read it."""
    code = str(code_for(session, house.id, HANDOFF, handoff.id, now))
    fields = {"link": link_to(f"/houses/{house.slug}/handoff"), "code": code}
    message = tell(
        session, house, person_id, "handoff", fields, purpose=Purpose.HANDOFF,
        dedupe_key=f"handoff:{handoff.id}:{person_id}", now=now,
    )  # fmt: skip
    note(session, house.id, _key(handoff), step, person_id, "text" if message is not None else "call", now)
    return message is not None


def asked_about(session: Session, handoff: Handoff) -> list[uuid.UUID]:
    """Who was asked, by text or to be called."""
    return asked(steps_about(session, *_key(handoff)), *Asked)


def _key(handoff: Handoff) -> tuple[uuid.UUID, uuid.UUID, datetime]:
    return handoff.id, NOBODY, handoff.given_at
