"""Who would like a bed when one is free."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.guests import events
from respite.guests.errors import NotOnTheList
from respite.guests.models import Waiting
from respite.guests.service.people import LONGEST_NAME, phone_as_kept
from respite.guests.service.undo import undoing

WAITING_PARTS = ("waiting", "summary")
ENDINGS = ("saved", "taken-off")


def add_waiting(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    name: str,
    phone: str | None = None,
    wish: str | None = None,
    nights: int | None = None,
    since: datetime | None = None,
    now: datetime,
) -> Waiting:
    """Somebody asked; their place is the time they asked."""
    wrong: dict[str, str] = {}
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        wrong["name"] = _("Please give a name of up to %(most)s letters; any chosen name is fine.", most=LONGEST_NAME)
    if wish and len(wish.strip()) > 120:
        wrong["wish"] = _("Please keep this to 120 letters.")
    if nights is not None and not 1 <= nights <= 366:
        wrong["nights"] = _("Please give a number of nights from 1 to 366.")
    if wrong:
        raise Invalid(fields=wrong)
    number = phone_as_kept(phone) if phone and phone.strip() else None
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        with undoing(session, actor, house_id, events.WAITING_ADDED) as undo:
            row = Waiting(house_id=house_id, nights=nights, since=min(since or now, now), name_sealed=b"")
            row.name, row.phone, row.wish = name.strip(), number, (wish or "").strip() or None
            session.add(row)
            undo.made = [row]
            undo.parts = WAITING_PARTS
        record(
            session,
            house_id,
            events.WAITING_ADDED,
            subject=row.id,
            actor=actor,
            at=now,
            parts=WAITING_PARTS,
            nights=nights,
        )
    return row


def end_waiting(
    actor: Actor, waiting_id: uuid.UUID, how: str, *, version_seen: int | None = None, now: datetime
) -> Waiting:
    """A bed was saved for them, or they asked to be taken off the list. Their words are not kept any longer."""
    if how not in ENDINGS:
        raise Invalid
    with transaction() as session:
        row = locked_row(session, actor, Waiting, waiting_id, May.KEEP_BEDS, version_seen)
        must_be_waiting(row, row.house_id)
        with undoing(session, actor, row.house_id, events.WAITING_ENDED, row) as undo:
            undo.parts = WAITING_PARTS
            close(row, how, now)
        tell_ended(session, row, actor, now)
    return row


def must_be_waiting(row: Waiting | None, house_id: uuid.UUID) -> Waiting:
    """Raises NotFound, or NotOnTheList where the waiting has ended."""
    if row is None or row.house_id != house_id:
        raise NotFound
    if row.ended_at is not None:
        raise NotOnTheList
    return row


def close(row: Waiting, how: str, now: datetime) -> None:
    """The waiting ends; only that somebody waited, from when to when, stays."""
    row.ended_at, row.ended_how = now, how
    row.name, row.phone, row.wish = "", None, None


def tell_ended(session: Session, row: Waiting, actor: Actor, now: datetime) -> None:
    record(
        session,
        row.house_id,
        events.WAITING_ENDED,
        subject=row.id,
        actor=actor,
        at=now,
        parts=WAITING_PARTS,
        how=row.ended_how,
    )
