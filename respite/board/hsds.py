"""A house that shares its free beds as Open Referral HSDS: the house, what it offers, where, and its capacities.

An address is not among it: a house tells it when it is called.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import gettext as _

from respite.board.sharing import Room, Told
from respite.board.sharing_words import kind_words, way_in_words
from respite.core.api.fields import told_instant
from respite.resources.hsds.written import page_of

Thing = dict[str, Any]
#: What ids of HSDS objects are made from, so that a house's capacity always has the same one.
_NAMES = uuid.UUID("6f0a7c0e-5c0c-5b9e-9a51-3f1f6a1b7a55")


def id_of(*parts: object) -> str:
    return str(uuid.uuid5(_NAMES, "/".join(map(str, parts))))


def capacity(told: Told, room: Room) -> Thing:
    """A `service_capacity` of HSDS 3.1; `available` is left out where the house asks to be called."""
    thing: Thing = {
        "id": id_of(told.id, room.unit),
        "unit": {"id": id_of(room.unit), "name": room.unit},
        "maximum": room.most,
        "description": room.words,
        "updated": told_instant(told.as_of),
    }
    return thing if room.free is None else thing | {"available": room.free}


def organizations(told: list[Told]) -> Thing:
    """All of them on one page, as the API of HSDS 3 answers."""
    return page_of([_organization(each) for each in told])


def _organization(told: Told) -> Thing:
    return {
        "id": id_of(told.id, "organization"),
        "name": told.name,
        "description": kind_words(told.kind),
        "locations": [_location(told)],
        "services": [_service(told)],
    }


def _service(told: Told) -> Thing:
    thing: Thing = {
        "id": id_of(told.id, "service"),
        "name": told.name,
        "description": kind_words(told.kind),
        "status": "active",
        "application_process": way_in_words(),
        "service_at_locations": [{"id": id_of(told.id, "at"), "location": _location(told)}],
        # A capacity has to say how many there are; where nobody knows, there is none.
        "capacities": [capacity(told, room) for room in told.rooms if room.free is not None],
    }
    unknown = [room for room in told.rooms if room.free is None]
    if unknown:
        thing["alert"] = unknown[0].words
    if told.phone:
        thing["phones"] = [{"id": id_of(told.id, "phone"), "number": told.phone, "type": "voice"}]
    return thing


def _location(told: Told) -> Thing:
    return {
        "id": id_of(told.id, "location"),
        "location_type": "physical",
        "name": told.name,
        "description": _("The house says where it is when you call."),
    }
