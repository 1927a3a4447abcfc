"""Weeks in which people choose their shifts themselves: where one stands, who was heard from, and who was not."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.houses.models import House
from respite.staffing.models import Roster, RosterAnswer, RosterSeat
from respite.staffing.queries.places import Place, places_between

CHOOSING, DRAFT = "choosing", "draft"  # states of a roster
CHOSEN = "chosen"  # how somebody has a seat


@dataclass(frozen=True, slots=True)
class Heard:
    """Where each of those who were asked stands, by name; none is in two of them."""

    done: list[tuple[uuid.UUID, str]]
    choosing: list[tuple[uuid.UUID, str]]  # took something, and did not say that they are done
    silent: list[tuple[uuid.UUID, str]]
    nudged: frozenset[uuid.UUID]
    asked_at: datetime | None  # when they were asked last


def goes_on(roster: Roster, now: datetime) -> bool:
    """Whether people may choose. What has run out is over, swept or not."""
    return roster.state == CHOOSING and roster.choose_until is not None and roster.choose_until > now


def choosing_in(session: Session, house_ids: Collection[uuid.UUID], now: datetime) -> list[Roster]:
    """The weeks of these houses in which people may choose now, in order of time."""
    found = sa.select(Roster).where(
        Roster.house_id.in_(list(house_ids)), Roster.state == CHOOSING, Roster.choose_until > now
    )
    return list(session.scalars(found.order_by(Roster.first_day, Roster.id)))


def to_choose(session: Session, house: House, roster: Roster, now: datetime) -> list[Place]:
    """The places of its days that are to come and are not given out, whoever has them in the draft."""
    found = places_between(session, house, roster.first_day, roster.until, drafts=True)
    return [each for each in found if not each.published and each.starts_at > now]


def answer_of(session: Session, roster_id: uuid.UUID, person_id: uuid.UUID) -> RosterAnswer | None:
    return session.scalar(
        sa.select(RosterAnswer).where(RosterAnswer.roster_id == roster_id, RosterAnswer.person_id == person_id)
    )


def heard_of(session: Session, roster: Roster) -> Heard:
    """Who was heard from. How many shifts somebody took is nowhere in it."""
    rows = session.execute(
        sa.select(RosterAnswer, Person.name)
        .join(Person, Person.id == RosterAnswer.person_id)
        .where(RosterAnswer.roster_id == roster.id)
        .order_by(Person.name, Person.id)
    ).all()
    took = set(
        session.scalars(
            sa.select(RosterSeat.person_id).where(RosterSeat.roster_id == roster.id, RosterSeat.how == CHOSEN)
        )
    )
    done = [(row.person_id, name) for row, name in rows if row.answered_at is not None]
    rest = [(row.person_id, name) for row, name in rows if row.answered_at is None]
    return Heard(
        done=done,
        choosing=[each for each in rest if each[0] in took],
        silent=[each for each in rest if each[0] not in took],
        nudged=frozenset(row.person_id for row, _name in rows if row.nudged_at is not None),
        asked_at=max((row.asked_at for row, _name in rows), default=None),
    )
