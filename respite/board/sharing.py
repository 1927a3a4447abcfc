"""What a house that chose to share it tells anybody of its free beds and chairs: how many, and how old that is.

An honest answer has an age: `as_of` is when somebody last did something in the house. After twelve hours without
that the count is as good as none, and the answer is to call; so it is where every bed is closed. Nothing about
anybody is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.actor import ActorKind
from respite.audit.models import Event
from respite.board.queries import board_of
from respite.board.rows import Board
from respite.core.db import db
from respite.core.errors import NotFound
from respite.guests.policy.stay_states import BedState
from respite.houses.models import House
from respite.houses.queries import house_by_slug

GOOD_FOR = timedelta(hours=12)
PER_ADDRESS = "60 per minute"
BED, CHAIR = "bed", "chair"
#: Whose acts say that somebody looked: not those of the clock, of guests on their own page, or of whoever writes in.
_LOOKED = tuple(f"{kind}:" for kind in (ActorKind.PERSON, ActorKind.TOKEN, ActorKind.COMMAND))


@dataclass(frozen=True, slots=True)
class Room:
    """The beds or the chairs of a house. Without `free`: please call."""

    unit: str
    free: int | None
    most: int

    @property
    def words(self) -> str:
        if self.free is None:
            return str(_("Please call the house."))
        if self.unit == BED:
            return str(ngettext("%(num)s bed is free now.", "%(num)s beds are free now.", self.free))
        return str(ngettext("%(num)s chair is free now.", "%(num)s chairs are free now.", self.free))


@dataclass(frozen=True, slots=True)
class Told:
    """A house as anybody may know it; its beds stand before its chairs."""

    id: uuid.UUID
    slug: str
    name: str
    kind: str
    timezone: str
    phone: str | None
    as_of: datetime
    rooms: tuple[Room, ...]


def houses_that_share() -> Sequence[House]:
    return db.session.scalars(sa.select(House).where(House.shares_availability.is_(True)).order_by(House.name)).all()


def house_that_shares(slug: str) -> House:
    """Raises NotFound for a house that does not share it, as for none."""
    house = house_by_slug(db.session(), slug)
    if house is None or not house.shares_availability:
        raise NotFound
    return house


def told_of(house: House, now: datetime) -> Told:
    """Ends the read transaction."""
    as_of = min(_last_touched(house.id) or house.made_at, now)
    known = (house.id, house.slug, house.name, house.kind, house.timezone, house.phone)
    has_beds, has_chairs = house.has_beds, house.has_chairs
    board = board_of(house, now)
    rooms = []
    if has_beds:
        rooms.append(_beds(board, known=now - as_of <= GOOD_FOR))
    if has_chairs:
        rooms.append(_chairs(board, known=now - as_of <= GOOD_FOR))
    return Told(*known, as_of, tuple(rooms))


def _beds(board: Board, *, known: bool) -> Room:
    some_open = any(door.state != BedState.CLOSED for door in board.doors)
    return Room(BED, board.summary.free if known and some_open else None, len(board.doors))


def _chairs(board: Board, *, known: bool) -> Room:
    return Room(CHAIR, board.summary.chairs_free if known and board.chairs else None, len(board.chairs))


def _last_touched(house_id: uuid.UUID) -> datetime | None:
    return db.session.scalar(
        sa.select(Event.at)
        .where(Event.stream == house_id, sa.or_(*(Event.actor.startswith(mark) for mark in _LOOKED)))
        .order_by(Event.version.desc())
        .limit(1)
    )
