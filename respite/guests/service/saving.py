"""Saving a bed, by phone, with a clock; and everything until the guest comes or the bed is free again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, set_due, take
from respite.core.errors import Invalid
from respite.guests import due_kinds, events
from respite.guests.errors import BedOffered, NoBedFree, SomebodyBehindTheDoor
from respite.guests.models import Guest, Stay, Waiting
from respite.guests.policy.apart import What
from respite.guests.policy.offers import Ended
from respite.guests.policy.stay_states import StayAct, StayState
from respite.guests.service.apart_who import Comes
from respite.guests.service.bed_fit import NOTHING_SAID, Fit, must_suit_house
from respite.guests.service.companions import checked_companions
from respite.guests.service.conversation import Talk, keep_talk, must_have_talked
from respite.guests.service.ground import (
    Ground,
    door,
    ground,
    let_go_what_ran_out,
    locked_bed,
    must_fit,
    occupant_of,
)
from respite.guests.service.nights import must_have_nights
from respite.guests.service.offer_ends import end, end_offers_of, kept_for_an_offer, offer_on, take_back_on
from respite.guests.service.offer_taken_back import tell_taken_back
from respite.guests.service.people import Who, guest_of
from respite.guests.service.promised import WAITING
from respite.guests.service.undo import undoing
from respite.guests.service.waiting import WAITING_PARTS, close, must_be_waiting, tell_ended
from respite.guests.service.yes_first import must_have_a_yes
from respite.houses.errors import BedTaken
from respite.houses.models import Bed, ClaimKind
from respite.houses.policy.house_time import nights_between
from respite.houses.queries import beds_of, rules_now
from respite.houses.service.claims import claim, release, taken
from respite.promises.events import PARTS as PROMISE_PARTS
from respite.promises.service.ends import let_go_all, open_for

FARTHEST = timedelta(days=366)  # how far ahead a bed can be saved
MOST_MINUTES = 10_080  # a week


def save_bed(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    who: Who | None = None,
    nights: int,
    bed_id: uuid.UUID | None = None,
    first_night: date | None = None,
    minutes: int | None = None,
    coming: str | None = None,
    companions: Mapping[str, int] | None = None,
    waiting_id: uuid.UUID | None = None,
    over_offer: bool = False,
    talk: Talk | None = None,
    fit: Fit = NOTHING_SAID,
    now: datetime,
) -> Stay:
    """Save a bed for some nights. Any free bed, and tonight, where they are not named.

    `waiting_id` is somebody on the waiting list: the bed is theirs, and their waiting ends in the same act, and with it
    what else they were asked. Whoever else it is for is `who`. A bed that is offered to somebody is saved for another
    only on purpose, `over_offer`.
    Raises BedTaken, BedOffered, NightsUsedUp, StayTooLong, AlreadyHere, NamelessNotOffered, CompanionsNotTaken,
    NotOnTheList, ConversationFirst (unless `talk` brings one), RuleSaysNo (unless `fit` goes past it), Invalid.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        here = ground(session, house_id, at=None, now=now)
        first = here.tonight if first_night is None else first_night
        check_wish(first, nights, minutes, coming, here)
        waiting = must_be_waiting(session.get(Waiting, waiting_id), house_id) if waiting_id else None
        if waiting is not None:
            end_offers_of(session, waiting.id, Ended.ANSWERED, actor, now)
        if bed_id is not None and over_offer:
            _take_back(session, locked_bed(session, house_id, bed_id), _nights(first, nights), actor, now)
        # The bed first: most who are refused are refused for it, and are then told without a word being sealed.
        bed = bed_for(session, here, bed_id, first, nights)
        guest, is_new = _for_whom(session, actor, who, waiting, here, now)
        must_have_nights(session, guest, first, nights, here, is_new=is_new)
        must_have_talked(session, guest, here, talk)
        must_suit_house(session, actor, guest, here, fit, now)
        must_have_a_yes(session, actor, here, Comes(What.BED, guest, first, first + timedelta(days=nights)))
        callbacks = open_for(session, house_id, WAITING, waiting.id) if waiting else []
        with undoing(session, actor, house_id, events.BED_SAVED, waiting, *callbacks) as undo:
            stay = _saved(here, guest, bed, first, nights, minutes)
            stay.coming = (coming or "").strip() or None
            stay.companions = checked_companions(here.rules, companions or {}, stay.id)
            session.add(stay)
            session.flush()
            claim(session, bed, nights_between(first, stay.until), ClaimKind.HELD, stay.id)
            put_clock(session, stay, here.rules.ask_minutes_before)
            undo.made = [stay, guest] if is_new and guest is not None else [stay]
            # By the time it is taken back, the desk may be asking for a call.
            undo.parts = (*door(bed.id), "notices", *((*WAITING_PARTS, *PROMISE_PARTS) if waiting else ()))
            if waiting is not None:
                close(waiting, "saved", now)
                let_go_all(session, callbacks, actor, now)
        if talk is not None and guest is not None:
            keep_talk(session, actor, guest, talk, here.house, here.rules, now)
        if waiting is not None:
            tell_ended(session, waiting, actor, now)
        tell_saved(session, stay, actor, now)
    return stay


def _take_back(session: Session, bed: Bed, nights: set[date], actor: Actor, now: datetime) -> None:
    """The offers that keep these nights are taken back, and whoever was told of one is told so."""
    for offer in take_back_on(session, bed, nights, actor, now):
        tell_taken_back(session, offer, actor, now)


def tell_saved(session: Session, stay: Stay, actor: Actor | None, now: datetime) -> None:
    """A bed is saved for somebody: a line of the log, and the door looks different."""
    record(
        session,
        stay.house_id,
        events.BED_SAVED,
        subject=stay.id,
        actor=actor,
        at=now,
        parts=door(stay.bed_id),
        bed_id=stay.bed_id,
        first_night=stay.first_night,
        until=stay.until,
        saved_until=stay.saved_until,
    )


def _for_whom(
    session: Session, actor: Actor, who: Who | None, waiting: Waiting | None, here: Ground, now: datetime
) -> tuple[Guest | None, bool]:
    if waiting is not None:
        return session.get_one(Guest, waiting.guest_id), False
    if who is None:
        raise Invalid(fields={"name": _("Any chosen name is fine.")})
    return guest_of(session, actor, who, here.rules, here.house.id, now)


def _saved(here: Ground, guest: Guest | None, bed: Bed, first: date, nights: int, minutes: int | None) -> Stay:
    clock = here.rules.saved_minutes if minutes is None else minutes
    return Stay(
        house_id=here.house.id,
        guest_id=guest.id if guest else None,
        bed_id=bed.id,
        rules_id=here.rules.id,
        state=StayState.HELD,
        first_night=first,
        until=first + timedelta(days=nights),
        saved_at=here.at,
        saved_until=here.at + timedelta(minutes=clock),
    )


def confirm(actor: Actor, stay_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Stay:
    """They are surely coming: the bed stays saved without a clock."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        must_fit(stay, StayAct.CONFIRM, now)
        with undoing(session, actor, stay.house_id, events.SAVE_CONFIRMED, stay) as undo:
            undo.parts = (*door(stay.bed_id), "notices")
            stay.confirmed_at, stay.saved_until = now, None
            clear_due(session, stay.id, due_kinds.SAVE_RUNS_OUT, due_kinds.SAVE_ASKS_FOR_CALL)
        _tell(session, stay, events.SAVE_CONFIRMED, actor, now)
    return stay


def save_longer(
    actor: Actor, stay_id: uuid.UUID, *, minutes: int | None = None, version_seen: int | None = None, now: datetime
) -> Stay:
    """The clock starts again by the rules of now, for the house's usual time where no minutes are named."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        must_fit(stay, StayAct.HOLD_LONGER, now)
        rules = rules_now(session, stay.house_id)
        _check_minutes(minutes)
        with undoing(session, actor, stay.house_id, events.SAVED_LONGER, stay) as undo:
            undo.parts = (*door(stay.bed_id), "notices")
            stay.saved_until = now + timedelta(minutes=rules.saved_minutes if minutes is None else minutes)
            stay.confirmed_at = stay.call_made_at = None
            stay.rules_id = rules.id
            put_clock(session, stay, rules.ask_minutes_before)
        record(
            session,
            stay.house_id,
            events.SAVED_LONGER,
            subject=stay.id,
            actor=actor,
            at=now,
            parts=(*door(stay.bed_id), "notices"),
            bed_id=stay.bed_id,
            saved_until=stay.saved_until,
        )
    return stay


def call_made(actor: Actor, stay_id: uuid.UUID, *, now: datetime) -> Stay:
    """A peer called, or tried to: the notice goes, and the bed may be offered once its time is over."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS)
        with undoing(session, actor, stay.house_id, events.CALL_MADE, stay) as undo:
            undo.parts = (*door(stay.bed_id), "notices")
            stay.call_made_at = now
        _tell(session, stay, events.CALL_MADE, actor, now)
    return stay


def let_go(actor: Actor, stay_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Stay:
    """The bed is free again before anybody came."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        must_fit(stay, StayAct.LET_GO, now)
        if stay.state == StayState.OFFERED:
            end(session, offer_on(session, stay.id), Ended.WITHDRAWN, actor, now)
            return stay
        with undoing(session, actor, stay.house_id, events.SAVE_LET_GO, stay) as undo:
            undo.parts = (*door(stay.bed_id), "notices")
            stay.state = StayState.LET_GO
            release(session, stay.id)
            clear_due(session, stay.id, *due_kinds.ALL)
        _tell(session, stay, events.SAVE_LET_GO, actor, now)
    return stay


def run_out(row: DueRow, now: datetime) -> None:
    """The clock of a saved bed is over. What ran out lets go together, whoever looks first."""
    with transaction() as session:
        house_id = _locked(session, row)
        take(session, row)
        let_go_what_ran_out(session, house_id, now)


def ask_for_call(row: DueRow, now: datetime) -> None:
    """Before a saved bed runs out, a peer is asked to call."""
    with transaction() as session:
        _locked(session, row)
        if not take(session, row):
            return
        stay = session.get(Stay, row.subject, populate_existing=True)
        if stay is None or stay.state != StayState.HELD or stay.call_made_at is not None:
            return
        _tell(session, stay, events.CALL_ASKED, CLOCK, now)


def _locked(session: Session, row: DueRow) -> uuid.UUID:
    assert row.house_id is not None
    lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
    return row.house_id


def _tell(session: Session, stay: Stay, kind: str, actor: Actor, now: datetime) -> None:
    record(
        session,
        stay.house_id,
        kind,
        subject=stay.id,
        actor=actor,
        at=now,
        parts=(*door(stay.bed_id), "notices"),
        bed_id=stay.bed_id,
    )


def put_clock(session: Session, stay: Stay, ask_minutes_before: int) -> None:
    """Write or move what becomes due for a saved bed."""
    assert stay.saved_until is not None
    set_due(session, due_kinds.SAVE_RUNS_OUT, stay.id, stay.saved_until, stay.house_id)
    ask_at = stay.saved_until - timedelta(minutes=ask_minutes_before)
    set_due(session, due_kinds.SAVE_ASKS_FOR_CALL, stay.id, ask_at, stay.house_id)


def check_wish(first: date, nights: int, minutes: int | None, coming: str | None, here: Ground) -> None:
    wrong: dict[str, str] = {}
    if first < here.tonight:
        wrong["first_night"] = _("That night is over. A bed can be saved from tonight on.")
    elif first > here.tonight + FARTHEST:
        wrong["first_night"] = _("A bed can be saved up to a year ahead.")
    if not 1 <= nights <= 366:
        wrong["nights"] = _("Please give a number of nights from 1 to 366.")
    if coming and len(coming) > 120:
        wrong["coming"] = _("Please keep this to 120 letters.")
    if wrong:
        raise Invalid(fields=wrong)
    _check_minutes(minutes)


def _check_minutes(minutes: int | None) -> None:
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(fields={"minutes": _("A bed can stay saved from one minute to seven days.")})


def _nights(first: date, nights: int) -> set[date]:
    return set(nights_between(first, first + timedelta(days=max(nights, 1))))


def bed_for(session: Session, here: Ground, bed_id: uuid.UUID | None, first: date, nights: int) -> Bed:
    """The named bed, or the first that is free for all the nights. Raises BedTaken or NoBedFree."""
    wanted = _nights(first, nights)
    if bed_id is not None:
        bed = locked_bed(session, here.house.id, bed_id)
        if first == here.tonight and occupant_of(session, bed.id) is not None:
            raise SomebodyBehindTheDoor
        others = taken(session, bed.id, wanted)
        if others:
            raise BedOffered if kept_for_an_offer(session, bed.id, others) else BedTaken
        return bed
    for bed in beds_of(session, here.house.id):
        for_tonight = first == here.tonight
        if for_tonight and (bed.getting_ready_since is not None or occupant_of(session, bed.id) is not None):
            continue
        if not taken(session, bed.id, wanted):
            return bed
    raise NoBedFree
