"""Who leads an activity may be a guest: their name goes from the calendar with them."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from respite.activities.service import forget_leader
from respite.guests.models import Guest


def forget(session: Session, guest_id: uuid.UUID) -> None:
    guest = session.get(Guest, guest_id)
    if guest is not None and guest.name:
        forget_leader(session, guest.house_id, guest.name)
