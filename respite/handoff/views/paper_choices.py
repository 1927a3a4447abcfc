"""What a line of the paper sheet can say: each choice names the one use case that it is entered with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.guests.models import ContactKind, Stay, Visit
from respite.guests.policy.stay_states import SAVED, StayState
from respite.guests.views.contact_words import kind_words
from respite.houses.models import Bed, Chair, House
from respite.houses.queries import beds_of


class What(StrEnum):
    """What happened; in a form's value with the ids of what it happened to."""

    IN_TOUCH = "in-touch"  # :kind
    ARRIVED = "arrived"  # :stay
    NEW = "new"  # :bed
    LEFT = "left"  # :bed:stay, or :bed of whoever came behind it since
    SAT_DOWN = "sat-down"
    WENT = "went"  # :visit
    PROMISED = "promised"  # :stay, or nothing for the house
    LOG = "log"


#: What takes words: a name for whoever came, else what is written down.
WITH_NAME = (What.NEW, What.SAT_DOWN)
WITH_WORDS = (*WITH_NAME, What.PROMISED, What.LOG)


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    options: tuple[tuple[str, str], ...]


def choices(session: Session, house: House, now: datetime) -> list[Group]:
    """Everything that can be entered in this house as it stands, in the order in which people look for it."""
    here, saved = _stays(session, house.id, now)
    beds = {bed.id: bed for bed in beds_of(session, house.id)} if house.has_beds else {}
    behind = {stay.occupies_bed_id: stay for stay in here}
    found = [
        Group(_("Somebody was in touch"), tuple((f"{What.IN_TOUCH}:{kind}", kind_words(kind)) for kind in ContactKind)),
        Group(_("Somebody came"), (*_came(saved, beds), *_new(beds, behind), *_sat(house))),
        Group(_("Somebody left"), (*_left(beds, behind), *_went(session, house))),
        Group(_("We said we would"), ((What.PROMISED, _("a promise of the house")), *_to_guests(here))),
        Group(_("Anything else of the house"), ((What.LOG, _("a line for the log")),)),
    ]
    return [group for group in found if group.options]


def _stays(session: Session, house_id: uuid.UUID, now: datetime) -> tuple[list[Stay], list[Stay]]:
    """Who is here, and for whom a bed is saved."""
    mine = sa.select(Stay).where(Stay.house_id == house_id)
    here = mine.where(Stay.state == StayState.HERE).order_by(Stay.arrived_at, Stay.id)
    stands = sa.or_(Stay.saved_until.is_(None), Stay.saved_until > now)
    saved = mine.where(Stay.state.in_(SAVED), stands).order_by(Stay.first_night, Stay.id)
    return list(session.scalars(here).unique()), list(session.scalars(saved).unique())


def _came(saved: list[Stay], beds: dict[uuid.UUID, Bed]) -> list[tuple[str, str]]:
    return [
        (f"{What.ARRIVED}:{stay.id}", _("%(name)s, to %(door)s", name=_name(stay), door=beds[stay.bed_id].name))
        for stay in saved
        if stay.bed_id in beds
    ]


def _new(beds: dict[uuid.UUID, Bed], behind: dict[uuid.UUID | None, Stay]) -> list[tuple[str, str]]:
    return [
        (f"{What.NEW}:{bed.id}", _("somebody nobody expected, to %(door)s", door=bed.name))
        for bed in beds.values()
        if bed.id not in behind
    ]


def _sat(house: House) -> list[tuple[str, str]]:
    return [(What.SAT_DOWN, _("to the living room"))] if house.has_chairs else []


def _to_guests(here: list[Stay]) -> list[tuple[str, str]]:
    return [
        (f"{What.PROMISED}:{stay.id}", _("a promise to %(name)s", name=stay.guest.name)) for stay in here if stay.guest
    ]


def _left(beds: dict[uuid.UUID, Bed], behind: dict[uuid.UUID | None, Stay]) -> list[tuple[str, str]]:
    """By their door: whoever came behind an empty one came in a line above."""
    found = []
    for bed in beds.values():
        stay = behind.get(bed.id)
        if stay is None:
            found.append((f"{What.LEFT}:{bed.id}", _("whoever came to %(door)s", door=bed.name)))
        else:
            words = _("%(name)s, from %(door)s", name=_name(stay), door=bed.name)
            found.append((f"{What.LEFT}:{bed.id}:{stay.id}", words))
    return found


def _went(session: Session, house: House) -> list[tuple[str, str]]:
    rows = session.execute(
        sa.select(Visit, Chair.name)
        .join(Chair, Chair.id == Visit.in_chair_id)
        .where(Visit.house_id == house.id)
        .order_by(Chair.position, Chair.name)
    ).unique()
    return [
        (f"{What.WENT}:{visit.id}", _("%(name)s, from chair %(chair)s", name=visit.guest.name, chair=chair))
        if visit.guest
        else (f"{What.WENT}:{visit.id}", _("whoever sits in chair %(chair)s", chair=chair))
        for visit, chair in rows
    ]


def _name(stay: Stay) -> str:
    return (stay.guest.name if stay.guest else None) or _("a guest")
