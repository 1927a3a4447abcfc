"""How an offer of a bed ends: its nights go, its text is called back, and where it was wished the next step is due."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.audit.service import Acts, record
from respite.core.clock import house_now
from respite.core.due import clear_due, set_due
from respite.guests import due_kinds, events
from respite.guests.models import BedOffer, Stay, Waiting
from respite.guests.policy.offers import GOES_ON_AFTER, Ended
from respite.guests.policy.stay_states import StayState
from respite.houses.models import Bed, BedNight
from respite.houses.service.claims import release
from respite.messaging.models import Message
from respite.messaging.service.codes import end_code
from respite.messaging.service.writing import cancel_where

#: The kind of question that a text about a bed asks.
BED_OFFER = "bed-offer"


def text_of(offer: BedOffer) -> str:
    """The name that the question's text goes by in the outbox."""
    return f"{BED_OFFER}:{offer.id}"


def parts_of(offer: BedOffer) -> tuple[str, ...]:
    """The board's parts that an offer changes."""
    return (f"door-{offer.bed_id}", "summary", "waiting", "notices")


def end(session: Session, offer: BedOffer, how: Ended, actor: Acts | None, now: datetime) -> None:
    """The offer is over. Unless they said yes its bed is free from now on, and they keep their place on the list."""
    stay = session.get_one(Stay, offer.stay_id)
    offer.ended_at, offer.ended_how = now, how
    if how != Ended.ACCEPTED:
        stay.state = StayState.NOT_TAKEN
        release(session, stay.id)
    clear_due(session, offer.id, due_kinds.OFFER_RUNS_OUT)
    end_code(session, BED_OFFER, offer.id, now)
    cancel_where(session, "answered", now, Message.house_id == offer.house_id, Message.dedupe_key == text_of(offer))
    if offer.goes_on and how in GOES_ON_AFTER:
        set_due(session, due_kinds.OFFER_GOES_ON, offer.id, now, offer.house_id)
    session.flush()
    record(
        session,
        offer.house_id,
        events.OFFER_ENDED,
        subject=offer.id,
        actor=actor,
        at=now,
        parts=parts_of(offer),
        bed_id=offer.bed_id,
        how=how,
    )


def let_go_offers(session: Session, house_id: uuid.UUID, now: datetime) -> None:
    """What has run out is over for whoever looks, sweep or no sweep."""
    over = sa.select(BedOffer).where(
        BedOffer.house_id == house_id, BedOffer.ended_at.is_(None), BedOffer.runs_out_at <= now
    )
    for offer in list(session.scalars(over.order_by(BedOffer.runs_out_at, BedOffer.id))):
        end(session, offer, Ended.RAN_OUT, CLOCK, offer.runs_out_at)


def open_offers(session: Session, *where: sa.ColumnElement[bool]) -> list[BedOffer]:
    found = sa.select(BedOffer).where(BedOffer.ended_at.is_(None), *where)
    return list(session.scalars(found.order_by(BedOffer.made_at, BedOffer.id)))


def end_offers_of(
    session: Session,
    waiting_id: uuid.UUID,
    how: Ended,
    actor: Acts | None,
    now: datetime,
    *,
    but: uuid.UUID | None = None,
) -> list[BedOffer]:
    """Whatever else somebody was asked is answered by what happened."""
    ended = [each for each in open_offers(session, BedOffer.waiting_id == waiting_id) if each.id != but]
    for offer in ended:
        end(session, offer, how, actor, now)
    return ended


def offer_on(session: Session, stay_id: uuid.UUID) -> BedOffer:
    """The offer that a bed in the state "offered" is kept for."""
    return session.scalars(sa.select(BedOffer).where(BedOffer.stay_id == stay_id)).one()


def kept_for_an_offer(session: Session, bed_id: uuid.UUID, nights: set[date]) -> bool:
    """Whether every one of these claimed nights is only kept while somebody is asked."""
    claims = [session.get(BedNight, (bed_id, night)) for night in nights]
    stays = {row.claim_id: session.get(Stay, row.claim_id) for row in claims if row is not None}
    return bool(stays) and all(stay is not None and stay.state == StayState.OFFERED for stay in stays.values())


def take_back_on(session: Session, bed: Bed, nights: set[date], actor: Acts | None, now: datetime) -> list[BedOffer]:
    """Somebody saves this bed on purpose: the offers that keep these nights are taken back."""
    taken_back: list[BedOffer] = []
    for claimed in nights:
        row = session.get(BedNight, (bed.id, claimed))
        stay = session.get(Stay, row.claim_id) if row is not None else None
        if stay is not None and stay.state == StayState.OFFERED:
            offer = offer_on(session, stay.id)
            end(session, offer, Ended.WITHDRAWN, actor, now)
            taken_back.append(offer)
    return taken_back


def forget(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten: nothing is offered to them any more. Their place no longer says whose it was."""
    theirs = sa.select(Waiting.id).where(Waiting.guest_id == guest_id)
    for offer in open_offers(session, BedOffer.waiting_id.in_(theirs)):
        end(session, offer, Ended.WITHDRAWN, CLOCK, house_now())
