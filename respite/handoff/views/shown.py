"""The log and the handoffs as pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.core.times import NEAR, clock_words, day_and_month, moment_words, weekday
from respite.handoff.models import Handoff
from respite.handoff.names import named
from respite.handoff.policy import Happened
from respite.handoff.views.log_words import line_words
from respite.houses.models import House
from respite.houses.policy.house_time import local

ENTRY = "handoff.entry.written"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log; `new` came since the reader took the handoff."""

    at: str
    said: str
    by: str | None
    new: bool
    entry_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class TakenBy:
    name: str
    at: str
    by_text: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A handoff as a page shows it."""

    id: uuid.UUID
    giver: str | None
    given_at: str
    words: str | None
    feelings: str | None
    would_talk: bool
    taken: tuple[TakenBy, ...]


def log_lines(
    session: Session, house: House, events: Sequence[Happened], now: datetime, *, seen: int | None = None
) -> list[tuple[str, list[Line]]]:
    """The log by day, in the order in which things happened. What is newer than version `seen` is marked."""
    today = local(now, house.timezone).date()
    found = sorted(named(session, house.id, events), key=lambda each: (each.event.at, each.event.version))
    days = groupby(found, key=lambda each: local(each.event.at, house.timezone).date())
    return [
        (
            weekday(day) if abs((day - today).days) <= NEAR else day_and_month(day),
            [
                Line(
                    at=clock_words(each.event.at, house.timezone),
                    said=line_words(each),
                    by=each.by if each.kind == ENTRY else None,
                    new=seen is not None and each.event.version > seen,
                    entry_id=each.event.subject if each.kind == ENTRY and each.words is not None else None,
                )
                for each in some
                if each.kind != ENTRY or each.words is not None
            ],
        )
        for day, some in days
    ]


def handoffs_shown(session: Session, house: House, handoffs: Sequence[Handoff], now: datetime) -> list[Shown]:
    """Handoffs with the names of those who gave and took them."""
    people = {each.given_by for each in handoffs} | {taken.person_id for each in handoffs for taken in each.taken}
    rows = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_([each for each in people if each])))
    names = {row.id: row.name for row in rows}

    def name(person: uuid.UUID | None) -> str:
        return names.get(person, _("somebody who worked here")) if person else ""

    return [
        Shown(
            id=each.id,
            giver=name(each.given_by) or None,
            given_at=moment_words(each.given_at, house.timezone, now),
            words=each.words,
            feelings=each.feelings,
            would_talk=bool(each.would_talk),
            taken=tuple(
                TakenBy(name(taken.person_id), moment_words(taken.at, house.timezone, now), taken.how == "text")
                for taken in each.taken
            ),
        )
        for each in handoffs
    ]
