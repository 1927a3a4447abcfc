"""Visits to the living room: in minutes, without nights."""

from __future__ import annotations

import uuid
from collections import Counter

import sqlalchemy as sa

from respite.guests.models import Visit
from respite.reports.counting.asked import Asked
from respite.reports.policy.atoms import Atoms


def count(asked: Asked) -> Atoms:
    """A visit, with all its minutes, belongs to the day on which it began; one that goes on counts until now."""
    numbers: Counter[str] = Counter()
    for arrived_at, left_at in asked.session.execute(sa.select(Visit.arrived_at, Visit.left_at).where(*_began(asked))):
        numbers["visit.began"] += 1
        numbers["visit.minutes"] += int(((left_at or asked.now) - arrived_at).total_seconds() // 60)
    return Atoms(numbers)


def visitors_in(asked: Asked) -> set[uuid.UUID]:
    """The guests on file who visited: of one period alone, since they do not add up."""
    found = asked.session.scalars(
        sa.select(Visit.guest_id).where(*_began(asked), Visit.guest_id.is_not(None)).distinct()
    )
    return {guest_id for guest_id in found if guest_id is not None}


def _began(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    end = min(asked.end, asked.now)
    return (Visit.house_id == asked.house.id, Visit.arrived_at >= asked.begin, Visit.arrived_at < end)
