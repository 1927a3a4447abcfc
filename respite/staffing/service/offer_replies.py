"""Texts that answer an offer ("Y42", "no"), and "3": I can't come."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.houses.models import House
from respite.messaging.models import ReplyCode
from respite.messaging.policy.short_answers import Word
from respite.messaging.service.codes import code_for
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.staffing.errors import CameAlready, ShiftOver
from respite.staffing.models import OfferAsked, Shift, ShiftOffer
from respite.staffing.policy.offers import Closed
from respite.staffing.service import cannot_come, offers
from respite.staffing.service.asking import OFFER, OWN
from respite.staffing.service.offers import Took
from respite.staffing.service.texting import language_of, shift_fields

ANSWERS = frozenset({Word.YES, Word.NO})
CANNOT_COME = "cannot-come"
#: So long after it was filled a bare "yes" is still about the offer that they were asked for last.
STILL_MEANT = timedelta(hours=12)


# -- offers -----------------------------------------------------------------------------------------------------------


def offer_answered(
    session: Session, offer_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """Yes takes it, no passes; a no of whoever has it means that they can't come."""
    if word not in ANSWERS:
        return None
    offer = session.get(ShiftOffer, offer_id, populate_existing=True)
    if offer is None:  # the shift left the list, and its offers with it
        house_id = session.scalar(
            sa.select(ReplyCode.house_id).where(ReplyCode.kind == OFFER, ReplyCode.subject_id == offer_id)
        )
        return Understood(house_id, "offer-over") if house_id else None
    if word == Word.NO:
        return _passed(session, offer, person_id, now)
    return _taken(session, offer, person_id, offers.yes(session, offer, person_id, _actor(person_id), now))


def open_offers(session: Session, person_id: uuid.UUID, now: datetime) -> list[Question]:
    """Offers that a person was asked for and has not answered; where there is none, the last one that was filled."""
    asked = (
        sa.select(ShiftOffer)
        .join(OfferAsked, OfferAsked.offer_id == ShiftOffer.id)
        .where(OfferAsked.person_id == person_id)
    )
    standing = asked.where(ShiftOffer.closed_at.is_(None), OfferAsked.answer.is_(None), OfferAsked.how != OWN)
    found = list(session.scalars(standing))
    if not found:
        lately = asked.where(ShiftOffer.closed_at > now - STILL_MEANT, ShiftOffer.closed_why != Closed.MOVED)
        found = list(session.scalars(lately.order_by(OfferAsked.asked_at.desc(), ShiftOffer.id).limit(1)))
    return [Question(OFFER, offer.id, offer.house_id, ANSWERS) for offer in found]


def _taken(session: Session, offer: ShiftOffer, person_id: uuid.UUID, took: Took) -> Understood:
    if took.yours and took.shift is not None:
        return _about(session, "shift-yours", took.shift, person_id)
    if took.why in (Closed.TAKEN, Closed.FILLED) and took.shift is not None:
        return _about(session, "shift-filled", took.shift, person_id)
    if took.why == Closed.MOVED:
        return Understood(offer.house_id, "offer-moved")
    return Understood(offer.house_id, "offer-over" if took.why is not None else "offer-not-you")


def _passed(session: Session, offer: ShiftOffer, person_id: uuid.UUID, now: datetime) -> Understood:
    shift = session.get(Shift, offer.shift_id)
    if shift is not None and offer.taken_by == person_id == shift.person_id:
        return open_again(session, shift, person_id, now) or Understood(offer.house_id, "offer-passed")
    offers.no(session, offer, person_id, now)
    return Understood(offer.house_id, "offer-passed")


# -- I can't come -----------------------------------------------------------------------------------------------------


def cannot_come_said(
    session: Session, shift_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """Their shift is open from now on, and they hear how to have it back."""
    shift = session.get(Shift, shift_id, populate_existing=True)
    if word != Word.THREE or shift is None:
        return None
    offer = cannot_come.given_back(session, shift, person_id)
    if offer is not None:
        return _heard(session, shift, offer, person_id, now)
    return open_again(session, shift, person_id, now) if shift.person_id == person_id else None


def shift_ahead(session: Session, person_id: uuid.UUID, now: datetime) -> list[Question]:
    """The shift that a bare "3" is about."""
    lately = cannot_come.lately_given_back(session, person_id, now)
    shift = session.get(Shift, lately.shift_id) if lately else cannot_come.next_shift(session, person_id, now)
    return [Question(CANNOT_COME, shift.id, shift.house_id, frozenset({Word.THREE}))] if shift else []


def open_again(session: Session, shift: Shift, person_id: uuid.UUID, now: datetime) -> Understood | None:
    """A no of whoever has the shift means that they can't come; None where a person is to read it."""
    try:
        offer = cannot_come.give_back(session, shift, _actor(person_id), now)
    except (ShiftOver, CameAlready):
        return None  # a person reads what they wrote
    return _heard(session, shift, offer, person_id, now)


def _heard(session: Session, shift: Shift, offer: ShiftOffer, person_id: uuid.UUID, now: datetime) -> Understood:
    code = code_for(session, shift.house_id, OFFER, offer.id, now)
    return _about(session, "cannot-come-heard", shift, person_id, code=str(code))


def _about(session: Session, template: str, shift: Shift, person_id: uuid.UUID, **more: str) -> Understood:
    house = session.get_one(House, shift.house_id)
    fields = shift_fields(shift.starts_at, shift.ends_at, house, language_of(session, house, person_id))
    return Understood(house.id, template, {**fields, **more})


def _actor(person_id: uuid.UUID) -> Actor:
    return Actor(ActorKind.PERSON, person_id)
