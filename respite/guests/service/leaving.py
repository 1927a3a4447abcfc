"""Leaving: how a stay ended, in facts the guest can read, and what becomes of the door."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, set_due, take
from respite.core.errors import Invalid
from respite.guests import due_kinds, events
from respite.guests.errors import NotHereNow
from respite.guests.models import Stay
from respite.guests.policy.offers import Ended
from respite.guests.policy.stay_states import (
    SAVED,
    EndFact,
    EndKind,
    StayAct,
    StayState,
    WhoCalled,
    check_facts,
    usual_end,
)
from respite.guests.service.ground import Ground, door, ground, let_go_what_ran_out, must_fit
from respite.guests.service.in_step import came_or_went
from respite.guests.service.leaving_told import StayEnded, ended
from respite.guests.service.offer_ends import end, offer_on
from respite.guests.service.texting import Reconfirmed, reconfirm, touched_by
from respite.guests.service.together import asked_at_arrival
from respite.guests.service.undo import undoing
from respite.houses.models import Bed, BedNight, ClaimKind, House
from respite.houses.policy.house_time import census_instant, local, night_of
from respite.houses.queries import rules_now
from respite.houses.service.claims import release


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stay ended. Facts that do not belong to the kind are refused; all of them are shown to the guest."""

    kind: EndKind | None = None  # none: as planned or sooner, by the day
    rule_number: str | None = None
    how_to_ask_again: str | None = None
    may_return_on: date | None = None
    who_called: WhoCalled | None = None
    guest_chose: bool | None = None


def leave(
    actor: Actor,
    stay_id: uuid.UUID,
    *,
    ending: Ending | None = None,
    follow_up: bool | None = None,
    texts: Reconfirmed | None = None,
    later: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    version_seen: int | None = None,
    now: datetime,
) -> Stay:
    """A guest leaves; the door gets ready. Nights from tonight on are let go, tonight too before the census.

    `follow_up` marks their wish; what they agreed to about `texts` is kept beside it, or nothing of it changes.
    `later` is what they chose of what follows a stay, for whoever offers it (`leaving_told`).
    """
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        must_fit(stay, StayAct.LEAVE, now)
        here = ground(session, stay.house_id, at=at, now=now)
        if stay.arrived_at is not None and here.at < stay.arrived_at:
            raise Invalid(fields={"at": _("That is before this guest arrived.")})
        bed = session.get_one(Bed, stay.occupies_bed_id)
        parts = (*door(bed.id), "notices")
        guest = stay.guest
        touched = touched_by(session, guest, texts) if guest is not None and texts is not None else []
        with undoing(session, actor, stay.house_id, events.STAY_ENDED, stay, bed, *touched) as undo:
            undo.parts = parts
            _write_ending(session, stay, ending or Ending(), actor, here)
            if guest is not None and texts is not None:
                undo.along = [*reconfirm(session, actor, guest, texts, now)]
            _go(session, stay, bed, here)
            stay.follow_up_wanted = follow_up
            if texts is None or not texts.together:
                undo.along.extend(asked_at_arrival(session, actor, stay, here))
            session.flush()
            for heard in ended:
                heard(session, StayEnded(stay, follow_up, later or {}), actor, now)
        record(
            session,
            stay.house_id,
            events.STAY_ENDED,
            subject=stay.id,
            actor=actor,
            at=here.at,
            parts=parts,
            bed_id=bed.id,
            how=stay.ended_how,
            follow_up=follow_up,
        )
    return stay


def _go(session: Session, stay: Stay, bed: Bed, here: Ground) -> None:
    stay.state = StayState.LEFT
    stay.left_at = here.at
    stay.occupies_bed_id = None
    stay.out_since = stay.back_about = None
    stay.lockbox_key_out = False
    last_night = here.tonight - timedelta(days=1)
    census = census_instant(here.tonight, here.house.timezone, here.rules.census_at, here.rules.night_turns_at)
    if here.at >= census:
        last_night = here.tonight
    release(session, stay.id, from_night=last_night + timedelta(days=1))
    stay.until = max(stay.first_night, last_night + timedelta(days=1))
    bed.getting_ready_since = here.at
    clear_due(session, stay.id, *due_kinds.ALL)
    came_or_went(session, stay.guest_id, here.at)


def _write_ending(session: Session, stay: Stay, ending: Ending, actor: Actor, here: Ground) -> None:
    left_on = local(here.at, here.house.timezone).date()
    kind = ending.kind or usual_end(left_on, stay.until)
    decided_by = actor.id if kind is EndKind.ASKED_TO_LEAVE and actor.kind is ActorKind.PERSON else None
    _check_facts(kind, ending, decided_by)
    stay.ended_how = kind
    stay.asked_to_leave_rule = ending.rule_number
    stay.decided_by = decided_by
    stay.how_to_ask_again = ending.how_to_ask_again
    stay.may_return_on = ending.may_return_on
    stay.who_called = ending.who_called
    stay.guest_chose = ending.guest_chose


_FIELD_OF = {
    EndFact.RULE_NUMBER: "rule_number",
    EndFact.DECIDED_BY: "how",
    EndFact.HOW_TO_ASK_AGAIN: "how_to_ask_again",
    EndFact.MAY_RETURN_ON: "may_return_on",
    EndFact.WHO_CALLED: "who_called",
    EndFact.CHOSEN_BY_GUEST: "guest_chose",
}


def _check_facts(kind: EndKind, ending: Ending, decided_by: uuid.UUID | None) -> None:
    given = {
        EndFact.RULE_NUMBER: ending.rule_number,
        EndFact.DECIDED_BY: decided_by,
        EndFact.HOW_TO_ASK_AGAIN: ending.how_to_ask_again,
        EndFact.MAY_RETURN_ON: ending.may_return_on,
        EndFact.WHO_CALLED: ending.who_called,
        EndFact.CHOSEN_BY_GUEST: ending.guest_chose,
    }
    facts = check_facts(kind, [fact for fact, value in given.items() if value is not None])
    wrong = {_FIELD_OF[fact]: _("This is needed for how the stay ended.") for fact in facts.missing}
    wrong |= {_FIELD_OF[fact]: _("This does not belong to how the stay ended.") for fact in facts.out_of_place}
    if ending.rule_number is not None and len(ending.rule_number) > 10:
        wrong["rule_number"] = _("Please give the number of the house rule only.")
    if ending.how_to_ask_again is not None and len(ending.how_to_ask_again) > 400:
        wrong["how_to_ask_again"] = _("Please keep this to 400 letters.")
    if wrong:
        raise Invalid(fields=wrong)


def add_account(actor: Actor, stay_id: uuid.UUID, words: str, *, now: datetime) -> Stay:
    """The guest's own account of how it ended, as an equal part beside the facts."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS)
        if stay.state != StayState.LEFT:
            raise NotHereNow(_("This can be added once the stay has ended."))
        if not 1 <= len(words.strip()) <= 4000:
            raise Invalid(fields={"words": _("Please write up to 4,000 letters.")})
        with undoing(session, actor, stay.house_id, events.ACCOUNT_ADDED, stay):
            stay.own_account = words.strip()
        record(session, stay.house_id, events.ACCOUNT_ADDED, subject=stay.id, actor=actor, at=now)
    return stay


def take_census(row: DueRow, now: datetime) -> None:
    """At the census somebody past their leaving day takes the night; who was promised it keeps their place."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        if not take(session, row):
            return
        stay = session.get(Stay, row.subject, populate_existing=True)
        if stay is None or stay.state != StayState.HERE or stay.occupies_bed_id is None:
            return
        let_go_what_ran_out(session, row.house_id, now)
        _take_night(session, stay, row.due_at)


def _take_night(session: Session, stay: Stay, census: datetime) -> None:
    house, rules = session.get_one(House, stay.house_id), rules_now(session, stay.house_id)
    night = night_of(census, house.timezone, rules.night_turns_at)
    assert stay.occupies_bed_id is not None
    bed_id = stay.occupies_bed_id
    in_the_way = session.get(BedNight, (bed_id, night), populate_existing=True)
    if in_the_way is None or _gives_way(session, in_the_way):
        if in_the_way is not None:
            _displace(session, in_the_way, night, census)
        session.add(BedNight(bed_id=bed_id, night=night, kind=ClaimKind.STAY, claim_id=stay.id, house_id=stay.house_id))
        session.flush()
        record(
            session,
            stay.house_id,
            events.STAY_PAST_LEAVING,
            subject=stay.id,
            actor=CLOCK,
            at=census,
            parts=(*door(bed_id), "notices"),
            bed_id=bed_id,
            night=night,
        )
    following = census_instant(night + timedelta(days=1), house.timezone, rules.census_at, rules.night_turns_at)
    set_due(session, due_kinds.STAY_CENSUS, stay.id, following, stay.house_id)


def _gives_way(session: Session, claim: BedNight) -> bool:
    """A promise gives way, a night somebody slept does not.

    An arrival entered days late brings censuses of nights on which another was still behind the door.
    """
    if claim.kind == ClaimKind.STAY:
        return False
    state = session.scalar(sa.select(Stay.state).where(Stay.id == claim.claim_id))
    return state in (None, *SAVED)


def _displace(session: Session, claim: BedNight, night: date, at: datetime) -> None:
    """A saved bed gives way but keeps its place, without a door, and asks for a person."""
    displaced = session.scalar(sa.select(Stay).where(Stay.id == claim.claim_id))
    if displaced is None:
        session.delete(claim)  # a closure gives way for the one night
        session.flush()
        return
    if displaced.state == StayState.OFFERED:
        end(session, offer_on(session, displaced.id), Ended.WITHDRAWN, CLOCK, at)
        return
    bed_id = displaced.bed_id
    release(session, displaced.id)
    displaced.bed_id = None
    session.flush()
    record(
        session,
        displaced.house_id,
        events.SAVE_DISPLACED,
        subject=displaced.id,
        actor=CLOCK,
        at=at,
        parts=(*door(bed_id), "notices"),
        bed_id=bed_id,
        night=night,
    )
