"""A guest is somebody who may be texted too: their name, their number and whether they are here stay the same there."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.audit.service import Acts
from respite.guests.models import Guest, Stay
from respite.guests.policy.stay_states import StayState
from respite.messaging.models import Consent, Correspondent
from respite.messaging.models.people import CorrespondentKind, PersonState
from respite.messaging.service.correspondents import consents_of, correspondent_of, put, put_state
from respite.messaging.service.ground import number_mark


def keep_in_step(
    session: Session, guest: Guest, now: datetime, actor: Acts | None = None, *, even_without_number: bool = False
) -> Correspondent | None:
    """Bring what texting keeps of a guest to what stands here; none for a guest without a number, who is not texted.

    Called in the transaction of whatever changed, behind the house's lock.
    """
    known = correspondent_of(session, guest.house_id, guest.id) is not None
    if guest.heard_phone is None and not known and not even_without_number:
        return None
    put(
        session,
        guest.house_id,
        CorrespondentKind.GUEST,
        guest.id,
        name=guest.name,
        number=guest.heard_phone,
        language=None,
        now=now,
        actor=actor,
    )
    here = sa.select(Stay.id).where(Stay.guest_id == guest.id, Stay.state == StayState.HERE)
    state = PersonState.BACK if session.scalar(here.limit(1)) is not None else PersonState.OPEN
    return put_state(session, guest.house_id, guest.id, state, now)


def came_or_went(session: Session, guest_id: uuid.UUID | None, now: datetime) -> None:
    """While somebody is in the house people talk to them, and nobody texts."""
    guest = session.get(Guest, guest_id) if guest_id is not None else None
    if guest is not None:
        keep_in_step(session, guest, now)


def consents_elsewhere(session: Session, guest: Guest, number: str | None) -> list[Consent]:
    """Each yes that ends when this becomes the guest's number."""
    mark = number_mark(number) if number else None
    return [each for each in consents_of(session, guest.house_id, guest.id) if each.number_index != mark]
