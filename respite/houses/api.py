"""Doors for programs: ready by one act, closed for some nights, open again."""

from __future__ import annotations

import uuid
from typing import Any

import marshmallow as ma

from respite.accounts.acting import acting
from respite.accounts.api import ApiBlueprint, version_seen
from respite.accounts.roles import May
from respite.core.api.fields import Day, Instant, Schema, Text, Uuid, Whole
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.houses.access import for_row
from respite.houses.errors import NotClosed
from respite.houses.models import Bed, Closure, House
from respite.houses.queries import closures_from, rules_now, tonight
from respite.houses.service import doors
from respite.houses.service.doors import LONGEST_REASON

Asked = dict[str, Any]
Facts = dict[str, Any]

api = ApiBlueprint("beds", "Doors of a house")


class BedShown(Schema):
    id = Uuid(required=True)
    version = Whole(required=True)
    name = ma.fields.String(required=True)
    room = ma.fields.String(required=True)
    tags = ma.fields.List(ma.fields.String(), required=True)
    getting_ready_since = Instant(required=True, allow_none=True)


# `from` is a word of Python's own.
ClosureAsked = Schema.from_dict(
    {
        "from": Day(required=True, metadata={"description": "The first night."}),
        "until": Day(required=True, metadata={"description": "The day it opens again."}),
        "reason": Text(most=LONGEST_REASON, load_default=""),
    },
    name="ClosureAsked",
)


class WhichClosure(Schema):
    closure_id = Uuid(metadata={"description": "The one to end; the door's next one where it is not named."})


ClosureShown = Schema.from_dict(
    {
        "id": Uuid(required=True),
        "version": Whole(required=True),
        "bed_id": Uuid(required=True),
        "from": Day(required=True),
        "until": Day(required=True),
        "reason": ma.fields.String(required=True),
        "opened_at": Instant(required=True, allow_none=True),
    },
    name="ClosureShown",
)


@api.operation("POST", "/beds/<uuid:bed_id>/ready", for_row(Bed, "bed", May.KEEP_BEDS), gives=BedShown)
def make_bed_ready(bed: Bed) -> Facts:
    """The door got ready, and is free again."""
    ready = doors.make_ready(acting(), bed.id, version_seen=version_seen(), now=house_now())
    return {
        "id": ready.id,
        "version": ready.version,
        "name": ready.name,
        "room": ready.room.name,
        "tags": ready.tags,
        "getting_ready_since": ready.getting_ready_since,
    }


@api.operation(
    "POST",
    "/beds/<uuid:bed_id>/closure",
    for_row(Bed, "bed", May.CLOSE_BEDS),
    takes=ClosureAsked,
    gives=ClosureShown,
    status=201,
)
def close_bed(asked: Asked, bed: Bed) -> Facts:
    """Close a door for some nights."""
    closure = doors.close_bed(
        acting(),
        bed.id,
        first_night=asked["from"],
        until=asked["until"],
        reason=asked["reason"],
        version_seen=version_seen(),
        now=house_now(),
    )
    return _closure_facts(closure)


@api.operation(
    "DELETE",
    "/beds/<uuid:bed_id>/closure",
    for_row(Bed, "bed", May.CLOSE_BEDS),
    asks=WhichClosure,
    gives=ClosureShown,
)
def open_bed_again(asked: Asked, bed: Bed) -> Facts:
    """The door opens again, from tonight on."""
    closure_id = asked["closure_id"] or _next_closure(bed)
    closure = db.session.get(Closure, closure_id)
    if closure is None or closure.bed_id != bed.id:
        raise NotFound
    return _closure_facts(doors.open_bed_again(acting(), closure_id, version_seen=version_seen(), now=house_now()))


def _next_closure(bed: Bed) -> uuid.UUID:
    """The closure of this door that stands or comes next. Raises NotClosed."""
    house = db.session.get_one(House, bed.house_id)
    night = tonight(house, rules_now(db.session(), house.id), house_now())
    standing = (each.id for each in closures_from(db.session(), house.id, night) if each.bed_id == bed.id)
    found = next(standing, None)
    if found is None:
        raise NotClosed
    return found


def _closure_facts(closure: Closure) -> Facts:
    return {
        "id": closure.id,
        "version": closure.version,
        "bed_id": closure.bed_id,
        "from": closure.first_night,
        "until": closure.until,
        "reason": closure.reason,
        "opened_at": closure.opened_at,
    }
