"""An offer of a bed to the next in line, with a clock. While it stands the bed is kept for them and for nobody else."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, set_due, take
from respite.guests import due_kinds, events
from respite.guests.errors import (
    AskedAlready,
    BedOffered,
    NotByText,
    OfferOver,
    SomebodyAskedFirst,
    SomebodyBehindTheDoor,
)
from respite.guests.models import BedOffer, Guest, Stay, Waiting
from respite.guests.policy.offer_clock import runs_out_at
from respite.guests.policy.offers import Ended, How, Said, next_in_line, passed_over
from respite.guests.policy.stay_states import StayState
from respite.guests.service.ground import Ground, door, ground, let_go_what_ran_out, locked_bed, occupant_of
from respite.guests.service.nights import must_have_nights
from respite.guests.service.offer_ends import (
    BED_OFFER,
    end,
    end_offers_of,
    kept_for_an_offer,
    open_offers,
    parts_of,
    text_of,
)
from respite.guests.service.offer_line import Place, by_text, clock_begins, hours_of, line_for, nights_for, place_of
from respite.guests.service.offer_words import answer_by
from respite.guests.service.promised import WAITING
from respite.guests.service.saving import check_wish, put_clock
from respite.guests.service.undo import undoing
from respite.guests.service.waiting import close, must_be_waiting, tell_ended
from respite.houses.errors import BedTaken
from respite.houses.models import Bed, ClaimKind
from respite.houses.policy.house_time import night_of, nights_between
from respite.houses.service.claims import claim, release, taken
from respite.messaging.models import Correspondent
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for
from respite.messaging.service.wordings import house_fields
from respite.messaging.service.writing import write
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
    now: datetime,
) -> BedOffer:
    """Keep a bed for somebody on the list while they are asked; tonight, and as many nights as they wish, where these
    are not named. With `goes_on` the next in line is asked by itself unless they say yes.

    Who asked earlier and can be asked now is not passed over, unless `said` states what a peer knows. Raises BedTaken,
    BedOffered, NotOnTheList, SomebodyAskedFirst, AskedAlready, NotByText, Invalid, and what the nights rule says.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        here = ground(session, house_id, at=None, now=now)
        bed = locked_bed(session, house_id, bed_id)
        waiting = must_be_waiting(session.get(Waiting, waiting_id), house_id)
        if open_offers(session, BedOffer.waiting_id == waiting.id, BedOffer.bed_id == bed.id):
            raise AskedAlready
        check_wish(first_night or here.tonight, nights or 1, None, None, here)
        person = _who_can_be_texted(session, waiting) if how == How.TEXT else None
        first = _first_night(here, waiting, person, first_night, now)
        place = place_of(session, bed, first, now)
        line = line_for(session, here, place, nights, now)
        passed = passed_over(line, waiting.id, now)
        if passed and said is None:
            raise SomebodyAskedFirst
        offer = _made(here, bed, waiting, person, first, nights or _nights_of(session, here, place, waiting), now)
        offer.how, offer.goes_on, offer.passed_over = how, goes_on, said if passed else None
        with undoing(session, actor, house_id, events.BED_OFFERED) if how == How.CALL else nullcontext() as undo:
            stay = _keep(session, here, bed, waiting, offer, actor, now)
            if undo is not None:
                undo.made, undo.parts = [offer, stay], parts_of(offer)
        if person is not None:
            _ask_by_text(session, here, offer, person, actor, now)
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
    """The house takes an offer back. Nobody else is asked by itself."""
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
    others = open_offers(session, BedOffer.waiting_id == waiting.id, BedOffer.id != offer.id)
    # What was asked of others since then, or answered, cannot be taken back with one tap.
    undoable = None if actor is None or others else actor
    callbacks = open_for(session, here.house.id, WAITING, waiting.id)
    rows = (waiting, offer, stay, *callbacks)
    with undoing(session, undoable, here.house.id, events.BED_SAVED, *rows) if undoable else nullcontext() as undo:
        if undo is not None:
            undo.parts = (*parts_of(offer), *PROMISE_PARTS)
        _save(session, here, bed, stay, guest, first, nights)
        end(session, offer, Ended.ACCEPTED, actor, now)
        end_offers_of(session, waiting.id, Ended.ANSWERED, actor, now)
        close(waiting, "saved", now)
        let_go_all(session, callbacks, actor or CLOCK, now)
    tell_ended(session, waiting, actor, now)
    record(
        session,
        here.house.id,
        events.BED_SAVED,
        subject=stay.id,
        actor=actor,
        at=now,
        parts=(*door(bed.id), "waiting"),
        bed_id=bed.id,
        first_night=stay.first_night,
        until=stay.until,
        saved_until=stay.saved_until,
    )
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
    for_whom = next_in_line(line, now)
    if for_whom is None:
        return "nobody-left"
    waiting = session.get_one(Waiting, for_whom.waiting_id)
    person = by_text(session, waiting)
    if person is not None and _begins(here, waiting, person, now) is None:
        person = None
    begins_on = _first_night(here, waiting, person, first, now)
    if person is not None and begins_on != _tonight_at(here, _begins(here, waiting, person, now) or now):
        person = None  # a text names no day
    place = place_of(session, bed, begins_on, now)
    nights = nights_for(session, here, place, waiting, before.nights)
    if nights < 1:
        return "bed-taken"
    offer = _made(here, bed, waiting, person, begins_on, nights, now)
    offer.how, offer.goes_on, offer.line_id = How.TEXT if person else How.CALL, True, before.line_id
    _keep(session, here, bed, waiting, offer, CLOCK, now)
    if person is not None:
        _ask_by_text(session, here, offer, person, CLOCK, now)
    return None


def _who_can_be_texted(session: Session, waiting: Waiting) -> Correspondent:
    person = by_text(session, waiting)
    if person is None:
        raise NotByText
    return person


def _begins(here: Ground, waiting: Waiting, person: Correspondent | None, now: datetime) -> datetime | None:
    return clock_begins(waiting, person, here.house, now)


def _tonight_at(here: Ground, at: datetime) -> date:
    return night_of(at, here.house.timezone, here.rules.night_turns_at)


def _first_night(
    here: Ground, waiting: Waiting, person: Correspondent | None, wished: date | None, now: datetime
) -> date:
    """The first night that can be theirs: the one that was meant, or that of the hour in which they can be asked.

    A text says "from tonight" and names no day, so what begins later is asked by telephone. Raises NotByText.
    """
    begins = _begins(here, waiting, person, now)
    if begins is None:
        raise NotByText
    tonight = _tonight_at(here, begins)
    if person is not None and wished is not None and wished > tonight:
        raise NotByText(_("A text names no day. For a night that is still to come, please call them."))
    return max(wished or tonight, tonight)


def _nights_of(session: Session, here: Ground, place: Place, waiting: Waiting) -> int:
    """Their wish as far as it goes; one night where nothing is open, so that the refusal says why."""
    return max(1, nights_for(session, here, place, waiting, None))


def _made(
    here: Ground,
    bed: Bed,
    waiting: Waiting,
    person: Correspondent | None,
    first: date,
    nights: int,
    now: datetime,
) -> BedOffer:
    hours, zone = hours_of(waiting, person, here.house)
    begins = _begins(here, waiting, person, now) or now
    minutes = here.rules.offer_minutes
    offer = BedOffer(
        house_id=here.house.id,
        waiting_id=waiting.id,
        bed_id=bed.id,
        first_night=first,
        nights=nights,
        minutes=minutes,
        made_at=now,
        runs_out_at=runs_out_at(begins, minutes, hours, zone),
    )
    offer.line_id = offer.id
    return offer


def _keep(
    session: Session, here: Ground, bed: Bed, waiting: Waiting, offer: BedOffer, actor: Actor, now: datetime
) -> Stay:
    """Claim the nights for the offer, which is nobody's stay yet."""
    if offer.first_night == here.tonight and occupant_of(session, bed.id) is not None:
        raise SomebodyBehindTheDoor
    must_have_nights(session, waiting.guest, offer.first_night, offer.nights, here)
    stay = Stay(
        house_id=here.house.id,
        guest_id=None,
        bed_id=bed.id,
        rules_id=here.rules.id,
        state=StayState.OFFERED,
        first_night=offer.first_night,
        until=offer.first_night + timedelta(days=offer.nights),
        saved_at=now,
        saved_until=offer.runs_out_at,
    )
    session.add(stay)
    session.flush()
    nights = nights_between(stay.first_night, stay.until)
    if kept_for_an_offer(session, bed.id, taken(session, bed.id, nights)):
        raise BedOffered
    claim(session, bed, nights, ClaimKind.HELD, stay.id)
    offer.stay_id, offer.made_by = stay.id, actor.ref
    session.add(offer)
    flag_modified(waiting, "since")  # who saw them before they were asked is told so
    session.flush()
    set_due(session, due_kinds.OFFER_RUNS_OUT, offer.id, offer.runs_out_at, here.house.id)
    record(
        session,
        here.house.id,
        events.BED_OFFERED,
        subject=offer.id,
        actor=actor,
        at=now,
        parts=parts_of(offer),
        bed_id=bed.id,
        waiting_id=waiting.id,
        first_night=offer.first_night,
        until=stay.until,
        how=offer.how,
        minutes=offer.minutes,
        runs_out_at=offer.runs_out_at,
        passed_over=offer.passed_over,
    )
    return stay


def _ask_by_text(
    session: Session, here: Ground, offer: BedOffer, person: Correspondent, actor: Actor, now: datetime
) -> None:
    waiting = session.get_one(Waiting, offer.waiting_id)
    begins = _begins(here, waiting, person, now) or now
    code = code_for(session, here.house.id, BED_OFFER, offer.id, now)
    write(
        session,
        here.house.id,
        number=person.number,
        purpose=Purpose.STAY,
        template="bed-offered",
        fields=house_fields(session, here.house.id)
        | {"code": str(code), "time_words": answer_by(offer.runs_out_at, here.house, person.language, begins)},
        language=person.language,
        dedupe_key=text_of(offer),
        made_by=actor.ref,
        not_before=begins if begins > now else None,
        not_after=offer.runs_out_at,
        correspondent_id=person.id,
        now=now,
    )


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
        with undoing(session, actor, offer.house_id, events.OFFER_ENDED, offer, stay) as undo:
            undo.parts = parts_of(offer)
            end(session, offer, how, actor, now)
    return offer


def _locked(session: Session, row: DueRow) -> uuid.UUID:
    assert row.house_id is not None
    lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
    return row.house_id
