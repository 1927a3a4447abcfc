"""A peer's week and time off: said by themselves, and decided by who keeps the shifts. No reason is asked or kept."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing import events
from respite.staffing.errors import AlreadyAnswered
from respite.staffing.models import Availability, TimeOff
from respite.staffing.policy.availability import LONGEST_TIME_OFF, OffState, Week, kept
from respite.staffing.queries.time_off import shifts_in
from respite.staffing.service.peers import row_of
from respite.staffing.service.shifts import give_to
from respite.staffing.service.time_off_words import tell_answer

ONE_DAY = timedelta(days=1)


def keep_week(actor: Actor, house_id: uuid.UUID, week: Week, *, now: datetime) -> None:
    """One's own week from now on, in place of the one before."""
    with transaction() as session:
        _own(session, actor, house_id, now)
        session.execute(
            sa.delete(Availability).where(
                Availability.house_id == house_id,
                Availability.person_id == actor.id,
                Availability.first_day.is_(None),
                Availability.until.is_(None),
            )
        )
        for hours in kept(week):
            session.add(
                Availability(
                    house_id=house_id,
                    person_id=actor.id,
                    how=hours.how,
                    weekday=hours.weekday,
                    begins=hours.begins,
                    ends=hours.ends,
                )
            )
        session.flush()
        record(session, house_id, events.WEEK_CHANGED, subject=actor.id, actor=actor, at=now)


def ask_time_off(actor: Actor, house_id: uuid.UUID, first_day: date, last_day: date, *, now: datetime) -> TimeOff:
    """Ask for days off, the last one included. Raises Invalid by field."""
    with transaction() as session:
        _own(session, actor, house_id, now)
        until = last_day + ONE_DAY
        _check(session, session.get_one(House, house_id), actor.id, first_day, until, now)
        return ask_off(session, actor, house_id, first_day, until, now)


def ask_off(
    session: Session, actor: Actor, house_id: uuid.UUID, first_day: date, until: date, now: datetime
) -> TimeOff:
    """`ask_time_off`, inside the caller's transaction, which holds the house's lock and has asked `trouble_with`."""
    off = TimeOff(house_id=house_id, person_id=actor.id, first_day=first_day, until=until, asked_at=now)
    session.add(off)
    moved(session, off, OffState.ASKED, actor, now)
    return off


def take_time_off_back(actor: Actor, off_id: uuid.UUID, *, now: datetime) -> OffState:
    """Its own person does not need it any more; returns where it stood, for Undo."""
    with transaction() as session:
        off = _own_off(session, actor, off_id)
        before = OffState(off.state)
        if before != OffState.WITHDRAWN:
            moved(session, off, OffState.WITHDRAWN, actor, now)
    return before


def ask_again(actor: Actor, off_id: uuid.UUID, *, now: datetime) -> None:
    """Undo of taking it back: it is asked for again, since what was agreed may not fit any more. Raises Invalid."""
    with transaction() as session:
        off = _own_off(session, actor, off_id)
        if off.state != OffState.WITHDRAWN:
            return
        _check(session, session.get_one(House, off.house_id), actor.id, off.first_day, off.until, now)
        moved(session, off, OffState.ASKED, actor, now)


def answer_time_off(
    actor: Actor, off_id: uuid.UUID, state: OffState, *, version_seen: int | None = None, now: datetime
) -> TimeOff:
    """Agree, decline, or leave it open again (ASKED). Raises AlreadyAnswered where it was taken back, StaleVersion."""
    with transaction() as session:
        off = locked_row(session, actor, TimeOff, off_id, May.KEEP_SHIFTS, version_seen)
        if off.state == OffState.WITHDRAWN or state == OffState.WITHDRAWN:
            raise AlreadyAnswered
        if off.state != state:
            moved(session, off, state, actor, now)
    return off


def open_shifts(actor: Actor, off_id: uuid.UUID, *, now: datetime) -> int:
    """Open the shifts that somebody still has on days agreed as off; returns how many."""
    with transaction() as session:
        off = locked_row(session, actor, TimeOff, off_id, May.KEEP_SHIFTS)
        if off.state != OffState.AGREED:
            raise AlreadyAnswered
        house = session.get_one(House, off.house_id)
        theirs = [
            shift
            for shift in shifts_in(session, house, off.person_id, off.first_day, off.until)
            if shift.starts_at > now
        ]
        for shift in theirs:
            give_to(session, shift, None, actor, now)
    return len(theirs)


def _own(session: Session, actor: Actor, house_id: uuid.UUID, now: datetime) -> None:
    lock_house(session, actor, house_id, May.KEEP_OWN)
    if actor.kind != ActorKind.PERSON:
        raise NotFound
    row_of(session, house_id, actor.id, now)


def _own_off(session: Session, actor: Actor, off_id: uuid.UUID) -> TimeOff:
    off = locked_row(session, actor, TimeOff, off_id, May.KEEP_OWN)
    if actor.kind != ActorKind.PERSON or off.person_id != actor.id:
        raise NotFound
    return off


class Trouble(StrEnum):
    """What stands against asking for days off."""

    BACKWARDS = "backwards"
    LONG = "long"
    OVER = "over"
    STANDING = "standing"


def trouble_with(
    session: Session, house: House, person_id: uuid.UUID, first_day: date, until: date, now: datetime
) -> Trouble | None:
    if until <= first_day:
        return Trouble.BACKWARDS
    if (until - first_day).days > LONGEST_TIME_OFF:
        return Trouble.LONG
    if until <= local(now, house.timezone).date():
        return Trouble.OVER
    standing = sa.select(TimeOff.id).where(
        TimeOff.house_id == house.id,
        TimeOff.person_id == person_id,
        TimeOff.state.in_((OffState.ASKED, OffState.AGREED)),
        TimeOff.first_day < until,
        TimeOff.until > first_day,
    )
    return Trouble.STANDING if session.scalar(standing.limit(1)) is not None else None


def _check(session: Session, house: House, person_id: uuid.UUID, first_day: date, until: date, now: datetime) -> None:
    trouble = trouble_with(session, house, person_id, first_day, until, now)
    if trouble == Trouble.STANDING:
        raise Invalid(fields={"first_day": _("You asked for some of these days already.")})
    if trouble is not None:
        words = {
            Trouble.BACKWARDS: _("The last day comes after the first."),
            Trouble.LONG: _("That is more than a year. Please ask for less at once."),
            Trouble.OVER: _("Those days are over."),
        }
        raise Invalid(fields={"last_day": words[trouble]})


def moved(session: Session, off: TimeOff, state: OffState, actor: Actor, now: datetime) -> None:
    """Where it stands from now on; its own person is told of an answer. The caller holds the house's lock."""
    answered = state in (OffState.AGREED, OffState.DECLINED)
    if state != OffState.WITHDRAWN:
        off.decided_at, off.decided_by = (now, actor.ref) if answered else (None, None)
    off.state = state
    session.flush()
    tell_answer(session, off, now)
    record(
        session,
        off.house_id,
        events.TIME_OFF_MOVED,
        subject=off.id,
        actor=actor,
        at=now,
        person_id=off.person_id,
        state=state,
    )
