"""Where things are, and how far away: from the directory's own addresses and points, with no service outside."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.resources.finding.models import EntryPlace
from respite.resources.finding.words import folded, near

EARTH_MILES = 3958.8  # its mean radius
_ZIP = re.compile(r"\d{5}")
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Near:
    """A point in degrees, and what it is called."""

    latitude: float
    longitude: float
    name: str


def on_the_globe(latitude: float, longitude: float) -> tuple[float, float, float]:
    """A place in degrees as a point on a globe of radius one: the straight way between two grows with the real one."""
    north, east = math.radians(latitude), math.radians(longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def straight(miles: float) -> float:
    """The straight way, through a globe of radius one, for so many miles over the ground."""
    return 2 * math.sin(min(miles / EARTH_MILES, math.pi) / 2)


def miles_of(square: float | None) -> float | None:
    """Miles over the ground for the square of a straight way."""
    return None if square is None else 2 * EARTH_MILES * math.asin(min(1.0, math.sqrt(max(0.0, square)) / 2))


def as_town(told: str | None) -> str | None:
    """A town or state as it is looked for: "San José " is "san jose"."""
    return " ".join(folded(told).replace(".", " ").split())[:60] or None if told else None


def as_postal_code(told: str | None) -> str | None:
    found = _ZIP.match((told or "").strip())
    return found[0] if found else None


def place_named(session: Session, asked: str) -> Near | None:
    """A point in degrees ("41.88, -87.63"), a ZIP code, or a town ("Springfield, IL"): the middle of its entries.

    None where the directory has nothing there. A town of a name that several states have is the one with most entries,
    unless the state is said.
    """
    point = _POINT.fullmatch(asked.strip())
    if point and abs(float(point[1])) <= 90 and abs(float(point[2])) <= 180:
        return Near(float(point[1]), float(point[2]), asked.strip())
    code = as_postal_code(asked)
    if code is not None:
        return _middle(session, code, EntryPlace.postal_code == code)
    town, _comma, state = asked.partition(",")
    return _town(session, as_town(town), as_town(state), asked)


def _town(session: Session, town: str | None, state: str | None, asked: str) -> Near | None:
    if town is None:
        return None
    states = sa.select(EntryPlace.town, EntryPlace.state).group_by(EntryPlace.town, EntryPlace.state)
    states = states.order_by(sa.func.count().desc(), EntryPlace.state)
    if state is not None:
        states = states.where(EntryPlace.state == state)
    there = session.execute(states.where(EntryPlace.town == town)).first()
    if there is None:
        towns = {name for name, _state in session.execute(states) if name is not None}
        meant = near(town, towns, 1)
        there = session.execute(states.where(EntryPlace.town == meant[0])).first() if meant else None
    if there is None:
        return None
    same_state = EntryPlace.state.is_(None) if there.state is None else EntryPlace.state == there.state
    said = asked.strip() if there.town == town else there.town.title()
    return _middle(session, said, EntryPlace.town == there.town, same_state)


def _middle(session: Session, name: str, *there: sa.ColumnElement[bool]) -> Near | None:
    average = sa.func.avg
    x, y, z = session.execute(
        sa.select(average(EntryPlace.x), average(EntryPlace.y), average(EntryPlace.z)).where(*there)
    ).one()
    if x is None:
        return None
    return Near(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)), name)
