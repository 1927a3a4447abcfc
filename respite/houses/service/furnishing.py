"""Doors of a house: added, renamed, described, put in order, taken out and brought back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
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
from respite.houses.errors import BedRetired, NameTaken, StillInUse
from respite.houses.models import Bed, BedNight, ClaimKind, House, Room
from respite.houses.policy.tags import checked_tags
from respite.houses.queries import beds_of, rules_now, tonight
from respite.houses.service.claims import make_room
from respite.houses.service.opening import MOST_BEDS

LONGEST_NAME = 40

#: Called with (session, bed or chair id): is somebody there now? `guests` subscribes; houses knows no guest.
in_use: list[Callable[[Session, uuid.UUID], bool]] = []


def add_bed(
    actor: Actor, house_id: uuid.UUID, *, name: str, room: str = "", tags: Iterable[str] = (), now: datetime
) -> Bed:
    """Add a door at the end of the house's order. One that was taken out comes back by its name.

    `room` names a room that several beds share; without it the room bears the bed's name. Raises Invalid by
    field, NameTaken.
    """
    name, words = _checked_name(name), checked_tags(tags)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        standing = beds_of(session, house_id)
        if len(standing) >= MOST_BEDS:
            raise Invalid(fields={"name": _("A house has up to %(most)s doors here.", most=MOST_BEDS)})
        bed = _retired_by_name(session, house_id, name) or Bed(house_id=house_id, name=name, tags=[])
        _refuse_taken_name(standing, bed, name)
        bed.name, bed.tags, bed.retired_at = name, words, None
        bed.position = max((each.position for each in standing), default=-1) + 1
        bed.room = _room_named(session, house_id, room.strip() or name)
        session.add(bed)
        session.flush()
        record(session, house_id, events.BED_ADDED, subject=bed.id, actor=actor, at=now, parts=("layout",))
    return bed


def change_bed(
    actor: Actor,
    bed_id: uuid.UUID,
    *,
    name: str,
    room: str = "",
    tags: Iterable[str] = (),
    version_seen: int | None = None,
    now: datetime,
) -> Bed:
    """Rename a door and say what it is like. Raises StaleVersion, NameTaken, BedRetired, Invalid by field."""
    name, words = _checked_name(name), checked_tags(tags)
    with transaction() as session:
        bed = locked_row(session, actor, Bed, bed_id, May.SET_RULES, version_seen)
        if bed.retired_at is not None:
            raise BedRetired
        _refuse_taken_name(beds_of(session, bed.house_id), bed, name)
        _refuse_name_of_a_retired(session, bed, name)
        bed.name, bed.tags = name, words
        bed.room = _room_named(session, bed.house_id, room.strip() or name)
        session.flush()
        record(session, bed.house_id, events.BED_CHANGED, subject=bed.id, actor=actor, at=now, parts=("layout",))
    return bed


def move_bed(actor: Actor, bed_id: uuid.UUID, *, places: int, now: datetime) -> Bed:
    """Move a door `places` down the house's order, or up where it is negative; the ends are as far as it goes."""
    with transaction() as session:
        bed = locked_row(session, actor, Bed, bed_id, May.SET_RULES)
        if bed.retired_at is not None:
            raise BedRetired
        order = beds_of(session, bed.house_id)
        to = min(max(order.index(bed) + places, 0), len(order) - 1)
        order.remove(bed)
        order.insert(to, bed)
        for position, each in enumerate(order):
            each.position = position
        session.flush()
        record(session, bed.house_id, events.BEDS_ORDERED, subject=bed.id, actor=actor, at=now, parts=("layout",))
    return bed


def retire_bed(actor: Actor, bed_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Bed:
    """Take a door out of the house. Raises StillInUse while somebody is there or it is saved from tonight on."""
    with transaction() as session:
        bed = locked_row(session, actor, Bed, bed_id, May.SET_RULES, version_seen)
        if bed.retired_at is not None:
            raise BedRetired
        make_room(session, bed.house_id, now)
        if somebody_there(session, bed.id) or _promised(session, bed, now):
            raise StillInUse
        bed.retired_at = now
        session.flush()
        record(session, bed.house_id, events.BED_RETIRED, subject=bed.id, actor=actor, at=now, parts=("layout",))
    return bed


def bring_back_bed(actor: Actor, bed_id: uuid.UUID, *, now: datetime) -> Bed:
    """Use a door again that was taken out. Raises NameTaken when another bears its name by now."""
    with transaction() as session:
        bed = locked_row(session, actor, Bed, bed_id, May.SET_RULES)
        if bed.retired_at is None:
            return bed
        standing = beds_of(session, bed.house_id)
        _refuse_taken_name(standing, bed, bed.name)
        if len(standing) >= MOST_BEDS:
            raise Invalid(_("A house has up to %(most)s doors here.", most=MOST_BEDS))
        bed.retired_at = None
        session.flush()
        record(session, bed.house_id, events.BED_BACK, subject=bed.id, actor=actor, at=now, parts=("layout",))
    return bed


def somebody_there(session: Session, bed_or_chair_id: uuid.UUID) -> bool:
    return any(asks(session, bed_or_chair_id) for asks in in_use)


def _promised(session: Session, bed: Bed, now: datetime) -> bool:
    """Whether a stay or a saved bed claims a night from tonight on. A closure does not keep a door in the house."""
    house, rules = session.get_one(House, bed.house_id), rules_now(session, bed.house_id)
    return (
        session.scalar(
            sa.select(BedNight.night)
            .where(
                BedNight.bed_id == bed.id,
                BedNight.kind != ClaimKind.CLOSURE,
                BedNight.night >= tonight(house, rules, now),
            )
            .limit(1)
        )
        is not None
    )


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(fields={"name": _("Each door needs a name of its own, of up to 40 letters.")})
    return name


def _refuse_taken_name(standing: list[Bed], bed: Bed, name: str) -> None:
    if any(each is not bed and folded(each.name) == folded(name) for each in standing):
        raise NameTaken(fields={"name": NameTaken.sentence})


def _refuse_name_of_a_retired(session: Session, bed: Bed, name: str) -> None:
    retired = _retired_by_name(session, bed.house_id, name)
    if retired is not None:
        sentence = _("A door by that name was taken out of the house. Bring that one back, or choose another name.")
        raise NameTaken(fields={"name": sentence})


def _retired_by_name(session: Session, house_id: uuid.UUID, name: str) -> Bed | None:
    retired = session.scalars(sa.select(Bed).where(Bed.house_id == house_id, Bed.retired_at.is_not(None))).unique()
    return next((bed for bed in retired if folded(bed.name) == folded(name)), None)


def _room_named(session: Session, house_id: uuid.UUID, name: str) -> Room:
    if len(name) > LONGEST_NAME:
        raise Invalid(fields={"room": _("Please keep the room's name to %(most)s letters.", most=LONGEST_NAME)})
    room = session.scalar(sa.select(Room).where(Room.house_id == house_id, Room.name == name))
    if room is None:
        room = Room(house_id=house_id, name=name)
        session.add(room)
        session.flush()
    return room
