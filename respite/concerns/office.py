"""The office outside that a house names to its guests."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.concerns import events
from respite.concerns.models import OutsideOffice
from respite.concerns.reading import office_of
from respite.core.db import transaction
from respite.core.errors import StaleVersion


@dataclass(frozen=True, slots=True)
class Office:
    """No name: the house names none."""

    name: str = ""
    phone: str | None = None
    address: str = ""
    website: str = ""


def change_office(
    actor: Actor, house_id: uuid.UUID, wanted: Office, *, version_seen: int | None = None, now: datetime
) -> None:
    """Raises StaleVersion."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        row = office_of(session, house_id)
        if version_seen is not None and version_seen != (row.version if row else 0):
            raise StaleVersion
        if row is None:
            row = OutsideOffice(house_id=house_id)
            session.add(row)
        row.name, row.phone, row.address, row.website = wanted.name, wanted.phone, wanted.address, wanted.website
        session.flush()
        record(session, house_id, events.OFFICE_CHANGED, subject=house_id, actor=actor, at=now, parts=())
