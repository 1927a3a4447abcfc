"""What follows a stay, by window: each thing counts when it first happened, from the log, which keeps it when its
guest is forgotten.
"""

from __future__ import annotations

import json
from collections import Counter

import sqlalchemy as sa

from respite.audit.models import Event
from respite.followup import events
from respite.reports.counting.asked import Asked
from respite.reports.policy.atoms import Atoms

#: In the order in which they come about.
STEPS = {
    events.OFFERED: "offered",
    events.AGREED: "agreed",
    events.REACHED: "reached",
    events.ANSWERED: "answered",
}


def count(asked: Asked) -> Atoms:
    numbers: Counter[str] = Counter()
    seen: set[tuple[str, object]] = set()
    rows = asked.session.execute(
        sa.select(Event.kind, Event.subject, Event.at, Event.data)
        .where(Event.stream == asked.house.id, Event.kind.in_(tuple(STEPS)), Event.at < min(asked.end, asked.now))
        .order_by(Event.at, Event.version)
    )
    for kind, subject, at, data in rows:
        if (kind, subject) in seen:
            continue
        seen.add((kind, subject))
        if at >= asked.begin:
            numbers[f"follow.{STEPS[kind]}.{json.loads(data)['step']}"] += 1
    return Atoms(numbers)
