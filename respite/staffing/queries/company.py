"""Whom a guest may sit with, and whom they asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.staffing.models import CompanyWish, Peer
from respite.staffing.policy.company import How, seen_by
from respite.staffing.queries.peers import NamedWords, colleagues
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


def company_for(
    session: Session, house_id: uuid.UUID, guest_id: uuid.UUID, reader: uuid.UUID, now: datetime
) -> list[Company]:
    """Who is on and who comes next, then whoever else the guest asked about, each by name."""
    wished = sa.and_(CompanyWish.guest_id == guest_id, CompanyWish.person_id == Person.id)
    rows = session.execute(colleagues(house_id).outerjoin(CompanyWish, wished).add_columns(CompanyWish.how)).all()
    people = {row[0].id: (row[0], row[2]) for row in rows}
    wishes = seen_by(reader, {row[0].id: How(row[3]) for row in rows if row[3] is not None})
    return list(_company(session, house_id, people, wishes, reader, now))


def _company(
    session: Session,
    house_id: uuid.UUID,
    people: Mapping[uuid.UUID, tuple[Person, Peer | None]],
    wishes: Mapping[uuid.UUID, How],
    reader: uuid.UUID,
    now: datetime,
) -> Iterator[Company]:
    here = {each.person_id for each in here_now(session, house_id, now) if each.person_id}
    coming = {each.person_id for each in next_on(session, house_id, now, NEXT) if each.person_id} - here
    order = [(here, "here"), (coming, "next"), (set(wishes) - here - coming, "")]
    words = NamedWords(session, house_id)
    for ids, when in order:
        for person_id, (person, peer) in people.items():
            if person_id not in ids:
                continue
            yield Company(
                person_id=person_id,
                name=person.name,
                title=words.title(peer),
                when=when,
                shares=words.shares(peer) if when else [],
                wish=wishes.get(person_id),
                is_reader=person_id == reader,
            )
