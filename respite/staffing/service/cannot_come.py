""" "I can't come": one tap or one character. Nobody is asked why, and no reason has a place.

The shift is open at once and on offer. Whoever said it can take it back for as long as nobody took it.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.staffing.errors import CameAlready, DoesNotFit, NotYourShift, OfferOver, ShiftFilled, ShiftOver
from respite.staffing.models import OfferAsked, Shift, ShiftOffer
from respite.staffing.policy.offers import Answer
from respite.staffing.service import offers
from respite.staffing.service.asking import OWN
from respite.staffing.service.shifts import give_to

#: A bare "3" is about a shift of which a reminder has gone out, and not about one of next week.
BARE_REACHES = timedelta(hours=36)
#: Said again within this, it is the same shift that is meant and not the next one.
SAME_AGAIN = timedelta(minutes=30)


def cannot_come(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """Open one's own shift and offer it. Said twice, it is open once. Raises NotYourShift, ShiftOver, CameAlready."""
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.SEE_SHIFTS)
        if actor.kind != ActorKind.PERSON:
            raise NotYourShift
        if shift.person_id is None and given_back(session, shift, actor.id) is not None:
            return shift
        if shift.person_id != actor.id:
            raise NotYourShift
        give_back(session, shift, actor, now)
    return shift


def give_back(session: Session, shift: Shift, actor: Actor, now: datetime) -> ShiftOffer:
    """`cannot_come`, inside the caller's transaction, which holds the house's lock; the shift is the actor's."""
    if shift.ends_at <= now:
        raise ShiftOver
    if shift.came_at is not None:
        raise CameAlready
    give_to(session, shift, None, actor, now)
    offer = offers.open_offer(session, shift, actor, now)
    own = OfferAsked(house_id=shift.house_id, offer_id=offer.id, person_id=actor.id, how=OWN, asked_at=now)
    own.answer, own.answered_at, own.told_at = Answer.NO, now, now
    session.add(own)
    session.flush()
    return offer


def can_after_all(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """Take it back while nobody took the shift. Raises ShiftFilled, OfferOver."""
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.SEE_SHIFTS)
        if shift.person_id == actor.id:
            return shift
        if shift.person_id is not None:
            raise ShiftFilled
        offer = given_back(session, shift, actor.id)
        if offer is None:
            raise OfferOver
        if not offers.yes(session, offer, actor.id, actor, now).yours:
            raise DoesNotFit  # they took another shift at that time meanwhile
    return shift


def given_back(session: Session, shift: Shift, person_id: uuid.UUID) -> ShiftOffer | None:
    """The open offer of a shift that this person could not come to."""
    return session.scalar(_given_back(person_id).where(ShiftOffer.shift_id == shift.id))


def lately_given_back(session: Session, person_id: uuid.UUID, now: datetime) -> ShiftOffer | None:
    """The offer of a shift of which they said so just now."""
    lately = _given_back(person_id).where(OfferAsked.answered_at > now - SAME_AGAIN)
    return session.scalar(lately.order_by(OfferAsked.answered_at.desc()).limit(1))


def next_shift(session: Session, person_id: uuid.UUID, now: datetime) -> Shift | None:
    """The shift that somebody means who only says that they can't come."""
    coming = sa.select(Shift).where(
        Shift.person_id == person_id,
        Shift.published_at.is_not(None),
        Shift.came_at.is_(None),
        Shift.ends_at > now,
        Shift.starts_at < now + BARE_REACHES,
    )
    return session.scalar(coming.order_by(Shift.starts_at, Shift.id).limit(1))


def _given_back(person_id: uuid.UUID) -> sa.Select[ShiftOffer]:
    return (
        sa.select(ShiftOffer)
        .join(OfferAsked, OfferAsked.offer_id == ShiftOffer.id)
        .where(
            ShiftOffer.closed_at.is_(None),
            OfferAsked.person_id == person_id,
            OfferAsked.how == OWN,
            OfferAsked.answer == Answer.NO,
        )
    )
