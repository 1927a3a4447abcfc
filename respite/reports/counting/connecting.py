"""Connections by what they are about: each thing counts when it first happened, from the log. What was taken back was
not said."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from respite.audit.models import Event
from respite.reports.counting.asked import Asked
from respite.reports.policy.atoms import Atoms
from respite.resources.connections import events
from respite.resources.connections.policy import State

#: In the order in which they come about.
STEPS = (State.OFFERED, State.WANTED, State.CONNECTED)


def count(asked: Asked) -> Atoms:
    firsts: dict[tuple[str, str], tuple[datetime, str]] = {}
    for said in _said(asked):
        key = (said["connection_id"], said["state"])
        happened, category = datetime.fromisoformat(said["happened"]), said["category"]
        if said["state"] in STEPS and (key not in firsts or happened < firsts[key][0]):
            firsts[key] = (happened, category)
    end = min(asked.end, asked.now)
    return Atoms(
        Counter(
            f"connect.{state}.{category}"
            for (_id, state), (happened, category) in firsts.items()
            if asked.begin <= happened < end
        )
    )


def _said(asked: Asked) -> list[dict[str, str]]:
    found: dict[uuid.UUID | None, dict[str, str]] = {}
    rows = asked.session.execute(
        sa.select(Event.subject, Event.kind, Event.data)
        .where(Event.stream == asked.house.id, Event.kind.in_((events.STEP, events.TAKEN_BACK)))
        .order_by(Event.version)
    )
    for step_id, kind, data in rows:
        if kind == events.TAKEN_BACK:
            found.pop(step_id, None)
        else:
            found[step_id] = json.loads(data)
    return list(found.values())
