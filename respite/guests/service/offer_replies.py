"""Texts that answer an offer of a bed: "Y42", "no"."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.db import part_of
from respite.core.errors import Refusal
from respite.guests.models import BedOffer, Stay, Waiting
from respite.guests.policy.offers import Ended
from respite.guests.policy.stay_states import StayState
from respite.guests.service.ground import let_go_what_ran_out
from respite.guests.service.offer_ends import BED_OFFER, end
from respite.guests.service.offer_words import answer_by
from respite.guests.service.offering import take_up
from respite.houses.models import House
from respite.messaging.policy.short_answers import Word
from respite.messaging.service.correspondents import correspondent_of
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood

ANSWERS = frozenset({Word.YES, Word.NO})
#: So long after it ended a bare "yes" is still about the last offer that they had.
STILL_MEANT = timedelta(hours=12)


def offer_answered(
    session: Session, offer_id: uuid.UUID, guest_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """Yes takes the bed, no keeps their place. None where something stands in the way that a person has to look at."""
    offer = session.get(BedOffer, offer_id, populate_existing=True)
    waiting = session.get(Waiting, offer.waiting_id) if offer is not None else None
    if offer is None or waiting is None or waiting.guest_id != guest_id or word not in ANSWERS:
        return None
    let_go_what_ran_out(session, offer.house_id, now)
    if word == Word.NO:
        return _not_now(session, offer, waiting, now)
    if offer.ended_how in (None, Ended.ACCEPTED):
        return _yes(session, offer, guest_id, now)
    return Understood(offer.house_id, "answer-settled" if waiting.ended_at else "bed-over")


def open_questions(session: Session, guest_id: uuid.UUID, now: datetime) -> list[Question]:
    """What they were asked and have not answered; where nothing stands, the last that they were asked."""
    theirs = sa.select(BedOffer).join(Waiting, Waiting.id == BedOffer.waiting_id).where(Waiting.guest_id == guest_id)
    found = list(session.scalars(theirs.where(BedOffer.ended_at.is_(None), BedOffer.runs_out_at > now)))
    if not found:
        lately = theirs.where(BedOffer.runs_out_at > now - STILL_MEANT, BedOffer.made_at > now - timedelta(days=3))
        found = list(session.scalars(lately.order_by(BedOffer.made_at.desc(), BedOffer.id).limit(1)))
    return [Question(BED_OFFER, offer.id, offer.house_id, ANSWERS) for offer in found]


def _yes(session: Session, offer: BedOffer, guest_id: uuid.UUID, now: datetime) -> Understood | None:
    try:
        with part_of(session):
            stay = take_up(session, offer, None, now)
    except Refusal:
        return None  # a person reads it, and calls
    return _yours(session, stay, guest_id, now)


def _yours(session: Session, stay: Stay, guest_id: uuid.UUID, now: datetime) -> Understood:
    if stay.state != StayState.HELD or stay.saved_until is None:
        return Understood(stay.house_id, "answer-settled")
    house, person = session.get_one(House, stay.house_id), correspondent_of(session, stay.house_id, guest_id)
    language = person.language if person is not None else house.language
    return Understood(house.id, "bed-yours", {"time_words": answer_by(stay.saved_until, house, language, now)})


def _not_now(session: Session, offer: BedOffer, waiting: Waiting, now: datetime) -> Understood | None:
    if offer.ended_how == Ended.ACCEPTED:
        return None  # they changed their mind: a person talks with them
    if offer.ended_at is None:
        end(session, offer, Ended.NOT_NOW, None, now)
    return Understood(offer.house_id, "answer-settled" if waiting.ended_at else "bed-not-now")
