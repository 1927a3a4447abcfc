"""What the house could not offer, counted with its reason and without anybody's name."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.guests import events
from respite.guests.models import Contact, CouldNotOffer, LedTo, NoBed, Waiting
from respite.guests.service.contacts import open_contact
from respite.guests.service.on_file import forget_later
from respite.guests.service.promised import WAITING
from respite.guests.service.undo import undoing
from respite.guests.service.waiting import WAITING_PARTS, close, must_be_waiting, tell_ended
from respite.promises.events import PARTS as PROMISE_PARTS
from respite.promises.service.ends import let_go_all, open_for


def not_for_contact(
    actor: Actor, contact_id: uuid.UUID, reason: str, *, version_seen: int | None = None, now: datetime
) -> CouldNotOffer:
    """Somebody was in touch and would have liked a bed. Raises ContactAnswered where something came of it already."""
    _check(reason)
    with transaction() as session:
        contact = locked_row(session, actor, Contact, contact_id, May.KEEP_BEDS, version_seen)
        contact = open_contact(session, contact.house_id, contact_id)
        with undoing(session, actor, contact.house_id, events.NOT_OFFERED, contact) as undo:
            contact.led_to = LedTo.NOT_OFFERED
            row = _count(session, contact.house_id, reason, contact.at, now)
            undo.made = [row]
        _tell(session, row, actor, now)
    return row


def not_for_waiting(
    actor: Actor, waiting_id: uuid.UUID, reason: str, *, version_seen: int | None = None, now: datetime
) -> CouldNotOffer:
    """Somebody's waiting ends without a bed. Who is kept on file for no other reason is forgotten."""
    _check(reason)
    with transaction() as session:
        waiting = locked_row(session, actor, Waiting, waiting_id, May.KEEP_BEDS, version_seen)
        must_be_waiting(waiting, waiting.house_id)
        callbacks = open_for(session, waiting.house_id, WAITING, waiting.id)
        with undoing(session, actor, waiting.house_id, events.NOT_OFFERED, waiting, *callbacks) as undo:
            row = _count(session, waiting.house_id, reason, waiting.since, now)
            close(waiting, LedTo.NOT_OFFERED, now)
            let_go_all(session, callbacks, actor, now)
            undo.made = [row]
            undo.parts = (*WAITING_PARTS, *PROMISE_PARTS)
        forget_later(session, waiting.house_id, waiting.guest_id, now)
        tell_ended(session, waiting, actor, now)
        _tell(session, row, actor, now)
    return row


def _check(reason: str) -> None:
    if reason not in set(NoBed):
        raise Invalid(fields={"reason": _("Please choose one of the answers shown.")})


def _count(session: Session, house_id: uuid.UUID, reason: str, asked_at: datetime, now: datetime) -> CouldNotOffer:
    row = CouldNotOffer(house_id=house_id, reason=reason, asked_at=_minute(asked_at), answered_at=_minute(now))
    session.add(row)
    session.flush()
    return row


def _minute(at: datetime) -> datetime:
    """A moment told to the microsecond would lead back to the request it was told of."""
    return at.replace(second=0, microsecond=0)


def _tell(session: Session, row: CouldNotOffer, actor: Actor, now: datetime) -> None:
    record(session, row.house_id, events.NOT_OFFERED, subject=row.id, actor=actor, at=now, reason=row.reason)
