"""A guest's phone is lost: their link opens nothing, and nothing is written to its number until they have it again."""

from __future__ import annotations

import uuid
from datetime import datetime

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.guest_page import events
from respite.guest_page.service.links import end_in
from respite.guests.models import Guest
from respite.messaging.service.correspondents import correspondent_of, tell_changed
from respite.messaging.service.lost import rest_number, wake_number


def phone_lost(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> None:
    """At once, wherever the page is open. Said twice, nothing more happens."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        if end_in(session, guest.id, now):
            record(session, guest.house_id, events.LINK_ENDED, subject=guest.id, actor=actor, at=now)
        person = correspondent_of(session, guest.house_id, guest.id)
        if person is not None:
            rest_number(session, person, now)
            tell_changed(session, person, actor, now)
        record(session, guest.house_id, events.PHONE_LOST, subject=guest.id, actor=actor, at=now)


def phone_found(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> None:
    """They have it again: texts may go there as before. A link is given anew."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        person = correspondent_of(session, guest.house_id, guest.id)
        if person is not None and wake_number(session, person):
            tell_changed(session, person, actor, now)
            record(session, guest.house_id, events.PHONE_FOUND, subject=guest.id, actor=actor, at=now)
