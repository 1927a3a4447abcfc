"""Opening a house: the house, its first rules, its doors and chairs, in one act."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import available_timezones

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.audit.service import open_stream, record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses.events import HOUSE_OPENED
from respite.houses.models import Bed, Chair, House, HouseKind, HouseRules, Room

MOST_BEDS = 60
MOST_CHAIRS = 60
DOOR_NAMES = (
    "Willow", "Aspen", "Sage", "Cedar", "Lark", "Fern", "Juniper", "Maple", "Heron", "Clover", "Birch", "Wren",
)  # fmt: skip


def open_house(
    actor: Actor,
    *,
    name: str,
    kind: str,
    timezone: str,
    beds: int | Sequence[str] = 0,
    chairs: int = 0,
    language: str = "en",
    now: datetime,
) -> House:
    """Open a house. `beds` is a number (doors get names of trees and birds) or the doors' own names.

    Whoever opens it in a browser becomes its director. Raises Invalid by field.
    """
    names = _door_names(beds) if isinstance(beds, int) else [bed.strip() for bed in beds]
    _check(name, kind, timezone, names, chairs, language)
    with transaction() as session:
        house = House(
            slug=_free_slug(session, name),
            name=name.strip(),
            kind=kind,
            timezone=timezone,
            language=language,
            made_at=now,
        )
        open_stream(session, house.id)
        session.add(house)
        session.flush()
        session.add(HouseRules(house_id=house.id, number=1, made_at=now, made_by=actor.ref))
        _add_doors(session, house.id, names)
        _add_chairs(session, house.id, chairs)
        if actor.kind == ActorKind.PERSON:
            session.add(Membership(person_id=actor.id, house_id=house.id, role=Role.DIRECTOR, began_at=now))
        record(session, house.id, HOUSE_OPENED, subject=house.id, actor=actor, at=now, beds=len(names), chairs=chairs)
    return house


def slug_of(name: str) -> str:
    """The name as it stands in addresses: "Bar House" is `bar-house`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50] or "house"


def _free_slug(session: Session, name: str) -> str:
    wanted = slug_of(name)
    taken = set(session.scalars(sa.select(House.slug).where(House.slug.like(f"{wanted}%"))))
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{n}" for n in range(2, len(taken) + 3) if f"{wanted}-{n}" not in taken)


def _door_names(count: int) -> list[str]:
    return [DOOR_NAMES[n] if n < len(DOOR_NAMES) else f"Door {n + 1}" for n in range(min(count, MOST_BEDS + 1))]


def _check(name: str, kind: str, timezone: str, beds: list[str], chairs: int, language: str) -> None:
    wrong: dict[str, str] = {}
    if not 1 <= len(name.strip()) <= 80:
        wrong["name"] = _("Please give the house a name of up to 80 letters.")
    if kind not in set(HouseKind):
        wrong["kind"] = _("Please choose respite, living room, or both.")
    if timezone not in available_timezones():
        wrong["timezone"] = _("Please choose a time zone such as America/Denver.")
    if language not in ("en", "es"):
        wrong["language"] = _("Please choose English or Spanish.")
    if len(beds) > MOST_BEDS:
        wrong["beds"] = _("A house has up to %(most)s doors here.", most=MOST_BEDS)
    elif not all(1 <= len(bed) <= 40 for bed in beds) or len({bed.casefold() for bed in beds}) != len(beds):
        wrong["beds"] = _("Each door needs a name of its own, of up to 40 letters.")
    if not 0 <= chairs <= MOST_CHAIRS:
        wrong["chairs"] = _("A living room has up to %(most)s chairs here.", most=MOST_CHAIRS)
    if wrong:
        raise Invalid(fields=wrong)


def _add_doors(session: Session, house_id: uuid.UUID, names: Sequence[str]) -> None:
    for position, name in enumerate(names):
        room = Room(house_id=house_id, name=name)
        session.add(room)
        session.flush()
        session.add(Bed(house_id=house_id, room_id=room.id, name=name, position=position, tags=[]))
    session.flush()


def _add_chairs(session: Session, house_id: uuid.UUID, count: int) -> None:
    session.add_all(Chair(house_id=house_id, name=str(number), position=number) for number in range(1, count + 1))
    session.flush()
