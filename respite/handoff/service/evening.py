"""The sheet for the night, each evening at an hour of the house: the desk says that it can be printed, and whoever is
on call may be texted where it is, so that they have the phone order before the night."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.handoff import events
from respite.handoff.models import PaperPrinted
from respite.handoff.policy import paper_ready_at
from respite.handoff.service.entries import PARTS
from respite.houses.models import House, HouseRules
from respite.houses.policy.house_time import night_of, night_turns
from respite.houses.queries import rules_now
from respite.messaging.purposes import Purpose
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.shifts import live_between
from respite.staffing.service.texting import link_to, tell

READY = "handoff.paper.ready"


def follow_rules(session: Session, rules: HouseRules, now: datetime) -> None:
    """The house's hour is another, or none any more."""
    _set_next(session, session.get_one(House, rules.house_id), rules, now)


def _set_next(session: Session, house: House, rules: HouseRules, now: datetime) -> None:
    """The next evening that is still to come, by the house's clock."""
    tonight = night_of(now, house.timezone, rules.night_turns_at)
    coming = (paper_ready_at(tonight + timedelta(days=n), rules.paper_at, house.timezone) for n in range(3))
    ready_at = next((at for at in coming if at is not None and at > now), None)
    if ready_at is None:
        clear_due(session, house.id, READY)
    else:
        set_due(session, READY, house.id, ready_at, house.id)


@handles(READY)
def ready(row: DueRow, now: datetime) -> None:
    """It is that hour. What was due before the night that it is now is over: nobody is texted about it."""
    with transaction() as session:
        if row.house_id is None:
            return
        lock_house(session, CLOCK, row.house_id, May.SEE_BOARD)
        if not take(session, row):
            return
        house, rules = session.get_one(House, row.house_id), rules_now(session, row.house_id)
        tonight = night_of(now, house.timezone, rules.night_turns_at)
        ready_at = paper_ready_at(tonight, rules.paper_at, house.timezone)
        _set_next(session, house, rules, now)
        if ready_at is None or ready_at > now:
            return  # the house changed its clock or its hour since the row was written
        told = _tell_on_call(session, house, rules, now) if rules.paper_to_on_call else 0
        record(session, house.id, events.PAPER_READY, subject=None, actor=CLOCK, at=now, parts=PARTS, people=told)


def _tell_on_call(session: Session, house: House, rules: HouseRules, now: datetime) -> int:
    """A link, in the hours in which each likes texts and before the night is over; returns how many were texted.

    Whom no text may reach is not asked otherwise: nothing depends on it.
    """
    tonight = night_of(now, house.timezone, rules.night_turns_at)
    ends = night_turns(tonight, house.timezone, rules.night_turns_at)
    on_call = {
        shift.person_id: None
        for shift in live_between(session, house.id, now, ends)
        if shift.kind == ShiftKind.ON_CALL and shift.went_at is None and shift.person_id is not None
    }
    fields = {"link": link_to(f"/houses/{house.slug}/board/paper")}
    told = 0
    for person_id in on_call:
        message = tell(
            session, house, person_id, "paper-order", fields, purpose=Purpose.SHIFTS,
            dedupe_key=f"paper:{house.id}:{tonight}:{person_id}", not_after=ends, now=now,
        )  # fmt: skip
        told += message is not None
    return told


def printed(actor: Actor, house_id: uuid.UUID, *, now: datetime) -> None:
    """Tonight's sheet goes to the printer: the desk says no more of it. Said twice, it is once."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        tonight, row = _tonight(session, house_id, now), _row(session, house_id)
        if row is None:
            row = PaperPrinted(house_id=house_id, night=tonight)
            session.add(row)
        row.night = tonight
        session.flush()
        record(session, house_id, events.PAPER_PRINTED, subject=None, actor=actor, at=now, parts=PARTS)


def not_printed(actor: Actor, house_id: uuid.UUID, *, now: datetime) -> None:
    """Undo of `printed`: the paper ran out, or the dialog was closed."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        row = _row(session, house_id)
        if row is not None:
            session.delete(row)
            session.flush()
            record(session, house_id, events.PAPER_NOT_PRINTED, subject=None, actor=actor, at=now, parts=PARTS)


def _row(session: Session, house_id: uuid.UUID) -> PaperPrinted | None:
    return session.scalar(sa.select(PaperPrinted).where(PaperPrinted.house_id == house_id))


def _tonight(session: Session, house_id: uuid.UUID, now: datetime) -> date:
    house = session.get_one(House, house_id)
    return night_of(now, house.timezone, rules_now(session, house_id).night_turns_at)
