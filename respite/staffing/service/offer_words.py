"""What people are texted about an offer beside the question itself, and the texts that are called back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.rights import people_who_may
from respite.accounts.roles import May
from respite.houses.models import House
from respite.messaging.models import Correspondent, Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service.writing import WAITING, cancel_where
from respite.staffing.models import OfferAsked, Shift, ShiftOffer
from respite.staffing.queries.shifts import on_call_now
from respite.staffing.service.asking import TEXT, texts_of
from respite.staffing.service.texting import language_of, link_to, shift_fields, tell

NOTICE_LASTS = timedelta(hours=12)
#: The text reached nobody.
NOT_READ = (*WAITING, State.CANCELED, State.SUPPRESSED, State.EXPIRED, State.FAILED, State.UNDELIVERED)


def call_back(session: Session, offer: ShiftOffer, now: datetime) -> None:
    """Call back what has not left. Who never got it hears nothing."""
    cancel_where(session, "offer-closed", now, Message.house_id == offer.house_id, _of(offer))


def tell_filled(session: Session, offer: ShiftOffer, shift: Shift, now: datetime) -> None:
    """Tell those whom the question reached, and who have not heard by their own answer, that it is filled."""
    house = session.get_one(House, offer.house_id)
    read = set(
        session.scalars(
            sa.select(Correspondent.subject_id)
            .join(Message, Message.correspondent_id == Correspondent.id)
            .where(Message.house_id == house.id, _of(offer), Message.state.not_in(NOT_READ))
        )
    )
    for row in _without_an_answer(session, offer):
        if row.person_id in read and row.person_id != shift.person_id:
            text = tell(
                session,
                house,
                row.person_id,
                "shift-filled",
                shift_fields(shift.starts_at, shift.ends_at, house, language_of(session, house, row.person_id)),
                purpose=Purpose.SHIFTS,
                dedupe_key=_filled(offer, row.person_id),
                now=now,
                not_after=now + NOTICE_LASTS,
            )
            row.told_at = now if text is not None else None
    session.flush()


def call_back_from(session: Session, offer: ShiftOffer, person_id: uuid.UUID, now: datetime) -> None:
    """They have answered: nothing more of it goes to them by itself."""
    own = f"{texts_of(offer)}{person_id}"
    cancel_where(
        session,
        "answered",
        now,
        Message.house_id == offer.house_id,
        Message.dedupe_key.in_((own, f"{own}:now", _filled(offer, person_id))),
    )


def ask_to_phone(session: Session, offer: ShiftOffer, shift: Shift, now: datetime) -> None:
    """Nobody took it: whoever is on call is asked to phone round, or where nobody is, those who keep the shifts."""
    house = session.get_one(House, offer.house_id)
    people = {each.person_id for each in on_call_now(session, house.id, now) if each.person_id is not None}
    for person_id in sorted(people or {each.id for each in people_who_may(session, house.id, May.KEEP_SHIFTS)}):
        tell(
            session,
            house,
            person_id,
            "shift-to-phone",
            {
                **shift_fields(shift.starts_at, shift.ends_at, house, language_of(session, house, person_id)),
                "link": link_to(f"/offers/{offer.id}"),
            },
            purpose=Purpose.DUTY,
            dedupe_key=f"{texts_of(offer)}{person_id}:phone",
            now=now,
            not_after=shift.ends_at,
        )


def tell_yours(session: Session, shift: Shift, person_id: uuid.UUID, now: datetime) -> None:
    """Who said yes on the telephone, or through a program, has it in writing too."""
    house = session.get_one(House, shift.house_id)
    tell(
        session,
        house,
        person_id,
        "shift-yours",
        shift_fields(shift.starts_at, shift.ends_at, house, language_of(session, house, person_id)),
        purpose=Purpose.SHIFTS,
        dedupe_key=f"shift-yours:{shift.id}:{shift.version}",
        now=now,
        not_after=shift.ends_at,
    )


def _filled(offer: ShiftOffer, person_id: uuid.UUID) -> str:
    return f"offer-filled:{offer.id}:{person_id}"


def _of(offer: ShiftOffer) -> sa.ColumnElement[bool]:
    return Message.dedupe_key.startswith(texts_of(offer), autoescape=True)


def _without_an_answer(session: Session, offer: ShiftOffer) -> list[OfferAsked]:
    asked = sa.select(OfferAsked).where(
        OfferAsked.offer_id == offer.id,
        OfferAsked.how == TEXT,
        OfferAsked.answer.is_(None),
        OfferAsked.told_at.is_(None),
    )
    return list(session.scalars(asked.order_by(OfferAsked.person_id)))
