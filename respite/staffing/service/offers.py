"""Open shifts on offer: opened, asked for a wave at a time, taken by the first yes that counts, closed.

Everything about an offer happens behind its house's lock. What hangs on the shift is heard of by `follow` and `forget`:
whoever puts somebody on, moves the shift or takes it off closes the offer by that.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.core.errors import Invalid, Refusal
from respite.houses.models import House
from respite.messaging.service.codes import code_for, end_code
from respite.staffing import events
from respite.staffing.errors import AlreadyOn, DoesNotFit, NotOpen, OfferOver, ShiftFilled, ShiftOver
from respite.staffing.models import OfferAsked, Shift, ShiftOffer
from respite.staffing.policy.offers import MOVES, Answer, Closed, OfferState
from respite.staffing.roster.reasons import Reason
from respite.staffing.service import asking, offer_words
from respite.staffing.service.asking import OFFER, OWN, row_of
from respite.staffing.service.fitting import against
from respite.staffing.service.shifts import PARTS, give_to
from respite.staffing.service.texting import stepped_back

TELLS, FORGETS = "staffing.offer.tells", "staffing.offer.forgets"
#: Who answers in these minutes anyway is told by that answer, and by nothing else.
SOON = timedelta(minutes=2)
#: Who was asked, and what they said, helps nobody any more after that.
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Took:
    """What came of a yes. `yours` is false where somebody was faster, it changed, or rules speak against it."""

    yours: bool
    shift: Shift | None
    why: Closed | None = None  # it is not open any more
    against: tuple[Reason, ...] = ()


def refusal_of(took: Took) -> type[Refusal]:
    """The rule that stands against a yes which did not count."""
    if took.why in (Closed.TAKEN, Closed.FILLED):
        return ShiftFilled
    return OfferOver if took.why is not None else DoesNotFit


# -- opening and closing ----------------------------------------------------------------------------------------------


def start(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> ShiftOffer:
    """Offer an open shift; the first wave is asked at once. Started twice, the standing offer. Raises NotOpen."""
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.KEEP_SHIFTS)
        return open_offer(session, shift, actor, now)


def stop(actor: Actor, offer_id: uuid.UUID, *, now: datetime) -> ShiftOffer:
    """Ask nobody any more. The shift stays open. Raises OfferOver."""
    with transaction() as session:
        offer = locked_row(session, actor, ShiftOffer, offer_id, May.KEEP_SHIFTS)
        if offer.closed_at is not None:
            raise OfferOver
        close(session, offer, Closed.STOPPED, actor, now)
    return offer


def open_offer(session: Session, shift: Shift, actor: Actor, now: datetime) -> ShiftOffer:
    """`start`, inside the caller's transaction, which holds the house's lock."""
    standing = standing_offer(session, shift.id)
    if standing is not None:
        return standing
    if shift.person_id is not None or shift.published_at is None or shift.ends_at <= now:
        raise NotOpen
    offer = ShiftOffer(
        house_id=shift.house_id,
        shift_id=shift.id,
        shift_version=shift.version,
        state=OfferState.OPEN,
        opened_at=now,
        opened_by=actor.ref,
    )
    session.add(offer)
    session.flush()
    code_for(session, shift.house_id, OFFER, offer.id, now)
    set_due(session, MOVES, offer.id, now, shift.house_id)
    note(session, offer, events.OFFER_OPENED, actor, now, shift_id=shift.id)
    return offer


def standing_offer(session: Session, shift_id: uuid.UUID) -> ShiftOffer | None:
    """The offer of a shift that is open."""
    return session.scalar(sa.select(ShiftOffer).where(ShiftOffer.shift_id == shift_id, ShiftOffer.closed_at.is_(None)))


def close(session: Session, offer: ShiftOffer, why: Closed, actor: Actor, now: datetime) -> None:
    """No yes counts any more. Texts that have not left are called back; who read one is told where it is filled."""
    offer.state = OfferState.TAKEN if why == Closed.TAKEN else OfferState.CLOSED
    offer.closed_at, offer.closed_why = now, why
    end_code(session, OFFER, offer.id, now)
    clear_due(session, offer.id, MOVES)
    set_due(session, FORGETS, offer.id, now + KEPT_FOR, offer.house_id)
    session.flush()
    offer_words.call_back(session, offer, now)
    if why in (Closed.TAKEN, Closed.FILLED):
        set_due(session, TELLS, offer.id, now + SOON, offer.house_id)
    note(session, offer, events.OFFER_CLOSED, actor, now, why=str(why), person_id=offer.taken_by)


# -- what they say ----------------------------------------------------------------------------------------------------


def claim(
    actor: Actor,
    shift_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    version_seen: int | None = None,
    tells: bool = False,
    now: datetime,
) -> Took:
    """Somebody takes an open shift, on offer or not. Said twice by the same person, it is theirs twice.

    `tells`: they have it in writing too. Raises ShiftOver, StaleVersion.
    """
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.SEE_SHIFTS, version_seen)
        if shift.person_id == person_id:
            return Took(yours=True, shift=shift)
        if shift.person_id is not None:
            return Took(yours=False, shift=shift, why=Closed.FILLED)
        if shift.published_at is None or shift.ends_at <= now:
            raise ShiftOver
        offer = standing_offer(session, shift.id)
        if offer is not None:
            took = yes(session, offer, person_id, actor, now)
        else:
            took = _give(session, shift, person_id, actor, now)
        if took.yours and tells:
            offer_words.tell_yours(session, shift, person_id, now)
    return took


def pass_on(actor: Actor, offer_id: uuid.UUID, *, now: datetime) -> ShiftOffer:
    """ "Not this one", by a tap."""
    with transaction() as session:
        offer = locked_row(session, actor, ShiftOffer, offer_id, May.SEE_SHIFTS)
        if actor.kind == ActorKind.PERSON and offer.taken_by != actor.id:
            no(session, offer, actor.id, now)
    return offer


def yes(session: Session, offer: ShiftOffer, person_id: uuid.UUID, actor: Actor, now: datetime) -> Took:
    """A yes to an offer. The caller holds the house's lock, so everything is asked again here and nobody is between."""
    shift = session.get(Shift, offer.shift_id, populate_existing=True)
    if offer.closed_at is not None or shift is None:
        mine = shift is not None and shift.person_id == person_id and offer.taken_by == person_id
        _told(session, offer, person_id, now)
        return Took(yours=mine, shift=shift, why=Closed(offer.closed_why or Closed.OVER))
    if shift.version != offer.shift_version or shift.person_id is not None:
        follow(session, shift, None, CLOCK, now)
        return Took(yours=False, shift=shift, why=Closed(offer.closed_why or Closed.MOVED))
    row = row_of(session, offer, person_id)
    if row is None:
        row = OfferAsked(house_id=offer.house_id, offer_id=offer.id, person_id=person_id, how=OWN, asked_at=now)
        session.add(row)
    back = row.how == OWN and row.answer == Answer.NO  # it was theirs a moment ago
    offer.taken_by = person_id
    took = _give(session, shift, person_id, actor, now, asks_rules=not back)
    row.answer, row.answered_at = Answer.YES if took.yours else Answer.GLADLY, now
    row.against = sorted({str(each.rule) for each in took.against})
    if took.yours:
        row.told_at = now
    else:
        offer.taken_by = None
        note(session, offer, events.OFFER_ANSWERED, None, now)
    session.flush()
    return took


def no(session: Session, offer: ShiftOffer, person_id: uuid.UUID, now: datetime) -> None:
    """They pass, and are not asked for this shift again. The caller holds the house's lock."""
    row = row_of(session, offer, person_id)
    if row is None:
        row = OfferAsked(house_id=offer.house_id, offer_id=offer.id, person_id=person_id, how=OWN, asked_at=now)
        session.add(row)
    if row.answer != Answer.NO:
        row.answer, row.answered_at, row.against = Answer.NO, now, []
        offer_words.call_back_from(session, offer, person_id, now)
        note(session, offer, events.OFFER_ANSWERED, None, now)


def _give(
    session: Session, shift: Shift, person_id: uuid.UUID, actor: Actor, now: datetime, *, asks_rules: bool = True
) -> Took:
    house = session.get_one(House, shift.house_id)
    reasons = against(session, house, person_id, shift.id, now) if asks_rules else []
    if reasons or stepped_back(session, house.id, person_id):
        return Took(yours=False, shift=shift, against=tuple(reasons))
    try:
        give_to(session, shift, person_id, actor, now)
    except (AlreadyOn, Invalid):
        return Took(yours=False, shift=shift)
    return Took(yours=True, shift=shift)


def _told(session: Session, offer: ShiftOffer, person_id: uuid.UUID, now: datetime) -> None:
    """They answered after its end, and hear so now: the word that was to come by itself is called back."""
    row = row_of(session, offer, person_id)
    if row is not None:
        row.told_at = row.told_at or now
    offer_words.call_back_from(session, offer, person_id, now)


# -- what hangs on the shift, and on the clock ------------------------------------------------------------------------


def follow(session: Session, shift: Shift, before: uuid.UUID | None, actor: Actor, now: datetime) -> None:
    """The shift was given to somebody, or moved: its offer is closed, and opened anew where it is still open."""
    offer = standing_offer(session, shift.id)
    if offer is None:
        return
    if shift.person_id is not None:
        taken = offer.taken_by == shift.person_id
        offer.taken_by = shift.person_id
        close(session, offer, Closed.TAKEN if taken else Closed.FILLED, actor, now)
    elif shift.version != offer.shift_version:
        close(session, offer, Closed.MOVED, actor, now)
        if shift.ends_at > now:
            open_offer(session, shift, actor, now)


def forget(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """The shift leaves the list, and its offers with it."""
    for offer in session.scalars(sa.select(ShiftOffer).where(ShiftOffer.shift_id == shift.id)).all():
        if offer.closed_at is None:
            close(session, offer, Closed.STOPPED, actor, now)
        clear_due(session, offer.id, MOVES, TELLS, FORGETS)
        session.execute(sa.delete(OfferAsked).where(OfferAsked.offer_id == offer.id))
        session.delete(offer)
    session.flush()


@handles(MOVES)
def offer_moves(row: DueRow, now: datetime) -> None:
    """The next wave's time has come, or somebody is to phone, or the shift is over."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_SHIFTS)
        if not take(session, row):
            return
        offer = session.get(ShiftOffer, row.subject)
        if offer is None or offer.closed_at is not None:
            return
        shift = session.get_one(Shift, offer.shift_id)
        if shift.version != offer.shift_version:
            follow(session, shift, None, CLOCK, now)
        elif shift.ends_at <= now:
            close(session, offer, Closed.OVER, CLOCK, now)
        else:
            _goes_on(session, offer, shift, now)


def _goes_on(session: Session, offer: ShiftOffer, shift: Shift, now: datetime) -> None:
    if offer.all_asked_at is None:
        again = asking.ask_next(session, offer, shift, now)
    else:
        offer.to_phone_at, again = offer.to_phone_at or now, shift.ends_at
        offer_words.ask_to_phone(session, offer, shift, now)
    session.flush()
    set_due(session, MOVES, offer.id, min(again, shift.ends_at), offer.house_id)
    note(session, offer, events.OFFER_ASKED, CLOCK, now, wave=offer.wave)


@handles(TELLS)
def offer_tells(row: DueRow, now: datetime) -> None:
    """It was filled: those who read the question and have not answered are told."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_SHIFTS)
        if not take(session, row):
            return
        offer = session.get_one(ShiftOffer, row.subject)
        offer_words.tell_filled(session, offer, session.get_one(Shift, offer.shift_id), now)


@handles(FORGETS)
def offer_forgets(row: DueRow, now: datetime) -> None:
    """Who was asked for a shift of long ago is nobody's business any more."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_SHIFTS)
        if take(session, row):
            session.execute(sa.delete(OfferAsked).where(OfferAsked.offer_id == row.subject))


def note(session: Session, offer: ShiftOffer, event: str, actor: Actor | None, now: datetime, **data: Any) -> None:
    """Into the house's log; pages of shifts look again."""
    record(session, offer.house_id, event, subject=offer.id, actor=actor, at=now, parts=(*PARTS, "offers"), **data)
