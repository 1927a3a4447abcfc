"""Welcoming a guest: one tap, a door and what to call them. The rest waits until they have slept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import clear_due, set_due
from respite.core.errors import Invalid
from respite.guests import due_kinds, events
from respite.guests.errors import AlreadyHere, NotHereNow, SomebodyBehindTheDoor
from respite.guests.models import Stay
from respite.guests.policy.apart import What
from respite.guests.policy.stay_states import StayAct, StayState
from respite.guests.service.apart_who import Comes
from respite.guests.service.bed_fit import NOTHING_SAID, Fit, must_suit_house
from respite.guests.service.companions import checked_companions
from respite.guests.service.conversation import Talk, keep_talk, must_have_talked
from respite.guests.service.ground import Ground, door, ground, locked_bed, must_fit, occupant_of
from respite.guests.service.in_step import came_or_went
from respite.guests.service.nights import any_here, must_have_nights, nights_open_for
from respite.guests.service.people import Who, guest_of
from respite.guests.service.saving import bed_for
from respite.guests.service.undo import undoing
from respite.guests.service.yes_first import must_have_a_yes
from respite.houses.models import Bed, ClaimKind, House, HouseRules
from respite.houses.policy.house_time import census_instant, nights_between
from respite.houses.service.claims import claim, keep_as, nights_of_claim, release


def welcome(
    actor: Actor,
    stay_id: uuid.UUID,
    *,
    bed_id: uuid.UUID | None = None,
    agreed: bool = False,
    at: datetime | None = None,
    version_seen: int | None = None,
    now: datetime,
) -> Stay:
    """Somebody a bed was saved for is here. Another door may be named.

    Raises SavedTimeOver, AlreadyArrived, NotWaitingToArrive, SomebodyBehindTheDoor, BedTaken, AlreadyHere.
    """
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        must_fit(stay, StayAct.ARRIVE, now)
        here = ground(session, stay.house_id, at=at, now=now)
        if stay.guest_id is not None and any_here(session, stay.guest_id):
            raise AlreadyHere
        bed = _door_for(session, here, stay, bed_id)
        must_have_a_yes(session, actor, here, Comes(What.BED, stay.guest, here.tonight, stay.until))
        parts = (*door(stay.bed_id, bed.id), "notices")
        with undoing(session, actor, stay.house_id, events.STAY_BEGAN, stay, bed) as undo:
            undo.parts = parts
            _settle_nights(session, here, stay, bed)
            come_in(session, here, stay, bed, agreed)
        tell_began(session, here, stay, actor, parts)
    return stay


def welcome_new(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    who: Who,
    nights: int,
    bed_id: uuid.UUID | None = None,
    agreed: bool = False,
    companions: Mapping[str, int] | None = None,
    talk: Talk | None = None,
    fit: Fit = NOTHING_SAID,
    at: datetime | None = None,
    now: datetime,
) -> Stay:
    """Somebody is at the door and nothing was saved. `nights` may be 0: a bed for today only.

    A rule of the house that is answered with no is gone past only where `fit` says so. Raises RuleSaysNo.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        here = ground(session, house_id, at=at, now=now)
        if not 0 <= nights <= 366:
            raise Invalid(fields={"nights": _("Please give a number of nights from 0 to 366.")})
        bed = bed_for(session, here, bed_id, here.tonight, nights)
        guest, is_new = guest_of(session, actor, who, here.rules, house_id, now)
        must_have_nights(session, guest, here.tonight, nights, here, is_new=is_new)
        must_have_talked(session, guest, here, talk)
        must_suit_house(session, actor, guest, here, fit, now)
        leaves = here.tonight + timedelta(days=nights)
        must_have_a_yes(session, actor, here, Comes(What.BED, guest, here.tonight, leaves))
        with undoing(session, actor, house_id, events.STAY_BEGAN, bed) as undo:
            undo.parts = door(bed.id)
            stay = Stay(
                house_id=house_id,
                guest_id=guest.id if guest else None,
                bed_id=bed.id,
                rules_id=here.rules.id,
                state=StayState.HELD,
                first_night=here.tonight,
                until=here.tonight + timedelta(days=nights),
                saved_at=here.at,
            )
            stay.companions = checked_companions(here.rules, companions or {}, stay.id)
            session.add(stay)
            session.flush()
            claim(session, bed, nights_of(stay), ClaimKind.STAY, stay.id)
            come_in(session, here, stay, bed, agreed)
            undo.made = [stay, guest] if is_new and guest is not None else [stay]
        if talk is not None and guest is not None:
            keep_talk(session, actor, guest, talk, here.house, here.rules, now)
        tell_began(session, here, stay, actor, door(bed.id))
    return stay


def nights_of(stay: Stay) -> list[date]:
    """The nights a stay claims: at least the first, even where the guest means to leave the same day."""
    return list(nights_between(stay.first_night, stay.until)) or [stay.first_night]


def _door_for(session: Session, here: Ground, stay: Stay, bed_id: uuid.UUID | None) -> Bed:
    wanted = bed_id or stay.bed_id
    if wanted is None:
        raise Invalid(fields={"bed_id": _("This needs a door first: please choose one.")})
    bed = locked_bed(session, here.house.id, wanted)
    if occupant_of(session, bed.id) is not None:
        raise SomebodyBehindTheDoor
    return bed


def _settle_nights(session: Session, here: Ground, stay: Stay, bed: Bed) -> None:
    """The stay's nights as they are from the real arrival on, in the real door."""
    stay.until = max(stay.until, here.tonight + timedelta(days=1))
    if here.tonight < stay.first_night:
        # Sooner than agreed: the leaving day stands as far as the nights rule goes.
        stay.until = here.tonight + timedelta(days=nights_open_for(session, stay, here))
    stay.first_night = here.tonight
    if bed.id != stay.bed_id or nights_of_claim(session, stay.id) != nights_of(stay):
        release(session, stay.id)
        claim(session, bed, nights_of(stay), ClaimKind.STAY, stay.id)


def come_in(session: Session, here: Ground, stay: Stay, bed: Bed, agreed: bool) -> None:
    """From now on the guest is behind this door."""
    if here.rules.agreement_at_arrival and not agreed:
        raise Invalid(fields={"agreed": _("In this house the agreement is read together at arrival.")})
    stay.state = StayState.HERE
    stay.bed_id = stay.occupies_bed_id = bed.id
    stay.arrived_at = here.at
    stay.agreement_at = here.at if agreed else None
    stay.saved_until = None
    stay.rules_id = here.rules.id
    bed.getting_ready_since = None
    keep_as(session, stay.id, ClaimKind.STAY)
    clear_due(session, stay.id, due_kinds.SAVE_RUNS_OUT, due_kinds.SAVE_ASKS_FOR_CALL)
    set_census(session, here.house, here.rules, stay)
    came_or_went(session, stay.guest_id, here.at)


def set_census(session: Session, house: House, rules: HouseRules, stay: Stay) -> None:
    """At the census of the leaving day somebody still here takes the night."""
    at = census_instant(max(stay.until, stay.first_night), house.timezone, rules.census_at, rules.night_turns_at)
    set_due(session, due_kinds.STAY_CENSUS, stay.id, at, stay.house_id)


def tell_began(session: Session, here: Ground, stay: Stay, actor: Actor, parts: tuple[str, ...]) -> None:
    record(
        session,
        stay.house_id,
        events.STAY_BEGAN,
        subject=stay.id,
        actor=actor,
        at=here.at,
        parts=parts,
        bed_id=stay.bed_id,
        first_night=stay.first_night,
        until=stay.until,
        rules=here.rules.number,
    )


def settle_in(
    actor: Actor,
    stay_id: uuid.UUID,
    *,
    agreed: bool,
    lockbox: str | None,
    lockbox_key_out: bool,
    version_seen: int | None = None,
    now: datetime,
) -> Stay:
    """What waited until the guest had slept: the agreement, the lockbox's number and key."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        if stay.state != StayState.HERE:
            raise NotHereNow
        number = (lockbox or "").strip() or None
        if number is not None and (len(number) > 10 or not number.isalnum()):
            raise Invalid(fields={"lockbox": _("A lockbox has a number of up to 10 letters or digits.")})
        with undoing(session, actor, stay.house_id, events.STAY_SETTLED, stay) as undo:
            undo.parts = door(stay.bed_id)
            stay.agreement_at = (stay.agreement_at or now) if agreed else None
            stay.lockbox, stay.lockbox_key_out = number, lockbox_key_out and number is not None
            stay.settled_in_at = now
        record(
            session,
            stay.house_id,
            events.STAY_SETTLED,
            subject=stay.id,
            actor=actor,
            at=now,
            parts=door(stay.bed_id),
            agreement=agreed,
            lockbox=number is not None,
        )
    return stay
