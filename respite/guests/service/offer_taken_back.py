"""Whoever was told of a bed that is taken back is told so too: by text where they were asked by one, else by a call."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.guests.models import BedOffer, Waiting
from respite.guests.policy.offers import How
from respite.guests.service.callbacks import hours_of, open_callbacks, soon_in
from respite.guests.service.offer_ends import BED_OFFER, text_of
from respite.guests.service.offer_line import by_text
from respite.guests.service.promised import WAITING
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service.wordings import house_fields
from respite.messaging.service.writing import write
from respite.promises.models import Promise
from respite.promises.policy import Kind, Way, When
from respite.promises.service.acts import Wanted, give_inside

#: In these the question is, or may be, on its way to them.
MAY_HAVE_READ = (State.SENDING, State.UNKNOWN, State.NEEDS_HUMAN, State.ACCEPTED, State.SENT, State.DELIVERED)


def may_have_read(session: Session, offer: BedOffer) -> bool:
    """Whether the text that asked has left."""
    state = session.scalar(sa.select(Message.state).where(Message.dedupe_key == text_of(offer)))
    return state in MAY_HAVE_READ


def tell_taken_back(session: Session, offer: BedOffer, actor: Actor, now: datetime) -> Promise | None:
    """Behind the house's lock, once the offer is taken back. The promise of a call, where one is needed."""
    waiting = session.get_one(Waiting, offer.waiting_id)
    if waiting.ended_at is not None or waiting.guest is None:
        return None
    if offer.how == How.TEXT:
        if not may_have_read(session, offer):
            return None
        person = by_text(session, waiting)
        if person is not None:
            write(
                session,
                offer.house_id,
                number=person.number,
                purpose=Purpose.STAY,
                template="bed-taken-back",
                fields=house_fields(session, offer.house_id),
                language=person.language,
                dedupe_key=f"{BED_OFFER}-back:{offer.id}",
                made_by=actor.ref,
                correspondent_id=person.id,
                now=now,
            )
            return None
    if waiting.guest.phone is None:
        return None
    if any(each.way != Way.THEIRS for each in open_callbacks(session, offer.house_id, [waiting.id])):
        return None
    zone = session.get_one(House, offer.house_id).timezone
    when = When(soon_in(hours_of(waiting), zone, now))
    wanted = Wanted(kind=Kind.CALLBACK, way=Way.CALL, subject=(WAITING, waiting.id), when=when)
    return give_inside(session, actor, offer.house_id, wanted, now)
