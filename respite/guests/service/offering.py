"""An offer of a bed to the next in line, with a clock. While it stands the bed is kept for them and for nobody else."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, take
from respite.guests import events
from respite.guests.errors import (
    AskedAlready,
    NotByText,
    OfferOver,
    SomebodyAskedFirst,
    SomebodyBehindTheDoor,
)
from respite.guests.models import BedOffer, Guest, Stay, Waiting
from respite.guests.policy.offers import Ended, How, Said, passed_over
from respite.guests.policy.stay_states import StayState
from respite.guests.service.bed_fit import NOTHING_SAID, Fit, must_suit_house
from respite.guests.service.ground import Ground, ground, let_go_what_ran_out, locked_bed, occupant_of
from respite.guests.service.nights import must_have_nights
from respite.guests.service.offer_ends import (
    end,
    end_offers_of,
    open_offers,
    parts_of,
)
from respite.guests.service.offer_line import by_text, clock_begins, line_for, nights_for, place_of
from respite.guests.service.offer_making import (
    ask_by_text,
    first_night_of,
    keep_bed,
    make_offer,
    nights_as_wished,
    tonight_at,
)
from respite.guests.service.offer_taken_back import may_have_read, tell_taken_back
from respite.guests.service.offer_turns import coming, next_who_needs_no_yes, who_need_no_yes
from respite.guests.service.promised import WAITING
from respite.guests.service.saving import check_wish, put_clock, tell_saved
from respite.guests.service.talk_first import invite_to_talk
from respite.guests.service.undo import undoing
from respite.guests.service.waiting import close, must_be_waiting, tell_ended
from respite.guests.service.yes_first import must_have_a_yes
from respite.houses.errors import BedTaken
from respite.houses.models import Bed, ClaimKind
from respite.houses.policy.house_time import nights_between
from respite.houses.service.claims import claim, release, taken
from respite.messaging.models import Correspondent
from respite.promises.events import PARTS as PROMISE_PARTS
from respite.promises.service.ends import let_go_all, open_for


def offer_bed(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    bed_id: uuid.UUID,
    waiting_id: uuid.UUID,
    how: How,
    nights: int | None = None,
    first_night: date | None = None,
    goes_on: bool = False,
    said: Said | None = None,
    fit: Fit = NOTHING_SAID,
    now: datetime,
) -> BedOffer:
    """Keep a bed for somebody on the list while they are asked; tonight, and as many nights as they wish, where these
    are not named. With `goes_on` the next in line is asked by itself unless they say yes.

    Who asked earlier and can be asked now is not passed over, unless `said` states what a peer knows; a rule of the
    house that says no is gone past only where `fit` says so. Raises BedTaken, BedOffered, NotOnTheList, RuleSaysNo,
    SomebodyAskedFirst, AskedAlready, NotByText, Invalid, and what the nights rule says.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        here = ground(session, house_id, at=None, now=now)
        bed = locked_bed(session, house_id, bed_id)
        waiting = must_be_waiting(session.get(Waiting, waiting_id), house_id)
        if open_offers(session, BedOffer.waiting_id == waiting.id, BedOffer.bed_id == bed.id):
            raise AskedAlready
        check_wish(first_night or here.tonight, nights or 1, None, None, here)
        must_suit_house(session, actor, waiting.guest, here, fit, now)
        person = _who_can_be_texted(session, waiting) if how == How.TEXT else None
        first = first_night_of(here, waiting, person, first_night, now)
        place = place_of(session, bed, first, now)
        line = line_for(session, here, place, nights, now)
        passed = passed_over(who_need_no_yes(session, here, line, first), waiting.id, now)
        if passed and said is None:
            raise SomebodyAskedFirst
        offer = make_offer(
            here, bed, waiting, person, first, nights or nights_as_wished(session, here, place, waiting), now
        )
        must_have_a_yes(session, actor, here, coming(waiting, offer.first_night, offer.nights))
        offer.how, offer.goes_on, offer.passed_over = how, goes_on, said if passed else None
        with undoing(session, actor, house_id, events.BED_OFFERED) if how == How.CALL else nullcontext() as undo:
            stay = keep_bed(session, here, bed, waiting, offer, actor, now)
            if undo is not None:
                undo.made, undo.parts = [offer, stay], parts_of(offer)
        if person is not None:
            ask_by_text(session, here, offer, person, actor, now)
    return offer


def say_yes(actor: Actor, offer_id: uuid.UUID, *, now: datetime) -> Stay:
    """They said yes on the telephone: the bed is saved for them, and their waiting is over. A second yes is the first.

    Raises OfferOver, NightsUsedUp, StayTooLong, AlreadyHere, BedTaken, SomebodyBehindTheDoor.
    """
    with transaction() as session:
        offer = locked_row(session, actor, BedOffer, offer_id, May.KEEP_BEDS)
        let_go_what_ran_out(session, offer.house_id, now)
        return take_up(session, offer, actor, now)


def say_not_now(actor: Actor, offer_id: uuid.UUID, *, now: datetime) -> BedOffer:
    """Not this time: they keep their place, and the bed is free for the next in line."""
    return _ended_by(actor, offer_id, Ended.NOT_NOW, now)


def take_back(actor: Actor, offer_id: uuid.UUID, *, now: datetime) -> BedOffer:
    """The house takes an offer back, and whoever was told of it is told so. Nobody else is asked by itself."""
    return _ended_by(actor, offer_id, Ended.WITHDRAWN, now)


def take_up(session: Session, offer: BedOffer, actor: Actor | None, now: datetime) -> Stay:
    """The yes itself, behind the house's lock, when what ran out is let go. It counts once."""
    stay = session.get_one(Stay, offer.stay_id)
    if offer.ended_how == Ended.ACCEPTED:
        return stay
    if offer.ended_at is not None:
        raise OfferOver
    here = ground(session, offer.house_id, at=None, now=now)
    waiting = session.get_one(Waiting, offer.waiting_id)
    bed = locked_bed(session, offer.house_id, offer.bed_id)
    guest = waiting.guest
    first, nights = _nights_now(session, here, bed, offer)
    must_have_nights(session, guest, first, nights, here)
    must_have_a_yes(session, actor, here, coming(waiting, first, nights))
    others = open_offers(session, BedOffer.waiting_id == waiting.id, BedOffer.id != offer.id)
    # What was asked of others since then, or answered, cannot be taken back with one tap.
    undoable = None if actor is None or others else actor
    callbacks = open_for(session, here.house.id, WAITING, waiting.id)
    rows = (stay, waiting, offer, *callbacks)
    with undoing(session, undoable, here.house.id, events.BED_SAVED, *rows) if undoable else nullcontext() as undo:
        if undo is not None:
            undo.parts = (*parts_of(offer), *PROMISE_PARTS)
        _save(session, here, bed, stay, guest, first, nights)
        end(session, offer, Ended.ACCEPTED, actor, now)
        end_offers_of(session, waiting.id, Ended.ANSWERED, actor, now)
        close(waiting, "saved", now)
        let_go_all(session, callbacks, actor or CLOCK, now)
        talk = invite_to_talk(session, here, waiting, guest, actor, now)
        if undo is not None and talk is not None:
            undo.along = [talk]
    tell_ended(session, waiting, actor, now)
    tell_saved(session, stay, actor, now)
    return stay


def run_out(row: DueRow, now: datetime) -> None:
    """An offer's clock is over. What ran out lets go together, whoever looks first."""
    with transaction() as session:
        house_id = _locked(session, row)
        take(session, row)
        let_go_what_ran_out(session, house_id, now)


def go_on(row: DueRow, now: datetime) -> None:
    """Without a yes the next in line is asked, once; until the bed is somebody's, or nobody is left to ask."""
    with transaction() as session:
        house_id = _locked(session, row)
        if not take(session, row):
            return
        before = session.get(BedOffer, row.subject, populate_existing=True)
        if before is None:
            return
        here = ground(session, house_id, at=None, now=now)
        why_not = _ask_next(session, here, before, now)
        if why_not is not None:
            record(
                session,
                house_id,
                events.LINE_ENDED,
                subject=before.line_id,
                actor=CLOCK,
                at=now,
                parts=parts_of(before),
                bed_id=before.bed_id,
                why=why_not,
            )


def _ask_next(session: Session, here: Ground, before: BedOffer, now: datetime) -> str | None:
    """Ask the next in line about the bed of an offer that ended; why not, where nobody is asked."""
    bed = session.get_one(Bed, before.bed_id)
    first = max(before.first_night, here.tonight)
    behind = first == here.tonight and occupant_of(session, bed.id) is not None
    if bed.retired_at is not None or behind or taken(session, bed.id, {first}):
        return "bed-taken"
    place = place_of(session, bed, first, now)
    line = line_for(session, here, place, before.nights, now, before.line_id)
    for_whom = next_who_needs_no_yes(session, here, line, first)
    if for_whom is None:
        return "nobody-left"
    waiting = session.get_one(Waiting, for_whom.waiting_id)
    person = by_text(session, waiting)
    if person is not None and clock_begins(waiting, person, here.house, now) is None:
        person = None
    begins_on = first_night_of(here, waiting, person, first, now)
    if person is not None and begins_on != tonight_at(here, clock_begins(waiting, person, here.house, now) or now):
        person = None  # a text names no day
    place = place_of(session, bed, begins_on, now)
    nights = nights_for(session, here, place, waiting, before.nights)
    if nights < 1:
        return "bed-taken"
    offer = make_offer(here, bed, waiting, person, begins_on, nights, now)
    offer.how, offer.goes_on, offer.line_id = How.TEXT if person else How.CALL, True, before.line_id
    keep_bed(session, here, bed, waiting, offer, CLOCK, now)
    if person is not None:
        ask_by_text(session, here, offer, person, CLOCK, now)
    return None


def _who_can_be_texted(session: Session, waiting: Waiting) -> Correspondent:
    person = by_text(session, waiting)
    if person is None:
        raise NotByText
    return person


def _nights_now(session: Session, here: Ground, bed: Bed, offer: BedOffer) -> tuple[date, int]:
    """The nights as they are when somebody says yes: a night that is over is made up for where the bed is open."""
    first = max(offer.first_night, here.tonight)
    if first == here.tonight and occupant_of(session, bed.id) is not None:
        raise SomebodyBehindTheDoor
    nights = place_of(session, bed, first, here.at, without=offer.stay_id).nights_open(offer.nights)
    if nights < 1:
        raise BedTaken
    return first, nights


def _save(session: Session, here: Ground, bed: Bed, stay: Stay, guest: Guest | None, first: date, nights: int) -> None:
    """The offered bed becomes a saved one, with a clock of its own by the house's rules of now."""
    stay.state, stay.guest_id, stay.rules_id = StayState.HELD, guest.id if guest else None, here.rules.id
    stay.first_night, stay.until = first, first + timedelta(days=nights)
    stay.saved_at, stay.saved_until = here.at, here.at + timedelta(minutes=here.rules.saved_minutes)
    release(session, stay.id)
    claim(session, bed, nights_between(first, stay.until), ClaimKind.HELD, stay.id)
    put_clock(session, stay, here.rules.ask_minutes_before)


def _ended_by(actor: Actor, offer_id: uuid.UUID, how: Ended, now: datetime) -> BedOffer:
    with transaction() as session:
        offer = locked_row(session, actor, BedOffer, offer_id, May.KEEP_BEDS)
        let_go_what_ran_out(session, offer.house_id, now)
        if offer.ended_how == how:
            return offer
        if offer.ended_at is not None:
            raise OfferOver
        stay = session.get_one(Stay, offer.stay_id)
        told = how == Ended.WITHDRAWN
        # What somebody has been told by text cannot be untold with one tap.
        undoable = None if told and may_have_read(session, offer) else actor
        rows = (offer, stay)
        keeps = undoing(session, undoable, offer.house_id, events.OFFER_ENDED, *rows) if undoable else nullcontext()
        with keeps as undo:
            end(session, offer, how, actor, now)
            promise = tell_taken_back(session, offer, actor, now) if told else None
            if undo is not None:
                undo.parts = (*parts_of(offer), *(PROMISE_PARTS if promise is not None else ()))
                undo.along = [promise] if promise is not None else []
    return offer


def _locked(session: Session, row: DueRow) -> uuid.UUID:
    assert row.house_id is not None
    lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
    return row.house_id
