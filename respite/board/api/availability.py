"""Free beds for anybody, of houses that chose to share them, in the shape of Open Referral HSDS 3.1."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from respite.accounts.api import ApiBlueprint
from respite.board.hsds import id_of
from respite.board.sharing import PER_ADDRESS, Told, house_that_shares, houses_that_share, told_of
from respite.core.api.fields import Choice, Instant, Schema, Uuid, Whole
from respite.core.clock import house_now
from respite.core.limits import limiter

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
@limiter.limit(PER_ADDRESS)
def show_availability(slug: str) -> Facts:
    """How many beds are free in a house that shares this, and how old that knowledge is."""
    return availability(told_of(house_that_shares(slug), house_now()))


@api.operation("GET", "/availability", None, gives=AvailabilitiesShown)
@limiter.limit(PER_ADDRESS)
def list_availability() -> Facts:
    """The same for every house that shares it."""
    now = house_now()
    return {"houses": [availability(told_of(house, now)) for house in houses_that_share()]}


def availability(told: Told) -> Facts:
    """Of the beds; of the chairs of a house without any."""
    room = told.rooms[0]
    facts = {
        "id": id_of(told.id, room.unit),
        "house": told.slug,
        "name": told.name,
        "phone": told.phone,
        "call": room.free is None,
        "count": room.free,
        "as_of": told.as_of,
        "unit": {"id": id_of(room.unit), "name": room.unit},
        "maximum": room.most,
        "description": room.words,
        "updated": told.as_of,
    }
    return facts if room.free is None else facts | {"available": room.free}
