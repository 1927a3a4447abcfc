"""Free beds for anybody, of houses that chose to share them, in the shape of Open Referral HSDS 3.1.

An honest answer has an age: `as_of` is when somebody last did something on the house's board. After twelve
hours without that the count is as good as none, and the answer is to call. Nothing about anybody is told.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.actor import CLOCK
from respite.accounts.api import ApiBlueprint
from respite.audit.models import Event
from respite.board.queries import board_of
from respite.core.api.fields import Choice, Instant, Schema, Uuid, Whole
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.limits import limiter
from respite.houses.models import House
from respite.houses.queries import house_by_slug

GOOD_FOR = timedelta(hours=12)
LIMIT = "60 per minute"
#: What ids of HSDS objects are made from, so that a house's capacity always has the same one.
_NAMES = uuid.UUID("6f0a7c0e-5c0c-5b9e-9a51-3f1f6a1b7a55")

Facts = dict[str, Any]

api = ApiBlueprint("availability", "Free beds of houses that share them")


class UnitShown(Schema):
    id = Uuid(required=True)
    name = Choice(["bed", "chair"], required=True)


class AvailabilityShown(Schema):
    """An HSDS 3.1 `service_capacity`, with the house it belongs to. Without `available`: please call."""

    id = Uuid(required=True)
    house = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    call = ma.fields.Boolean(required=True, metadata={"description": "Nobody can say from here; please call."})
    count = Whole(required=True, allow_none=True, metadata={"description": "Free now; the same as `available`."})
    as_of = Instant(required=True, metadata={"description": "When somebody last did something on the board."})
    unit = ma.fields.Nested(UnitShown, required=True)
    available = Whole(metadata={"description": "Left out where the house asks to be called."})
    maximum = Whole(required=True)
    description = ma.fields.String(required=True)
    updated = Instant(required=True)


class AvailabilitiesShown(Schema):
    houses = ma.fields.List(ma.fields.Nested(AvailabilityShown), required=True)


@api.operation("GET", "/houses/<slug>/availability", None, gives=AvailabilityShown)
@limiter.limit(LIMIT)
def show_availability(slug: str) -> Facts:
    """How many beds are free in a house that shares this, and how old that knowledge is."""
    house = house_by_slug(db.session(), slug)
    if house is None or not house.shares_availability:
        raise NotFound
    return availability(house, house_now())


@api.operation("GET", "/availability", None, gives=AvailabilitiesShown)
@limiter.limit(LIMIT)
def list_availability() -> Facts:
    """The same for every house that shares it."""
    now = house_now()
    houses = db.session.scalars(sa.select(House).where(House.shares_availability.is_(True)).order_by(House.name)).all()
    return {"houses": [availability(house, now) for house in houses]}


def availability(house: House, now: datetime) -> Facts:
    as_of = min(_last_touched(house.id) or house.made_at, now)
    unit = "bed" if house.has_beds else "chair"
    phone, slug, name = house.phone, house.slug, house.name
    board = board_of(house, now)
    count = board.summary.free if unit == "bed" else board.summary.chairs_free
    facts = {
        "id": uuid.uuid5(_NAMES, f"{board.house.id}/{unit}"),
        "house": slug,
        "name": name,
        "phone": phone,
        "call": now - as_of > GOOD_FOR,
        "count": None,
        "as_of": as_of,
        "unit": {"id": uuid.uuid5(_NAMES, unit), "name": unit},
        "maximum": len(board.doors) if unit == "bed" else len(board.chairs),
        "description": _("Please call the house."),
        "updated": as_of,
    }
    if not facts["call"]:
        facts |= {"count": count, "available": count, "description": _told(unit, count)}
    return facts


def _told(unit: str, count: int) -> str:
    if unit == "bed":
        return ngettext("%(num)s bed is free now.", "%(num)s beds are free now.", count)
    return ngettext("%(num)s chair is free now.", "%(num)s chairs are free now.", count)


def _last_touched(house_id: uuid.UUID) -> datetime | None:
    """When somebody last did something here; what the clock did by itself says nothing of that."""
    return db.session.scalar(
        sa.select(Event.at)
        .where(Event.stream == house_id, sa.or_(Event.actor.is_(None), Event.actor != CLOCK.ref))
        .order_by(Event.version.desc())
        .limit(1)
    )
