"""Weeks in which people choose their shifts: begun, ended, made longer, and one nudge for each."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.clock import machine_now
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.core.errors import Invalid
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.staffing import events
from respite.staffing.errors import AlreadyFilling, ChoosingOver, RosterOver, StillChoosing
from respite.staffing.models import Roster, RosterAnswer, RosterSeat
from respite.staffing.queries.availability import workers_of
from respite.staffing.queries.choosing import CHOOSING, DRAFT, answer_of, goes_on, to_choose
from respite.staffing.queries.places import OPEN_STATES
from respite.staffing.queries.runs import going
from respite.staffing.service import choosing_asking as asking
from respite.staffing.service.rosters import FILLED, PARTS, edited, new_roster

ENDS, NUDGES = "staffing.choosing.ends", "staffing.choosing.nudges"
SHORTEST = timedelta(hours=1)
#: The nudge goes out by itself so long before the end, and in a short week halfway.
NUDGE_BEFORE = timedelta(days=1)


# -- beginning and ending, by who keeps the shifts -----------------------------------------------------------------


def begin_week(
    actor: Actor, house_id: uuid.UUID, *, first_day: date, until: date, choose_until: datetime, now: datetime
) -> Roster:
    """Begin a draft in which people choose first. Raises DaysInADraft, Invalid by field."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_SHIFTS)
        roster = new_roster(session, actor, house_id, first_day, until, DRAFT, now)
        _start(session, roster, choose_until, actor, now)
    return roster


def start(actor: Actor, roster_id: uuid.UUID, *, choose_until: datetime, now: datetime) -> Roster:
    """Let people choose in a draft; what was filled into it and is not locked is open again.

    Raises RosterOver, StillChoosing, AlreadyFilling, Invalid by field.
    """
    with transaction() as session:
        roster = draft_of(session, actor, roster_id, now)
        if going(session, machine_now()) is not None:
            raise AlreadyFilling
        _start(session, roster, choose_until, actor, now)
    return roster


def end(actor: Actor, roster_id: uuid.UUID, *, now: datetime) -> Roster:
    """Nobody chooses any more. What is chosen stays. Said twice, it ended once."""
    with transaction() as session:
        roster = locked_row(session, actor, Roster, roster_id, May.KEEP_SHIFTS)
        if roster.state == CHOOSING:
            _end(session, roster, actor, now)
    return roster


def go_on(actor: Actor, roster_id: uuid.UUID, *, now: datetime) -> Roster:
    """Undo of ending it: they choose on until the time that was said. Raises RosterOver, ChoosingOver."""
    with transaction() as session:
        roster = locked_row(session, actor, Roster, roster_id, May.KEEP_SHIFTS)
        if roster.state == CHOOSING:
            return roster
        if roster.state != DRAFT:
            raise RosterOver
        if roster.choose_until is None or roster.choose_until <= now:
            raise ChoosingOver
        if going(session, machine_now()) is not None:
            raise AlreadyFilling
        roster.state = CHOOSING
        _until(session, roster, roster.choose_until, actor, now)
    return roster


def prolong(actor: Actor, roster_id: uuid.UUID, *, choose_until: datetime, now: datetime) -> Roster:
    """Another end, later or earlier. Texts that have not left are written anew. Raises ChoosingOver, Invalid."""
    with transaction() as session:
        roster = locked_row(session, actor, Roster, roster_id, May.KEEP_SHIFTS)
        if not goes_on(roster, now):
            raise ChoosingOver
        _check(session, roster, choose_until, now)
        asking.call_back(session, roster, now)
        _until(session, roster, choose_until, actor, now)
    return roster


def nudge(actor: Actor, roster_id: uuid.UUID, *, now: datetime) -> list[uuid.UUID]:
    """Ask those of whom nothing was heard once more; returns whom. Each is nudged once. Raises ChoosingOver."""
    with transaction() as session:
        roster = locked_row(session, actor, Roster, roster_id, May.KEEP_SHIFTS)
        if not goes_on(roster, now):
            raise ChoosingOver
        return _nudge(session, roster, actor, now)


def draft_of(session: Session, actor: Actor, roster_id: uuid.UUID, now: datetime) -> Roster:
    """A draft to fill or to give out, behind its house's lock. Raises StillChoosing, RosterOver.

    Where the time for choosing has run out and no sweep came yet, it ends here.
    """
    roster = locked_row(session, actor, Roster, roster_id, May.KEEP_SHIFTS)
    if roster.state not in OPEN_STATES:
        raise RosterOver
    if goes_on(roster, now):
        raise StillChoosing
    if roster.state == CHOOSING:
        _end(session, roster, CLOCK, now)
    return roster


# -- the clock -------------------------------------------------------------------------------------------------------


@handles(ENDS)
def choosing_ends(row: DueRow, now: datetime) -> None:
    """Its time is over."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.KEEP_SHIFTS)
        if not take(session, row):
            return
        roster = session.get(Roster, row.subject, populate_existing=True)
        if roster is not None and roster.state == CHOOSING and not goes_on(roster, now):
            _end(session, roster, CLOCK, now)


@handles(NUDGES)
def choosing_nudges(row: DueRow, now: datetime) -> None:
    """A day before its end those of whom nothing was heard are asked once more."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.KEEP_SHIFTS)
        if not take(session, row):
            return
        roster = session.get(Roster, row.subject, populate_existing=True)
        if roster is not None and goes_on(roster, now):
            _nudge(session, roster, CLOCK, now)


# -- what these are made of ------------------------------------------------------------------------------------------


def _start(session: Session, roster: Roster, choose_until: datetime, actor: Actor, now: datetime) -> None:
    _check(session, roster, choose_until, now)
    house = session.get_one(House, roster.house_id)
    for seat in session.scalars(
        sa.select(RosterSeat).where(
            RosterSeat.roster_id == roster.id, RosterSeat.how == FILLED, RosterSeat.locked.is_(False)
        )
    ).all():
        session.delete(seat)
    session.flush()
    if not any(each.person_id is None for each in to_choose(session, house, roster, now)):
        raise Invalid(fields={"choose_day": _("Nothing is open to choose in these days.")})
    for worker in workers_of(session, house):
        if not worker.is_filled:
            continue
        row = answer_of(session, roster.id, worker.id)
        if row is None:
            row = RosterAnswer(house_id=house.id, roster_id=roster.id, person_id=worker.id)
            session.add(row)
        row.asked_at, row.answered_at = now, None
    roster.state = CHOOSING
    _until(session, roster, choose_until, actor, now)


def _check(session: Session, roster: Roster, choose_until: datetime, now: datetime) -> None:
    house = session.get_one(House, roster.house_id)
    if choose_until < now + SHORTEST:
        raise Invalid(fields={"choose_day": _("Please leave them an hour at least.")})
    if choose_until > day_begins(roster.first_day, house.timezone):
        raise Invalid(fields={"choose_day": _("Please end it before the first of these days begins.")})


def _until(session: Session, roster: Roster, choose_until: datetime, actor: Actor, now: datetime) -> None:
    """Choosing goes on until then: what is due moves, and whoever was not asked yet is."""
    roster.choose_until = choose_until
    flag_modified(roster, "state")
    session.flush()
    set_due(session, ENDS, roster.id, choose_until, roster.house_id)
    set_due(
        session, NUDGES, roster.id, max(choose_until - NUDGE_BEFORE, now + (choose_until - now) / 2), roster.house_id
    )
    asking.ask(session, roster, now)
    record(
        session,
        roster.house_id,
        events.ROSTER_CHOOSING,
        subject=roster.id,
        actor=actor,
        at=now,
        parts=PARTS,
        until=choose_until,
    )


def _end(session: Session, roster: Roster, actor: Actor, now: datetime) -> None:
    roster.state = DRAFT
    clear_due(session, roster.id, ENDS, NUDGES)
    asking.close_question(session, roster, now)
    edited(session, roster, actor, now)


def _nudge(session: Session, roster: Roster, actor: Actor, now: datetime) -> list[uuid.UUID]:
    told = asking.nudge(session, roster, now)
    if told:
        record(
            session,
            roster.house_id,
            events.ROSTER_NUDGED,
            subject=roster.id,
            actor=actor,
            at=now,
            parts=PARTS,
            people=len(told),
        )
    return told
