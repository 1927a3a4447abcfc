"""Contacts, requests and what could not be offered, by month: numbers of the house, and nobody in them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.unseen import counted_whole
from respite.guests.models import Contact, CouldNotOffer, Waiting
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local

MONTHS = 12  # as many as a page shows
FEWEST_TOLD = 11  # times, of which a middle is told to others


@dataclass
class Month:
    """One month of the house's calendar. `waits` holds the hours from asking to the answer, one for each answer."""

    first: date
    contacts: Counter[str] = field(default_factory=Counter)
    minutes: list[int] = field(default_factory=list)  # until an officer or driver could leave
    requests: int = 0
    saved: int = 0
    not_offered: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.contacts or self.requests or self.saved or self.not_offered)

    @property
    def median_wait(self) -> float | None:
        return median(self.waits) if self.waits else None

    @property
    def longest_wait(self) -> float | None:
        return max(self.waits, default=None)


def months_of(session: Session, house: House, now: datetime, many: int = MONTHS) -> list[Month]:
    """The last months, this one first. A request counts in the month it was made, an answer in the month it came."""
    months = {first: Month(first) for first in _firsts(local(now, house.timezone).date(), many)}
    since = instant_of(datetime.combine(min(months), datetime.min.time()), house.timezone)

    def month_of(at: datetime) -> Month | None:
        return months.get(local(at, house.timezone).date().replace(day=1))

    for kind, minutes, at in _contacts(session, house.id, since):
        if (month := month_of(at)) is not None:
            month.contacts[kind] += 1
            if minutes is not None:
                month.minutes.append(minutes)
    for asked_at, ended_at, how in _requests(session, house.id, since):
        if (month := month_of(asked_at)) is not None:
            month.requests += 1
        if how == "saved" and ended_at is not None and (month := month_of(ended_at)) is not None:
            month.saved += 1
            month.waits.append(_hours(ended_at - asked_at))
    for reason, asked_at, answered_at in _not_offered(session, house.id, since):
        if (month := month_of(answered_at)) is not None:
            month.not_offered[reason] += 1
            month.waits.append(_hours(answered_at - asked_at))
    return list(months.values())


def _firsts(today: date, many: int) -> Iterable[date]:
    first = today.replace(day=1)
    for _month in range(many):
        yield first
        first = (first - timedelta(days=1)).replace(day=1)


def _hours(span: timedelta) -> float:
    return max(0.0, span.total_seconds() / 3600)


def _contacts(session: Session, house_id: uuid.UUID, since: datetime) -> Iterable[tuple[str, int | None, datetime]]:
    rows = session.execute(
        sa.select(Contact.kind, Contact.minutes, Contact.at).where(Contact.house_id == house_id, Contact.at >= since)
    )
    return [(kind, minutes, at) for kind, minutes, at in rows]


def _requests(
    session: Session, house_id: uuid.UUID, since: datetime
) -> Iterable[tuple[datetime, datetime | None, str | None]]:
    asked = sa.select(Waiting.since, Waiting.ended_at, Waiting.ended_how).where(
        Waiting.house_id == house_id, sa.or_(Waiting.since >= since, Waiting.ended_at >= since)
    )
    with counted_whole():
        rows = session.execute(asked).all()
    return [(asked_at, ended_at, how) for asked_at, ended_at, how in rows]


def _not_offered(session: Session, house_id: uuid.UUID, since: datetime) -> Iterable[tuple[str, datetime, datetime]]:
    rows = session.execute(
        sa.select(CouldNotOffer.reason, CouldNotOffer.asked_at, CouldNotOffer.answered_at).where(
            CouldNotOffer.house_id == house_id, CouldNotOffer.answered_at >= since
        )
    )
    return [(reason, asked_at, answered_at) for reason, asked_at, answered_at in rows]
