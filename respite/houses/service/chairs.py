"""Chairs of a living room: added, renamed, taken out and brought back."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.crypto import folded
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses import events
from respite.houses.errors import ChairRetired, NameTaken, StillInUse
from respite.houses.models import Chair
from respite.houses.queries import chairs_of
from respite.houses.service.furnishing import LONGEST_NAME, somebody_there
from respite.houses.service.opening import MOST_CHAIRS

PARTS = ("layout",)


def add_chair(actor: Actor, house_id: uuid.UUID, *, name: str = "", now: datetime) -> Chair:
    """Add a chair; without a name it gets the next number. One that was taken out comes back by its name."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        standing = chairs_of(session, house_id)
        if len(standing) >= MOST_CHAIRS:
            raise Invalid(fields={"name": _("A living room has up to %(most)s chairs here.", most=MOST_CHAIRS)})
        name = _checked_name(name) if name.strip() else _next_number(standing)
        chair = _retired_by_name(session, house_id, name) or Chair(house_id=house_id)
        _refuse_taken_name(standing, chair, name)
        chair.name, chair.retired_at = name, None
        chair.position = max((each.position for each in standing), default=0) + 1
        session.add(chair)
        session.flush()
        record(session, house_id, events.CHAIR_ADDED, subject=chair.id, actor=actor, at=now, parts=PARTS)
    return chair


def rename_chair(
    actor: Actor, chair_id: uuid.UUID, *, name: str, version_seen: int | None = None, now: datetime
) -> Chair:
    """Give a chair another name. Raises StaleVersion, NameTaken, ChairRetired."""
    name = _checked_name(name)
    with transaction() as session:
        chair = locked_row(session, actor, Chair, chair_id, May.SET_RULES, version_seen)
        if chair.retired_at is not None:
            raise ChairRetired
        _refuse_taken_name(chairs_of(session, chair.house_id), chair, name)
        if _retired_by_name(session, chair.house_id, name) is not None:
            raise NameTaken(fields={"name": NameTaken.sentence})
        chair.name = name
        session.flush()
        record(session, chair.house_id, events.CHAIR_CHANGED, subject=chair.id, actor=actor, at=now, parts=PARTS)
    return chair


def retire_chair(actor: Actor, chair_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Chair:
    """Take a chair out of the living room. Raises StillInUse while somebody sits in it."""
    with transaction() as session:
        chair = locked_row(session, actor, Chair, chair_id, May.SET_RULES, version_seen)
        if chair.retired_at is not None:
            raise ChairRetired
        if somebody_there(session, chair.id):
            raise StillInUse
        chair.retired_at = now
        session.flush()
        record(session, chair.house_id, events.CHAIR_RETIRED, subject=chair.id, actor=actor, at=now, parts=PARTS)
    return chair


def bring_back_chair(actor: Actor, chair_id: uuid.UUID, *, now: datetime) -> Chair:
    """Use a chair again that was taken out. Raises NameTaken when another bears its name by now."""
    with transaction() as session:
        chair = locked_row(session, actor, Chair, chair_id, May.SET_RULES)
        if chair.retired_at is None:
            return chair
        _refuse_taken_name(chairs_of(session, chair.house_id), chair, chair.name)
        chair.retired_at = None
        session.flush()
        record(session, chair.house_id, events.CHAIR_BACK, subject=chair.id, actor=actor, at=now, parts=PARTS)
    return chair


def _next_number(standing: list[Chair]) -> str:
    taken = {folded(chair.name) for chair in standing}
    return next(str(number) for number in range(1, MOST_CHAIRS + 2) if str(number) not in taken)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(fields={"name": _("Each chair needs a name or number of its own, of up to 40 letters.")})
    return name


def _refuse_taken_name(standing: list[Chair], chair: Chair, name: str) -> None:
    if any(each is not chair and folded(each.name) == folded(name) for each in standing):
        raise NameTaken(fields={"name": NameTaken.sentence})


def _retired_by_name(session: Session, house_id: uuid.UUID, name: str) -> Chair | None:
    retired = session.scalars(sa.select(Chair).where(Chair.house_id == house_id, Chair.retired_at.is_not(None)))
    return next((chair for chair in retired if folded(chair.name) == folded(name)), None)
