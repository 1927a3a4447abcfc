"""Nobody took an open shift by text: somebody phones round, and notes what was said. Or puts somebody on who offered,
although a rule speaks against it, with a reason that stands beside the shift."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import locked_row, role_now
from respite.accounts.roles import RIGHTS, May
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.staffing import events
from respite.staffing.errors import DoesNotFit, OfferOver, ShiftFilled
from respite.staffing.models import OfferAsked, Shift, ShiftOffer
from respite.staffing.policy.offers import Closed
from respite.staffing.queries.shifts import on_call_now, people_for_shifts
from respite.staffing.service import offer_words, offers
from respite.staffing.service.asking import PHONE, row_of, said_no
from respite.staffing.service.fitting import against
from respite.staffing.service.overruling import LONGEST_WHY, Anyway, must_fit
from respite.staffing.service.shifts import give_to


def may_phone(session: Session, actor: Actor, offer: ShiftOffer, now: datetime) -> bool:
    """Who keeps the shifts; and whoever is on call, from when nobody took it."""
    if actor.kind != ActorKind.PERSON:
        return False
    role = role_now(session, actor, offer.house_id)
    if role is not None and May.KEEP_SHIFTS in RIGHTS[role]:
        return True
    on_call = {each.person_id for each in on_call_now(session, offer.house_id, now)}
    return offer.to_phone_at is not None and actor.id in on_call


def to_phone(session: Session, offer: ShiftOffer, now: datetime) -> list[uuid.UUID]:
    """Whom the shift fits and who has not said no to it, by name; also those who take no texts."""
    house = session.get_one(House, offer.house_id)
    passed = said_no(session, offer.shift_id)
    people = [each.id for each in people_for_shifts(session, house.id) if each.id not in passed]
    return [each for each in people if not against(session, house, each, offer.shift_id, now)]


def phoned(actor: Actor, offer_id: uuid.UUID, person_id: uuid.UUID, *, takes_it: bool, now: datetime) -> ShiftOffer:
    """What somebody said on the telephone. Raises OfferOver, ShiftFilled, DoesNotFit, and NotFound for who may not."""
    with transaction() as session:
        offer = locked_row(session, actor, ShiftOffer, offer_id, May.SEE_SHIFTS)
        if not may_phone(session, actor, offer, now):
            raise NotFound
        if offer.closed_at is not None and offer.taken_by != person_id:
            raise ShiftFilled if offer.closed_why in (Closed.TAKEN, Closed.FILLED) else OfferOver
        if offer.closed_at is None and row_of(session, offer, person_id) is None:
            row = OfferAsked(house_id=offer.house_id, offer_id=offer.id, person_id=person_id, how=PHONE, asked_at=now)
            session.add(row)
            session.flush()
        if not takes_it:
            offers.no(session, offer, person_id, now)
            return offer
        took = offers.yes(session, offer, person_id, actor, now)
        if took.shift is None or not took.yours:
            raise DoesNotFit
        offer_words.tell_yours(session, took.shift, person_id, now)
    return offer


def put_on_anyway(actor: Actor, offer_id: uuid.UUID, person_id: uuid.UUID, why: str, *, now: datetime) -> Shift:
    """Put on somebody who offered, although rules speak against it. Who decided so, and why, stands beside the shift.

    Raises Invalid without a reason, OfferOver.
    """
    with transaction() as session:
        offer = locked_row(session, actor, ShiftOffer, offer_id, May.KEEP_SHIFTS)
        if offer.closed_at is not None:
            raise OfferOver
        if not why.strip() or len(why) > LONGEST_WHY:
            raise Invalid(fields={"why": _("Please say why, in a few words.")})
        shift = session.get_one(Shift, offer.shift_id)
        offer.taken_by = person_id
        give_to(session, shift, person_id, actor, now)
        must_fit(session, shift, Anyway(why), actor, now)
        offers.note(session, offer, events.OFFER_OVERRIDDEN, actor, now, person_id=person_id)
        offer_words.tell_yours(session, shift, person_id, now)
    return shift
