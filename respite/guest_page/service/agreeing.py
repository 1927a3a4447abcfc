"""A guest reads an agreement on their own page."""

from __future__ import annotations

import uuid
from datetime import datetime

from respite.accounts.actor import Actor
from respite.core.db import transaction
from respite.guest_page.service.own_act import acting_guest
from respite.guests.models import ReadHow, ReadWay
from respite.guests.service.agreements import keep_read_inside


def keep_read(actor: Actor, text_id: uuid.UUID, how: ReadHow | None, *, now: datetime) -> None:
    """Raises NotFound for a text of another house, NotNewest for an older version."""
    with transaction() as session:
        keep_read_inside(session, actor, acting_guest(session, actor, now), text_id, how, ReadWay.OWN_PAGE, now)
