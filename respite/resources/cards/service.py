"""A card is made, found again by its link until its time is over, and then thrown away.

The link is signed and not stored, so that a copy of the database opens no card.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.clock import house_now
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.core.settings import Settings
from respite.resources.cards import events
from respite.resources.cards.models import ResourceCard, ResourceCardPlace
from respite.resources.connections.places import is_place

LASTS = timedelta(days=60)
MOST = 8
PATH = "/c"
SALT = "resource-card"


def make(actor: Actor, house_id: uuid.UUID, service_ids: Sequence[uuid.UUID], *, now: datetime) -> ResourceCard:
    """One to eight services, in this order. Raises Invalid by field, and NotFound for what is not offered now."""
    wanted = list(dict.fromkeys(service_ids))
    if not wanted:
        raise Invalid(fields={"service": _("Please choose at least one.")})
    if len(wanted) > MOST:
        raise Invalid(fields={"service": _("A card has room for %(most)s.", most=MOST)})
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        if not all(is_place(session, each) for each in wanted):
            raise NotFound
        card = ResourceCard(house_id=house_id, made_by=actor.ref, made_at=now, until=now + LASTS)
        session.add(card)
        session.flush()
        session.add_all(ResourceCardPlace(card_id=card.id, number=n, service_id=each) for n, each in enumerate(wanted))
        session.flush()
        record(session, house_id, events.MADE, subject=card.id, actor=actor, at=now, services=len(wanted))
    return card


def services_on(session: Session, card_id: uuid.UUID) -> list[uuid.UUID]:
    mine = sa.select(ResourceCardPlace.service_id).where(ResourceCardPlace.card_id == card_id)
    return list(session.scalars(mine.order_by(ResourceCardPlace.number)))


def link_of(card_id: uuid.UUID) -> str:
    """The whole address by which anybody opens the card."""
    settings: Settings = current_app.extensions["respite.settings"]
    return f"{settings.public_url}{PATH}/{_signer().sign(base64_encode(card_id.bytes)).decode()}"


def opened(session: Session, token: str, now: datetime) -> ResourceCard:
    """The card of a link. Raises NotFound for one that was not made here, and when its time is over."""
    try:
        card_id = uuid.UUID(bytes=base64_decode(_signer().unsign(token)))
    except (BadSignature, ValueError):
        raise NotFound from None
    card = session.get(ResourceCard, card_id)
    if card is None or card.until <= now:
        raise NotFound
    return card


def throw_away_old() -> int:
    """Cards whose time is over go; returns how many."""
    with transaction() as session:
        gone = session.execute(sa.delete(ResourceCard).where(ResourceCard.until <= house_now()))
        return cast("sa.CursorResult[tuple[()]]", gone).rowcount


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt=SALT)
