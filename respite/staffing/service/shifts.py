"""Putting people on, taking them off, and their own coming and going."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import RIGHTS, May, Role
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.core.errors import Invalid
from respite.houses.models import House
from respite.houses.policy.house_time import ONE_SECOND, local, span_of
from respite.staffing import events
from respite.staffing.errors import AlreadyOn, NotHere, NotYourShift, ShiftOver, ShiftTooFar
from respite.staffing.models import Override, RosterSeat, Shift
from respite.staffing.policy.shifts import EARLIEST_COMING, LONGEST_SHIFT, ShiftKind
from respite.staffing.service.overruling import NOTHING_SAID, Anyway, keep_in_step, must_fit

PARTS = ("gaps", "people", "watch")
TURNS = "staffing.shift.turns"

#: What hangs on a shift is kept in step inside the same transaction: called with the shift and who had it before, after
#: it was set, given to somebody else, opened or moved.
shift_moved: list[Callable[[Session, Shift, uuid.UUID | None, Actor, datetime], None]] = []
#: Called before a shift is taken out of the list.
shift_goes: list[Callable[[Session, Shift, Actor, datetime], None]] = []
#: Called after somebody said that they came or went, or took it back.
shift_said: list[Callable[[Session, Shift, Actor, datetime], None]] = []


def put_on(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    kind: str,
    day: date,
    begins: time,
    ends: time,
    anyway: Anyway = NOTHING_SAID,
    now: datetime,
) -> Shift:
    """Put a shift into the house's list, by its own clock; an end at or before the begin is the next day's.

    Without a person it is open: nobody has it yet. Raises AlreadyOn, RulesAgainst without a reason `anyway`, Invalid
    by field.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_SHIFTS)
        shift = Shift(house_id=house_id, published_at=now)
        write_down(session, shift, person_id, kind, day, begins, ends)
        session.add(shift)
        must_fit(session, shift, anyway, actor, now)
        settle(session, shift, None, events.SHIFT_SET, actor, now)
    return shift


def change_shift(
    actor: Actor,
    shift_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    kind: str,
    day: date,
    begins: time,
    ends: time,
    anyway: Anyway = NOTHING_SAID,
    version_seen: int | None = None,
    now: datetime,
) -> Shift:
    """Change who, when or how. Raises AlreadyOn, RulesAgainst, StaleVersion, Invalid by field."""
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.KEEP_SHIFTS, version_seen)
        before, stood = shift.person_id, _as_it_stands(shift)
        if before != person_id:
            _nothing_said(shift)
        write_down(session, shift, person_id, kind, day, begins, ends)
        shift.published_at = shift.published_at or now
        if _as_it_stands(shift) != stood:
            must_fit(session, shift, anyway, actor, now)
        settle(session, shift, before, events.SHIFT_CHANGED, actor, now)
    return shift


def give_to(session: Session, shift: Shift, person_id: uuid.UUID | None, actor: Actor, now: datetime) -> None:
    """Give a shift to somebody, or open it (None), inside the caller's transaction, which holds the house's lock.

    The one way in which a shift changes hands: publishing, an offer, a swap, "can't come". Rules are asked by whoever
    calls. Raises AlreadyOn, and Invalid for somebody who does not work here.
    """
    if person_id is not None and not works_here(session, shift.house_id, person_id):
        raise Invalid(fields={"person": _("Please choose somebody who works in this house.")})
    if person_id is not None and overlaps(session, shift, person_id, shift.kind, shift.starts_at, shift.ends_at):
        raise AlreadyOn
    before = shift.person_id
    if before == person_id and shift.published_at is not None:
        return
    if before != person_id:
        _nothing_said(shift)
    shift.person_id, shift.published_at = person_id, shift.published_at or now
    settle(session, shift, before, events.SHIFT_CHANGED, actor, now)


def take_off(actor: Actor, shift_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Shift:
    """Take a shift out of the list; returns it as it stood, for Undo to put it back."""
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.KEEP_SHIFTS, version_seen)
        drop(session, shift, actor, now)
        record(
            session,
            shift.house_id,
            events.SHIFT_TAKEN_OFF,
            subject=shift.id,
            actor=actor,
            at=now,
            parts=PARTS,
            person_id=shift.person_id,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
        )
    return shift


def drop(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """Take a shift out of the table with what hangs on it, inside the caller's transaction, which tells of it."""
    for heard in shift_goes:
        heard(session, shift, actor, now)
    clear_due(session, shift.id, TURNS)
    for hangs_on in (RosterSeat, Override):
        session.execute(sa.delete(hangs_on).where(hangs_on.shift_id == shift.id))
    session.delete(shift)
    session.flush()


def stands(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """Take a published shift that was just written into account, inside the caller's transaction, which tells of it."""
    _set_turns(session, shift, now)
    for heard in shift_moved:
        heard(session, shift, None, actor, now)


def came(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """ "I am here", said by the one whose shift it is; before its begin too. Said twice, the first time counts."""
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        say_came(session, shift, actor, now)
    return shift


def say_came(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """ "I am here", inside the caller's transaction, which knows whose shift it is. Raises ShiftOver, ShiftTooFar."""
    about_now(shift, now)
    if shift.came_at is None or shift.went_at is not None:
        shift.came_at, shift.went_at = shift.came_at or now, None
        say(session, shift, events.SHIFT_CAME, actor, now)


def come_unplanned(actor: Actor, house_id: uuid.UUID, *, until: time, now: datetime) -> Shift:
    """ "I am here", by somebody who was not on the list: on from now until the house's clock shows `until`.

    Raises AlreadyOn when they are on by now: then they say so for that shift.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.SEE_SHIFTS)
        house = session.get_one(House, house_id)
        here = local(now, house.timezone)
        ends_at = span_of(here.date(), here.time(), until, house.timezone)[1]
        if actor.kind != ActorKind.PERSON or not works_here(session, house_id, actor.id):
            raise NotYourShift
        shift = Shift(house_id=house_id, kind=ShiftKind.FLOOR, starts_at=now, ends_at=ends_at)
        shift.published_at = shift.came_at = now
        if overlaps(session, shift, actor.id, shift.kind, now, now + ONE_SECOND):
            raise AlreadyOn
        shift.person_id = actor.id
        session.add(shift)
        settle(session, shift, None, events.SHIFT_SET, actor, now)
    return shift


def not_came_after_all(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """Take "I am here" back."""
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        if shift.came_at is None:
            return shift
        shift.came_at = None
        say(session, shift, events.SHIFT_NOT_CAME, actor, now)
    return shift


def went(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """ "I am going". Raises NotHere for a shift that neither began nor was come to, or was left before."""
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        if shift.went_at is not None or (shift.came_at is None and now < shift.starts_at):
            raise NotHere
        shift.went_at = now
        say(session, shift, events.SHIFT_WENT, actor, now)
    return shift


def leave_early(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """Somebody who is here has no duty from now on, inside the caller's transaction; that they were here stays."""
    shift.went_at = now
    say(session, shift, events.SHIFT_WENT, actor, now)


def not_went_after_all(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """Take "I am going" back."""
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        if shift.went_at is None:
            return shift
        shift.went_at = None
        say(session, shift, events.SHIFT_NOT_WENT, actor, now)
    return shift


@handles(TURNS)
def shift_turns(row: DueRow, now: datetime) -> None:
    """A shift began or ended by the clock: screens look again, and its end is due after its begin."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_BOARD)
        if not take(session, row):
            return
        shift = session.get(Shift, row.subject)
        if shift is None:
            return
        if row.due_at < shift.ends_at:
            set_due(session, TURNS, shift.id, shift.ends_at, shift.house_id)
        record(session, row.house_id, events.SHIFT_TURNED, subject=None, actor=CLOCK, at=row.due_at, parts=PARTS)


def about_now(shift: Shift, now: datetime) -> None:
    if now >= shift.ends_at:
        raise ShiftOver
    if shift.starts_at - now > EARLIEST_COMING:
        raise ShiftTooFar


def write_down(
    session: Session, shift: Shift, person_id: uuid.UUID | None, kind: str, day: date, begins: time, ends: time
) -> None:
    house = session.get_one(House, shift.house_id)
    wrong: dict[str, str] = {}
    starts_at, ends_at = span_of(day, begins, ends, house.timezone)
    if not timedelta(0) < ends_at - starts_at <= LONGEST_SHIFT:
        wrong["ends"] = _("A shift must end after it begins.")
    if kind not in set(ShiftKind):
        wrong["kind"] = _("Please choose in the house or on call.")
    if person_id is not None and not works_here(session, house.id, person_id):
        wrong["person"] = _("Please choose somebody who works in this house.")
    if wrong:
        raise Invalid(fields=wrong)
    if person_id is not None and overlaps(session, shift, person_id, kind, starts_at, ends_at):
        raise AlreadyOn
    shift.person_id, shift.kind, shift.starts_at, shift.ends_at = person_id, kind, starts_at, ends_at


def works_here(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    role = session.scalar(
        sa.select(Membership.role)
        .join(Person)
        .where(
            Membership.house_id == house_id,
            Membership.person_id == person_id,
            Membership.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )
    return role is not None and May.SEE_SHIFTS in RIGHTS[Role(role)]


def overlaps(
    session: Session, shift: Shift, person_id: uuid.UUID, kind: str, starts_at: datetime, ends_at: datetime
) -> bool:
    return (
        session.scalar(
            sa.select(Shift.id)
            .where(
                Shift.house_id == shift.house_id,
                Shift.id != shift.id,
                Shift.person_id == person_id,
                Shift.kind == kind,
                Shift.starts_at < ends_at,
                Shift.ends_at > starts_at,
            )
            .limit(1)
        )
        is not None
    )


def _as_it_stands(shift: Shift) -> tuple[object, ...]:
    return shift.person_id, shift.kind, shift.starts_at, shift.ends_at


def _nothing_said(shift: Shift) -> None:
    """Whoever has it now has said nothing of it yet."""
    shift.on_way_at = shift.came_at = shift.went_at = shift.asked_to_stay_at = shift.stays_on_at = None


def settle(session: Session, shift: Shift, before: uuid.UUID | None, event: str, actor: Actor, now: datetime) -> None:
    session.flush()
    keep_in_step(session, shift, now)
    _set_turns(session, shift, now)
    record(
        session,
        shift.house_id,
        event,
        subject=shift.id,
        actor=actor,
        at=now,
        parts=PARTS,
        person_id=shift.person_id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        floor=shift.kind == ShiftKind.FLOOR,
    )
    for heard in shift_moved:
        heard(session, shift, before, actor, now)


def _set_turns(session: Session, shift: Shift, now: datetime) -> None:
    clear_due(session, shift.id, TURNS)
    coming = [instant for instant in (shift.starts_at, shift.ends_at) if instant > now]
    if coming and shift.published_at is not None:
        set_due(session, TURNS, shift.id, min(coming), shift.house_id)


def own_shift(session: Session, actor: Actor, shift_id: uuid.UUID) -> Shift:
    shift = locked_row(session, actor, Shift, shift_id, May.SEE_SHIFTS)
    if actor.kind != ActorKind.PERSON or shift.person_id != actor.id:
        raise NotYourShift
    return shift


def say(session: Session, shift: Shift, event: str, actor: Actor, now: datetime) -> None:
    session.flush()
    record(
        session,
        shift.house_id,
        event,
        subject=shift.id,
        actor=actor,
        at=now,
        parts=PARTS,
        person_id=shift.person_id,
    )
    for heard in shift_said:
        heard(session, shift, actor, now)
