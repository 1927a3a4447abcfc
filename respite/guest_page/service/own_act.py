"""An act of a guest on their own page: behind their house's lock, while their link still opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import lock_stream
from respite.core.db import joinable
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


@contextmanager
def while_open(actor: Actor, now: datetime) -> Iterator[None]:
    """Around a use case that knows of no link, in one transaction with it. Raises as `acting_guest` does."""
    with joinable() as session:
        acting_guest(session, actor, now)
        yield
