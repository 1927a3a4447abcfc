"""Open shifts and where their offers stand."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.core.due import Due
from respite.messaging.models import Correspondent
from respite.staffing.models import OfferAsked, Shift, ShiftOffer
from respite.staffing.policy.offers import MOVES, Answer


@dataclass(frozen=True, slots=True)
class AskedPerson:
    person_id: uuid.UUID
    name: str
    how: str
    answer: str | None
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that nobody has, and its open offer if it has one. People are by name."""

    shift: Shift
    offer: ShiftOffer | None
    asked: tuple[AskedPerson, ...]
    next_at: datetime | None  # when the offer moves on by itself


def open_shifts(session: Session, house_id: uuid.UUID, now: datetime, until: datetime) -> list[OpenShift]:
    """Published shifts that nobody has, from now until then."""
    shifts = session.scalars(
        sa.select(Shift)
        .where(
            Shift.house_id == house_id,
            Shift.published_at.is_not(None),
            Shift.person_id.is_(None),
            Shift.ends_at > now,
            Shift.starts_at < until,
        )
        .order_by(Shift.starts_at, Shift.kind, Shift.id)
    ).all()
    standing = sa.select(ShiftOffer).where(ShiftOffer.house_id == house_id, ShiftOffer.closed_at.is_(None))
    offers = {offer.shift_id: offer for offer in session.scalars(standing)}
    ids = [offer.id for offer in offers.values()]
    asked, moves = _asked(session, ids), _moves(session, ids)
    found = []
    for shift in shifts:
        offer = offers.get(shift.id)
        people = asked.get(offer.id, []) if offer else []
        found.append(OpenShift(shift, offer, tuple(people), moves.get(offer.id) if offer else None))
    return found


def offers_of_person(session: Session, person_id: uuid.UUID, now: datetime) -> list[tuple[ShiftOffer, Shift, bool]]:
    """Open offers that a person was asked for and has not answered, and shifts that they gave back (True)."""
    found = session.execute(
        sa.select(ShiftOffer, Shift, OfferAsked.answer)
        .join(Shift, Shift.id == ShiftOffer.shift_id)
        .join(OfferAsked, OfferAsked.offer_id == ShiftOffer.id)
        .where(
            OfferAsked.person_id == person_id,
            ShiftOffer.closed_at.is_(None),
            Shift.ends_at > now,
            sa.or_(OfferAsked.answer.is_(None), sa.and_(OfferAsked.answer == Answer.NO, OfferAsked.how == "own")),
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return [(offer, shift, answer is not None) for offer, shift, answer in found]


def numbers_of(session: Session, house_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Where people can be called."""
    found = session.scalars(
        sa.select(Correspondent).where(Correspondent.house_id == house_id, Correspondent.subject_id.in_(people))
    )
    return {each.subject_id: each.number for each in found if each.number and not each.number_bad}


def _asked(session: Session, offer_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[AskedPerson]]:
    rows = session.execute(
        sa.select(OfferAsked, Person.name)
        .join(Person, Person.id == OfferAsked.person_id)
        .where(OfferAsked.offer_id.in_(offer_ids))
        .order_by(Person.name, Person.id)
    )
    found: dict[uuid.UUID, list[AskedPerson]] = {}
    for row, name in rows:
        person = AskedPerson(row.person_id, name, row.how, row.answer, tuple(row.against))
        found.setdefault(row.offer_id, []).append(person)
    return found


def _moves(session: Session, offer_ids: list[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    due = session.scalars(sa.select(Due).where(Due.kind == MOVES, Due.subject.in_(offer_ids)))
    return {row.subject: row.due_at for row in due}
