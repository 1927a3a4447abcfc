"""An act of a guest on their own page: behind their house's lock, while their link still opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import lock_stream
from respite.guest_page.errors import PageShut
from respite.guest_page.models import GuestLink
from respite.guests.models import Guest


def acting_guest(session: Session, actor: Actor, now: datetime) -> Guest:
    """The guest who acts. Raises PageShut once the link that let them in has ended."""
    link = session.get(GuestLink, actor.by)
    if link is None:
        raise PageShut
    lock_stream(session, link.house_id)
    link = session.get(GuestLink, actor.by, populate_existing=True)
    if link is None or link.guest_id != actor.id or link.ended_at is not None or link.until <= now:
        raise PageShut
    return session.get_one(Guest, actor.id, populate_existing=True)
