"""Whom a guest may sit with, and whom they asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.staffing.models import CompanyWish
from respite.staffing.policy.company import How, seen_by
from respite.staffing.queries.peers import colleagues_of, shared_by, titles_of
from respite.staffing.queries.shifts import here_now, next_on

NEXT = 4  # people, of the shifts that come next


@dataclass(frozen=True, slots=True)
class Company:
    """A peer as somebody to sit with, with what they chose to share and what the guest wished."""

    person_id: uuid.UUID
    name: str
    title: str | None
    when: str  # "here", "next", or nothing for somebody who was asked for and is not on
    shares: list[str]
    wish: How | None
    is_reader: bool  # nobody is told, or says, how a guest feels about themselves


def wishes_seen(session: Session, guest_id: uuid.UUID, reader: uuid.UUID) -> dict[uuid.UUID, How]:
    rows = session.execute(sa.select(CompanyWish.person_id, CompanyWish.how).where(CompanyWish.guest_id == guest_id))
    return seen_by(reader, {person_id: How(how) for person_id, how in rows})


def company_for(
    session: Session, house_id: uuid.UUID, guest_id: uuid.UUID, reader: uuid.UUID, now: datetime
) -> list[Company]:
    """Who is on and who comes next, then whoever else the guest asked about, each by name."""
    wishes = wishes_seen(session, guest_id, reader)
    return list(_company(session, house_id, wishes, reader, now))


def _company(
    session: Session, house_id: uuid.UUID, wishes: dict[uuid.UUID, How], reader: uuid.UUID, now: datetime
) -> Iterator[Company]:
    here = {each.person_id for each in here_now(session, house_id, now) if each.person_id}
    coming = {each.person_id for each in next_on(session, house_id, now, NEXT) if each.person_id} - here
    people = {person.id: person for person, _membership, _peer in colleagues_of(session, house_id)}
    order = [(here, "here"), (coming, "next"), (set(wishes) - here - coming, "")]
    shares, titles = shared_by(session, house_id, people), titles_of(session, house_id)
    for ids, when in order:
        for person_id in (each for each in people if each in ids):
            yield Company(
                person_id=person_id,
                name=people[person_id].name,
                title=titles.get(person_id),
                when=when,
                shares=shares.get(person_id, []) if when else [],
                wish=wishes.get(person_id),
                is_reader=person_id == reader,
            )
