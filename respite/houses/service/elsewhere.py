"""The house's list of where else somebody can turn."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.houses import events
from respite.houses.models import Elsewhere
from respite.houses.policy.elsewhere import GENERAL, PlaceKind, PlaceWords, wrong_in


def add_place(actor: Actor, house_id: uuid.UUID, wanted: PlaceWords, *, now: datetime) -> Elsewhere:
    """Raises Invalid by field."""
    _check(wanted)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        place = Elsewhere(house_id=house_id, made_at=now, **asdict(wanted))
        session.add(place)
        session.flush()
        _tell(session, place, actor, now)
    return place


def change_place(
    actor: Actor, place_id: uuid.UUID, wanted: PlaceWords, *, version_seen: int | None = None, now: datetime
) -> Elsewhere:
    """Raises NotFound, StaleVersion, Invalid by field."""
    _check(wanted)
    with transaction() as session:
        place = locked_row(session, actor, Elsewhere, place_id, May.SET_RULES, version_seen)
        if place.general is not None:
            raise NotFound
        for name, value in asdict(wanted).items():
            setattr(place, name, value)
        _tell(session, place, actor, now)
    return place


def show_place(actor: Actor, place_id: uuid.UUID, shown: bool, *, now: datetime) -> Elsewhere:
    """Take a place off the list, or put it back."""
    with transaction() as session:
        place = locked_row(session, actor, Elsewhere, place_id, May.SET_RULES)
        _put_shown(session, place, shown, actor, now)
    return place


def show_general(actor: Actor, house_id: uuid.UUID, key: str, shown: bool, *, now: datetime) -> Elsewhere:
    """Whether the house shows one of the places that come with Respite; it does unless it said otherwise."""
    if key not in {each.key for each in GENERAL}:
        raise NotFound
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        place = session.scalar(sa.select(Elsewhere).where(Elsewhere.house_id == house_id, Elsewhere.general == key))
        if place is None:
            place = Elsewhere(house_id=house_id, kind=PlaceKind.SUPPORT, general=key, made_at=now)
            session.add(place)
        _put_shown(session, place, shown, actor, now)
    return place


def _put_shown(session: Session, place: Elsewhere, shown: bool, actor: Actor, now: datetime) -> None:
    place.hidden_at = None if shown else now
    _tell(session, place, actor, now)


def _tell(session: Session, place: Elsewhere, actor: Actor, now: datetime) -> None:
    session.flush()
    record(session, place.house_id, events.ELSEWHERE_CHANGED, subject=place.id, actor=actor, at=now, parts=())


def _check(wanted: PlaceWords) -> None:
    if wrong := wrong_in(wanted):
        raise Invalid(fields=wrong)
