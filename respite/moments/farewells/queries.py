"""Reads of whom to tell in person, and of the time together that is offered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Membership, Person
from respite.guests.models import Farewell, Guest
from respite.moments.farewells.models import PersonToTell


def how_many_untold(house_id: uuid.UUID) -> sa.ScalarSelect[int]:
    waiting = (PersonToTell.house_id == house_id, PersonToTell.told_at.is_(None), _works_there())
    return sa.select(sa.func.count(PersonToTell.id)).where(*waiting).scalar_subquery()


def lists_of(session: Session, house_id: uuid.UUID) -> list[tuple[Farewell, Guest]]:
    """The house's lists that are kept still, the latest first."""
    kept = sa.exists().where(PersonToTell.farewell_id == Farewell.id)
    rows = session.execute(
        sa.select(Farewell, Guest)
        .join(Guest, Guest.id == Farewell.guest_id)
        .where(Farewell.house_id == house_id, kept)
        .order_by(Farewell.said_at.desc(), Farewell.id)
    )
    return [(farewell, guest) for farewell, guest in rows]


def people_of(session: Session, farewell_id: uuid.UUID) -> Sequence[tuple[PersonToTell, str]]:
    """By name, and by nothing else; whoever does not work here any more is left out."""
    rows = session.execute(
        sa.select(PersonToTell, Person.name)
        .join(Person, Person.id == PersonToTell.person_id)
        .where(PersonToTell.farewell_id == farewell_id, _works_there())
        .order_by(Person.name, PersonToTell.id)
    )
    return [(row, name) for row, name in rows]


def own_row(session: Session, farewell_id: uuid.UUID, person_id: uuid.UUID) -> PersonToTell | None:
    mine = (PersonToTell.farewell_id == farewell_id, PersonToTell.person_id == person_id)
    return session.scalar(sa.select(PersonToTell).where(*mine))


def offered_to(session: Session, person_id: uuid.UUID) -> list[tuple[PersonToTell, Guest]]:
    """Time together that somebody was offered when they were told, and has not answered."""
    return _with_guests(
        session,
        PersonToTell.person_id == person_id,
        PersonToTell.told_at.is_not(None),
        PersonToTell.answered.is_(False),
        _works_there(),
    )


def asked_of(session: Session, person_id: uuid.UUID) -> list[tuple[PersonToTell, Guest]]:
    """Who would like some time with this person."""
    return _with_guests(session, PersonToTell.asked_id == person_id)


def _with_guests(session: Session, *where: sa.ColumnElement[bool]) -> list[tuple[PersonToTell, Guest]]:
    rows = session.execute(
        sa.select(PersonToTell, Guest)
        .join(Farewell, Farewell.id == PersonToTell.farewell_id)
        .join(Guest, Guest.id == Farewell.guest_id)
        .where(*where)
        .order_by(PersonToTell.told_at, PersonToTell.id)
    )
    return [(row, guest) for row, guest in rows]


def _works_there() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Membership.person_id == PersonToTell.person_id,
        Membership.house_id == PersonToTell.house_id,
        Membership.ended_at.is_(None),
    )
