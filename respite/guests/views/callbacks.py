"""Beside somebody who waits: who calls them back and when, and what came of the last try."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from respite.accounts.acting import acting
from respite.core.db import db
from respite.core.forms import Shown
from respite.guests.models import Reach, Waiting
from respite.guests.service.callbacks import hours_of, soon_in
from respite.guests.service.promised import WAITING
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.promises.policy import Way
from respite.promises.queries import promises_for
from respite.promises.views.page import place_here
from respite.promises.views.shown import Line, lines


@dataclass(frozen=True, slots=True)
class Callback:
    """What a row of the list says of calling back. `way` is none while it is said already."""

    open: list[Line]
    last: str | None
    way: Way | None
    label: str
    form: Shown


def callbacks_of(
    house: House, waiting: Sequence[Waiting], now: datetime, refused: tuple[uuid.UUID, Shown] | None = None
) -> dict[uuid.UUID, Callback]:
    """By the id of who waits; the form that was refused holds what was typed."""
    place, reader = place_here(house), acting().id
    found = promises_for(db.session(), house.id, WAITING, [row.id for row in waiting])
    shown: dict[uuid.UUID, Callback] = {}
    for row in waiting:
        theirs = lines((each for each in found if each.subject == (WAITING, row.id)), place, reader, named=False)
        form = refused[1] if refused and refused[0] == row.id else Shown({"at": _at(row, house, now)})
        shown[row.id] = _callback(theirs, way_for(row), form)
    return shown


def _callback(theirs: list[Line], way: Way, form: Shown) -> Callback:
    standing = [line for line in theirs if line.open]
    tried = [line.when for line in theirs if not line.open and line.kept]
    said_already = any((line.way == Way.THEIRS) == (way == Way.THEIRS) for line in standing)
    return Callback(standing, tried[0] if tried else None, None if said_already else way, _label(way), form)


def _at(row: Waiting, house: House, now: datetime) -> str:
    """When to call them, as their hours have it; when they will call they say themselves."""
    if way_for(row) == Way.THEIRS:
        return ""
    return f"{local(soon_in(hours_of(row), house.timezone, now), house.timezone):%H:%M}"


def way_for(row: Waiting) -> Way:
    """As they would like it; without a number only they can call."""
    if row.reach == Reach.WILL_CALL or row.guest is None or row.guest.phone is None:
        return Way.THEIRS
    return Way.TEXT if row.reach == Reach.TEXT else Way.CALL


def _label(way: Way) -> str:
    return {
        Way.CALL: _("I'll call them back"),
        Way.TEXT: _("I'll text them back"),
        Way.THEIRS: _("They said they would call"),
    }[way]
