"""Hours of the people who work here, in minutes, how the house was covered, and hard moments."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from respite.audit.models import Event
from respite.moments import events
from respite.reports.counting.asked import Asked
from respite.reports.policy.atoms import Atoms
from respite.staffing.queries.cover import cover_between
from respite.staffing.queries.hours import hours_between, total


def count(asked: Asked) -> Atoms:
    first, until = asked.period.first, asked.period.until
    everybody = hours_between(asked.session, asked.house, first, until, asked.now)
    hours = total(each.total for each in everybody)
    cover = cover_between(asked.session, asked.house, first, until, asked.now)
    numbers = {
        "staff.planned": hours.planned,
        "staff.worked": hours.worked,
        "staff.on-call": hours.on_call,
        "cover.asked": sum(each.minutes for each in cover.stretches if each.asked),
        "cover.short": sum(each.minutes for each in cover.stretches if each.asked and each.short),
        "moment.began": sum(asked.begin <= at < min(asked.end, asked.now) for at in _moments(asked).values()),
    }
    return Atoms(Counter(numbers))


def _moments(asked: Asked) -> dict[uuid.UUID, datetime]:
    """When each hard moment began, from the log, which keeps that when its words are not kept any more."""
    rows = asked.session.execute(
        sa.select(Event.subject, Event.kind, Event.data)
        .where(Event.stream == asked.house.id, Event.kind.in_((events.BEGAN, events.CHANGED, events.TAKEN_BACK)))
        .order_by(Event.version)
    )
    found: dict[uuid.UUID, datetime] = {}
    for subject, kind, data in rows:
        if subject is None:
            continue
        if kind == events.TAKEN_BACK:
            found.pop(subject, None)
        else:
            found[subject] = datetime.fromisoformat(json.loads(data)["began"])
    return found
