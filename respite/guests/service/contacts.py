"""Somebody is in touch: one tap keeps the kind and the time, and nothing about anybody."""

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
from respite.guests.errors import ContactAnswered
from respite.guests.models import Contact, ContactKind, LedTo
from respite.guests.service.ground import LATEST_ENTRY
from respite.guests.service.sources import must_be_a_source
from respite.guests.service.undo import undoing

MOST_MINUTES = 1440


def note_contact(actor: Actor, house_id: uuid.UUID, kind: str, *, at: datetime | None = None, now: datetime) -> Contact:
    """Somebody called, came, wrote or was brought. Raises Invalid for a time to come, or too long ago."""
    if kind not in set(ContactKind):
        raise Invalid(fields={"kind": _("Please choose one of the answers shown.")})
    if at is not None and not now - LATEST_ENTRY <= at <= now:
        raise Invalid(fields={"at": _("Please give a time that is over, within the last 31 days.")})
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        with undoing(session, actor, house_id, events.CONTACT_NOTED) as undo:
            contact = Contact(house_id=house_id, kind=kind, at=at or now)
            session.add(contact)
            undo.made = [contact]
        record(session, house_id, events.CONTACT_NOTED, subject=contact.id, actor=actor, at=at or now, what=kind)
    return contact


def say_more(
    actor: Actor,
    contact_id: uuid.UUID,
    *,
    source: str | None,
    minutes: int | None,
    version_seen: int | None = None,
    now: datetime,
) -> Contact:
    """How they came to the house, and for first responders after how many minutes they could leave."""
    wrong: dict[str, str] = {}
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        wrong["minutes"] = _("This must be a whole number from %(least)s to %(most)s.", least=0, most=MOST_MINUTES)
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        contact = locked_row(session, actor, Contact, contact_id, May.KEEP_BEDS, version_seen)
        if minutes is not None and contact.kind != ContactKind.FIRST_RESPONDER:
            raise Invalid(fields={"minutes": _("Only for first responders.")})
        if source is not None:
            must_be_a_source(session, contact.house_id, source, contact.source)
        with undoing(session, actor, contact.house_id, events.CONTACT_CHANGED, contact):
            contact.source, contact.minutes = source, minutes
        record(session, contact.house_id, events.CONTACT_CHANGED, subject=contact.id, actor=actor, at=now)
    return contact


def open_contact(session: Session, house_id: uuid.UUID, contact_id: uuid.UUID) -> Contact:
    """A contact of this house that nothing came of yet. Raises NotFound, ContactAnswered."""
    contact = session.get(Contact, contact_id, populate_existing=True)
    if contact is None or contact.house_id != house_id:
        raise NotFound
    if contact.led_to is not None:
        raise ContactAnswered
    return contact


def becomes_request(contact: Contact) -> None:
    """They would like to stay. Somebody who calls for another is not the one who asks."""
    if contact.kind == ContactKind.FOR_ANOTHER:
        raise Invalid(fields={"contact_id": _("We speak with the person themselves first.")})
    contact.led_to = LedTo.REQUEST
