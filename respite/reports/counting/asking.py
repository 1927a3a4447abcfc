"""Who was in touch, who asked for a bed, and what became of it: acts of the house, and nobody in them.

An offer is read from the log, which keeps it when whoever waited is forgotten.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from respite.audit.models import Event
from respite.guests import events
from respite.guests.models import Contact, CouldNotOffer, Waiting
from respite.reports.counting.asked import Asked
from respite.reports.policy.atoms import Atoms

At = Any

SAVED, NOT_SAID = "saved", "not-said"


def count(asked: Asked) -> Atoms:
    numbers: Counter[str] = Counter()
    lists: dict[str, list[int]] = {"contact.minutes": [], "answer.minutes": []}
    for kind, source, minutes in asked.session.execute(
        sa.select(Contact.kind, Contact.source, Contact.minutes).where(*_within(asked, Contact.house_id, Contact.at))
    ):
        numbers[f"contact.{kind}"] += 1
        numbers[f"source.{source or NOT_SAID}"] += 1
        if minutes is not None:
            lists["contact.minutes"].append(minutes)
    numbers["request.made"] = _many(asked, Waiting.since)
    saved = asked.session.execute(
        sa.select(Waiting.id, Waiting.since, Waiting.ended_at).where(
            *_within(asked, Waiting.house_id, Waiting.ended_at), Waiting.ended_how == SAVED
        )
    ).all()
    numbers["request.saved"] = len(saved)
    numbers["request.offered"] = len(_offered(asked) | {waiting_id for waiting_id, _since, _ended in saved})
    lists["answer.minutes"] += [_minutes(since, ended_at) for _id, since, ended_at in saved]
    for reason, asked_at, answered_at in asked.session.execute(
        sa.select(CouldNotOffer.reason, CouldNotOffer.asked_at, CouldNotOffer.answered_at).where(
            *_within(asked, CouldNotOffer.house_id, CouldNotOffer.answered_at)
        )
    ):
        numbers[f"no-bed.{reason}"] += 1
        lists["answer.minutes"].append(_minutes(asked_at, answered_at))
    return Atoms(numbers, lists)


def _within(asked: Asked, house_id: At, at: At) -> tuple[sa.ColumnElement[bool], ...]:
    return (house_id == asked.house.id, at >= asked.begin, at < min(asked.end, asked.now))


def _many(asked: Asked, at: At) -> int:
    return asked.session.scalar(sa.select(sa.func.count(Waiting.id)).where(*_within(asked, Waiting.house_id, at))) or 0


def _offered(asked: Asked) -> set[uuid.UUID]:
    found = asked.session.scalars(
        sa.select(Event.data).where(
            Event.stream == asked.house.id,
            Event.kind == events.BED_OFFERED,
            Event.at >= asked.begin,
            Event.at < min(asked.end, asked.now),
        )
    )
    return {uuid.UUID(json.loads(data)["waiting_id"]) for data in found}


def _minutes(asked_at: datetime, answered_at: datetime | None) -> int:
    assert answered_at is not None
    return max(0, int((answered_at - asked_at).total_seconds() // 60))
