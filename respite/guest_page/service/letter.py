"""A letter that says when a guest stayed, made at their word. That it was made, for which stay, by whom, is kept."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.guest_page import events
from respite.guest_page.service.own_act import acting_guest
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.died import farewell_of
from respite.houses.policy.house_time import local

LETTER_STATES = (StayState.HERE, StayState.LEFT)


def make_own(actor: Actor, stay_id: uuid.UUID, *, now: datetime) -> None:
    """The guest makes it. Raises PageShut, NotFound for a stay that is not theirs."""
    with transaction() as session:
        _made(session, actor, acting_guest(session, actor, now).id, stay_id, now)


def make_for(actor: Actor, stay_id: uuid.UUID, *, now: datetime) -> None:
    """Somebody of the house makes it, since the guest asked for it. Raises NotFound."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS)
        if stay.guest_id is None or farewell_of(session, stay.guest_id) is not None:
            raise NotFound
        _made(session, actor, stay.guest_id, stay_id, now)


def stays_of(session: Session, guest_id: uuid.UUID) -> list[Stay]:
    """What a letter can be about: where they are now and each stay that ended, the newest first."""
    theirs = sa.select(Stay).where(
        Stay.guest_id == guest_id, Stay.state.in_(LETTER_STATES), Stay.arrived_at.is_not(None)
    )
    return list(session.scalars(theirs.order_by(Stay.arrived_at.desc(), Stay.id)).unique())


def stay_of(session: Session, guest_id: uuid.UUID, stay_id: uuid.UUID) -> Stay:
    """One of them. Raises NotFound."""
    found = next((stay for stay in stays_of(session, guest_id) if stay.id == stay_id), None)
    if found is None:
        raise NotFound
    return found


def days_of(stay: Stay, zone: str) -> tuple[date, date | None]:
    """From which day to which by the house's clock, as it was and not as it was planned; no last day while it lasts."""
    first = local(stay.arrived_at, zone).date() if stay.arrived_at else stay.first_night
    if stay.state == StayState.HERE:
        return first, None
    return first, local(stay.left_at, zone).date() if stay.left_at else stay.until


def _made(session: Session, actor: Actor, guest_id: uuid.UUID, stay_id: uuid.UUID, now: datetime) -> None:
    stay = stay_of(session, guest_id, stay_id)
    record(session, stay.house_id, events.LETTER_MADE, subject=stay.id, actor=actor, at=now)
