"""Who can be put on shifts, and what is known of when they can be there."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY, local, span_of
from respite.staffing.models import Availability, Peer, TimeOff
from respite.staffing.policy.tags import language_tag
from respite.staffing.queries.credentials import Held, holdings_of
from respite.staffing.queries.shifts import people_for_shifts

AGREED = "agreed"

Row = TypeVar("Row", Peer, TimeOff, Availability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody who can be put on: the person, what they are in the house, what they said, and what they hold."""

    person: Person
    role: str
    began: date
    peer: Peer | None
    off: list[TimeOff] = field(default_factory=list)
    hours: list[Availability] = field(default_factory=list)
    holds: list[Held] = field(default_factory=list)

    @property
    def id(self) -> uuid.UUID:
        return self.person.id

    @property
    def is_filled(self) -> bool:
        """Whether filling puts them on: peers, unless they want no hours; of others, those who said that they do."""
        wanted = self.peer.wanted_minutes if self.peer is not None else None
        return self.role == Role.PEER if wanted is None else wanted > 0


def workers_of(session: Session, house: House, only: Collection[uuid.UUID] | None = None) -> list[Worker]:
    """Who can be put on in the house, by name. Whoever stepped back has no duty and is left out."""
    people = [each for each in people_for_shifts(session, house.id) if only is None or each.id in only]
    ids = [each.id for each in people]
    peers = {each.person_id: each for each in session.scalars(_of(Peer, house, ids))}
    off: dict[uuid.UUID, list[TimeOff]] = defaultdict(list)
    for each in session.scalars(_of(TimeOff, house, ids).where(TimeOff.state == AGREED).order_by(TimeOff.first_day)):
        off[each.person_id].append(each)
    hours: dict[uuid.UUID, list[Availability]] = defaultdict(list)
    for said in session.scalars(_of(Availability, house, ids).order_by(Availability.weekday, Availability.begins)):
        hours[said.person_id].append(said)
    memberships = session.scalars(
        sa.select(Membership).where(
            Membership.house_id == house.id, Membership.person_id.in_(ids), Membership.ended_at.is_(None)
        )
    )
    held = holdings(session, house, peers, ids)
    live = {each.person_id: each for each in memberships}
    return [
        Worker(
            person=person,
            role=live[person.id].role,
            began=local(live[person.id].began_at, house.timezone).date(),
            peer=peers.get(person.id),
            off=off[person.id],
            hours=hours[person.id],
            holds=held.get(person.id, []),
        )
        for person in people
    ]


def holdings(
    session: Session, house: House, peers: dict[uuid.UUID, Peer], people: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Held]]:
    """What each of them holds, and for which days: credentials, trainings, languages."""
    held = holdings_of(session, house.id, people)
    for person_id, peer in peers.items():
        held[person_id] += [Held(language_tag(language), None, None) for language in peer.languages]
    return held


def touches(said: Availability, starts_at: datetime, ends_at: datetime, house: House) -> bool:
    """Whether a time touches the hours of which somebody said something, on any of their weekdays."""
    day = local(starts_at, house.timezone).date() - ONE_DAY
    last = local(ends_at, house.timezone).date()
    while day <= last:
        counts = (said.first_day is None or said.first_day <= day) and (said.until is None or day < said.until)
        if counts and day.weekday() == said.weekday:
            begin, end = span_of(day, said.begins, said.ends, house.timezone)
            if begin < ends_at and starts_at < end:
                return True
        day += timedelta(days=1)
    return False


def _of(model: type[Row], house: House, ids: list[uuid.UUID]) -> sa.Select[Row]:
    columns = sa.inspect(model).columns
    return sa.select(model).where(columns.house_id == house.id, columns.person_id.in_(ids))
