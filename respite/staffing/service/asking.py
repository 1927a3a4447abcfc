"""Whom an open shift is offered to, a wave at a time, and the words that go to them.

Asked is whom the shift fits by the house's rules, who said yes to such texts, at an hour at which they may be asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.models import Correspondent, Message
from respite.messaging.policy.hours import Hours, is_open, next_open, zones_for
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for
from respite.messaging.service.writing import cancel_where
from respite.staffing.models import OfferAsked, Peer, Shift, ShiftOffer
from respite.staffing.models.peers import ASKED_FROM, ASKED_UNTIL
from respite.staffing.policy.duty import Duty
from respite.staffing.policy.offers import Answer, Willing, all_at_once_at, in_fair_order, next_wave_at, size_of
from respite.staffing.queries.duty import duty_on
from respite.staffing.queries.shifts import people_for_shifts
from respite.staffing.service.fitting import against
from respite.staffing.service.texting import language_of, reachable, shift_fields, tell

OFFER = "offer"
TEXT, PHONE, OWN = "text", "phone", "own"


def duty_of_shift(session: Session, house: House, shift: Shift) -> Duty:
    """The rules of duty that count on the day a shift begins."""
    return duty_on(session, house, local(shift.starts_at, house.timezone).date())


def texts_of(offer: ShiftOffer) -> str:
    """How the dedupe keys of everything that asks for an offer begin."""
    return f"offer:{offer.id}:"


def ask_next(session: Session, offer: ShiftOffer, shift: Shift, now: datetime) -> datetime:
    """Ask the next wave; returns when to look again. The caller holds the house's lock."""
    house = session.get_one(House, offer.house_id)
    duty = duty_of_shift(session, house, shift)
    if now >= all_at_once_at(shift.starts_at, duty):
        return _ask_all(session, house, offer, shift, duty, now)
    people = list(_in_turn(session, offer, shift, again=False))
    most, asked = size_of(offer.wave + 1, duty), 0
    for each in people:
        if asked == most:
            break
        if _may_be_asked(session, house, each.person_id, Purpose.SHIFTS, now) is None:
            continue
        if not against(session, house, each.person_id, shift.id, now):
            asked += _ask(session, house, offer, shift, each.person_id, Purpose.SHIFTS, now)
    if asked:
        offer.wave += 1
        return next_wave_at(now, shift.starts_at, offer.wave, duty)
    return min([all_at_once_at(shift.starts_at, duty), *_next_hours(session, house, people, now)])


def _ask_all(session: Session, house: House, offer: ShiftOffer, shift: Shift, duty: Duty, now: datetime) -> datetime:
    """Everybody whom it fits together, also those who were asked and have not answered yet."""
    asked = 0
    for each in _in_turn(session, offer, shift, again=True):
        if _may_be_asked(session, house, each.person_id, Purpose.DUTY, now) is None:
            continue
        if not against(session, house, each.person_id, shift.id, now):
            asked += _ask(session, house, offer, shift, each.person_id, Purpose.DUTY, now)
    offer.wave, offer.all_asked_at = offer.wave + 1, now
    return now + (timedelta(minutes=duty.phone_after) if asked else timedelta(0))


def _in_turn(session: Session, offer: ShiftOffer, shift: Shift, *, again: bool) -> Iterator[Willing]:
    """Who may be asked, in fair order. Nobody who said no to this shift is asked for it again."""
    people = {each.id for each in people_for_shifts(session, offer.house_id)} - said_no(session, shift.id)
    people -= asked_of(session, offer.id, answered=again)
    rested: dict[uuid.UUID, datetime] = {
        person_id: ends_at
        for person_id, ends_at in session.execute(
            sa.select(Shift.person_id, sa.func.max(Shift.ends_at))
            .where(Shift.house_id == offer.house_id, Shift.published_at.is_not(None), Shift.id != shift.id)
            .where(Shift.person_id.in_(people), Shift.starts_at < shift.starts_at)
            .group_by(Shift.person_id)
        )
        if person_id is not None
    }
    asked = (
        sa.select(OfferAsked.person_id, sa.func.max(OfferAsked.asked_at).label("at"))
        .where(OfferAsked.house_id == offer.house_id, OfferAsked.how != OWN, OfferAsked.offer_id != offer.id)
        .group_by(OfferAsked.person_id)
    )
    lately: dict[uuid.UUID, datetime] = {row.person_id: row.at for row in session.execute(asked)}
    willing = (Willing(person_id, rested.get(person_id), lately.get(person_id)) for person_id in people)
    yield from in_fair_order(willing, shift.starts_at, offer.id)


def said_no(session: Session, shift_id: uuid.UUID) -> set[uuid.UUID]:
    """Who passed on a shift, in any offer of it."""
    return set(
        session.scalars(
            sa.select(OfferAsked.person_id)
            .join(ShiftOffer, ShiftOffer.id == OfferAsked.offer_id)
            .where(ShiftOffer.shift_id == shift_id, OfferAsked.answer == Answer.NO)
        )
    )


def asked_of(session: Session, offer_id: uuid.UUID, *, answered: bool) -> set[uuid.UUID]:
    """Who was asked for an offer; only those who answered where `answered`."""
    found = sa.select(OfferAsked.person_id).where(OfferAsked.offer_id == offer_id)
    return set(session.scalars(found.where(OfferAsked.answer.is_not(None)) if answered else found))


def _may_be_asked(
    session: Session, house: House, person_id: uuid.UUID, purpose: Purpose, now: datetime
) -> Correspondent | None:
    """The person, where they said yes to such texts and this is an hour at which they may be asked."""
    person = reachable(session, house.id, person_id, purpose)
    if person is None:
        return None
    zones = _zones(house, person)
    within = _hours_of(session, house, person)
    if purpose == Purpose.SHIFTS:  # such a text would wait for their hours anyway, and meanwhile nobody be asked
        within = [*within, Hours(person.hours_from, person.hours_until)]
    return person if all(is_open(now, hours, zones) for hours in within) else None


def asleep(session: Session, house: House, people: Iterable[uuid.UUID], now: datetime) -> set[uuid.UUID]:
    """Those who may not be asked for open shifts at this hour, by what they chose."""
    found = session.scalars(
        sa.select(Correspondent).where(Correspondent.house_id == house.id, Correspondent.subject_id.in_(list(people)))
    )
    return {
        each.subject_id
        for each in found
        if not all(is_open(now, hours, _zones(house, each)) for hours in _hours_of(session, house, each))
    }


def _next_hours(session: Session, house: House, people: list[Willing], now: datetime) -> Iterator[datetime]:
    """When each of those who may not be asked now may be asked next."""
    for each in people:
        person = reachable(session, house.id, each.person_id, Purpose.SHIFTS)
        if person is None or _may_be_asked(session, house, each.person_id, Purpose.SHIFTS, now) is not None:
            continue
        at = may_be_asked_at(session, house, person, now)
        if at > now:
            yield at


def may_be_asked_at(session: Session, house: House, person: Correspondent, now: datetime) -> datetime:
    """The next time at which somebody may be texted about a shift, by what they chose; now where this is one."""
    zones, at = _zones(house, person), now
    for hours in (*_hours_of(session, house, person), Hours(person.hours_from, person.hours_until)):
        at = next_open(at, hours, zones) or at
    return at


def _hours_of(session: Session, house: House, person: Correspondent) -> list[Hours]:
    """When they may be asked for open shifts, by their own clock."""
    peer = session.scalar(sa.select(Peer).where(Peer.house_id == house.id, Peer.person_id == person.subject_id))
    return [Hours(peer.asked_from, peer.asked_until) if peer else Hours(ASKED_FROM, ASKED_UNTIL)]


def _zones(house: House, person: Correspondent) -> tuple[str, ...]:
    return zones_for(person.timezone or house.timezone, person.number or "", house.timezone)


def _ask(
    session: Session,
    house: House,
    offer: ShiftOffer,
    shift: Shift,
    person_id: uuid.UUID,
    purpose: Purpose,
    now: datetime,
) -> int:
    """Text them; 1 where that was possible."""
    if purpose == Purpose.DUTY:  # the earlier text may wait for their hours still; this one does not
        key = f"{texts_of(offer)}{person_id}"
        cancel_where(session, "asked-at-once", now, Message.dedupe_key == key)
    fields = shift_fields(shift.starts_at, shift.ends_at, house, language_of(session, house, person_id))
    code = str(code_for(session, house.id, OFFER, offer.id, now))
    text = tell(
        session,
        house,
        person_id,
        "shift-open",
        {**fields, "code": code},
        purpose=purpose,
        dedupe_key=f"{texts_of(offer)}{person_id}{':now' if purpose == Purpose.DUTY else ''}",
        now=now,
        not_after=shift.ends_at,
    )
    if text is None:
        return 0
    row = row_of(session, offer, person_id)
    if row is None:
        session.add(
            OfferAsked(
                house_id=house.id,
                offer_id=offer.id,
                person_id=person_id,
                how=TEXT,
                wave=offer.wave + 1,
                asked_at=now,
            )
        )
        session.flush()
    return 1


def row_of(session: Session, offer: ShiftOffer, person_id: uuid.UUID) -> OfferAsked | None:
    return session.scalar(
        sa.select(OfferAsked).where(OfferAsked.offer_id == offer.id, OfferAsked.person_id == person_id)
    )
