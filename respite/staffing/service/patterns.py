"""What a house's days ask for: making a pattern, changing it from a day on, ending it, and its coming shifts."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing import events
from respite.staffing.errors import PatternOver, TooFewAtOnce
from respite.staffing.models import Shift, ShiftPattern
from respite.staffing.policy.patterns import (
    LONGEST_NAME,
    MOST_SEATS,
    Asked,
    below,
    in_force,
    needs_of,
    turns,
)
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.duty import DutyDays
from respite.staffing.queries.patterns import patterns_of
from respite.staffing.queries.tags import tags_to_need
from respite.staffing.service import shifts
from respite.staffing.service.rolling import roll, set_next


def make_patterns(
    actor: Actor, house_id: uuid.UUID, asked: Sequence[Asked], *, first_day: date, now: datetime
) -> list[ShiftPattern]:
    """Have shifts come round from a day on; those of the next eight weeks stand at once.

    Raises Invalid by field, TooFewAtOnce in a living room that would have one person alone.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_SHIFTS)
        house = session.get_one(House, house_id)
        _not_before_today(house, first_day, now)
        made = []
        for each in asked:
            _check(session, house, each)
            made.append(_row(house_id, each, first_day, None, actor, now))
        session.add_all(made)
        session.flush()
        _enough_at_once(session, house, first_day)
        places, _until = roll(session, house, actor, now)
        set_next(session, house, now)
        record(
            session,
            house_id,
            events.PATTERN_MADE,
            subject=made[0].id,
            actor=actor,
            at=now,
            parts=shifts.PARTS,
            first_day=first_day,
            made=places,
        )
    return made


def change_pattern(
    actor: Actor,
    pattern_id: uuid.UUID,
    asked: Asked,
    *,
    from_day: date,
    version_seen: int | None = None,
    now: datetime,
) -> tuple[ShiftPattern, int]:
    """Ask for something else from a day on: the pattern ends there, and another begins.

    Coming shifts that still fit go over to it. Those without a person, or in a roster that is not published, are made
    anew; those that somebody has stay, and are put to the coordinator: returns how many.
    Raises Invalid by field, PatternOver, StaleVersion, TooFewAtOnce.
    """
    with transaction() as session:
        old = locked_row(session, actor, ShiftPattern, pattern_id, May.KEEP_SHIFTS, version_seen)
        house = session.get_one(House, old.house_id)
        _not_before_today(house, from_day, now)
        from_day = max(from_day, old.first_day)
        if old.until is not None and old.until <= from_day:
            raise PatternOver
        _check(session, house, asked)
        if _same(old, asked):
            return old, 0
        new = _row(house.id, asked, from_day, old.until, actor, now)
        session.add(new)
        old.until = from_day
        session.flush()
        gone, kept = _follow(session, house, old, new, actor, now)
        _enough_at_once(session, house, from_day)
        places, _until = roll(session, house, actor, now)
        record(
            session,
            house.id,
            events.PATTERN_CHANGED,
            subject=new.id,
            actor=actor,
            at=now,
            parts=shifts.PARTS,
            first_day=from_day,
            made=places,
            gone=gone,
            kept=kept,
        )
    return new, kept


def end_pattern(
    actor: Actor, pattern_id: uuid.UUID, *, until: date, version_seen: int | None = None, now: datetime
) -> tuple[ShiftPattern, int]:
    """Let it come round no more from a day on; returns how many shifts of somebody stand after it."""
    with transaction() as session:
        pattern = locked_row(session, actor, ShiftPattern, pattern_id, May.KEEP_SHIFTS, version_seen)
        house = session.get_one(House, pattern.house_id)
        _not_before_today(house, until, now)
        if pattern.until is not None and pattern.until <= until:
            raise PatternOver
        pattern.until = max(until, pattern.first_day)
        session.flush()
        gone, kept = _follow(session, house, pattern, None, actor, now)
        _enough_at_once(session, house, until)
        record(
            session,
            house.id,
            events.PATTERN_ENDED,
            subject=pattern.id,
            actor=actor,
            at=now,
            parts=shifts.PARTS,
            until=pattern.until,
            gone=gone,
            kept=kept,
        )
    return pattern, kept


def resume_pattern(
    actor: Actor, pattern_id: uuid.UUID, *, version_seen: int | None = None, now: datetime
) -> ShiftPattern:
    """Take an end back: it comes round again without one, and what was taken off its days is made anew."""
    with transaction() as session:
        pattern = locked_row(session, actor, ShiftPattern, pattern_id, May.KEEP_SHIFTS, version_seen)
        if pattern.until is None:
            return pattern
        house = session.get_one(House, pattern.house_id)
        pattern.rolled_until = min(pattern.until, pattern.rolled_until or pattern.until)
        pattern.until = None
        session.flush()
        made, _until = roll(session, house, actor, now)
        record(
            session,
            house.id,
            events.PATTERN_GOES_ON,
            subject=pattern.id,
            actor=actor,
            at=now,
            parts=shifts.PARTS,
            made=made,
        )
    return pattern


def keep_anyway(actor: Actor, shift_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Shift:
    """A shift that no pattern asks for any more stays as it is, as one that was put on by hand."""
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.KEEP_SHIFTS, version_seen)
        shift.pattern_id = shift.day = shift.seat = None
        session.flush()
        record(session, shift.house_id, events.SHIFT_KEPT, subject=shift.id, actor=actor, at=now, parts=shifts.PARTS)
    return shift


def _follow(
    session: Session, house: House, old: ShiftPattern, new: ShiftPattern | None, actor: Actor, now: datetime
) -> tuple[int, int]:
    """The coming shifts of a pattern that ended: gone over, taken away, or kept; (taken away, kept)."""
    assert old.until is not None
    coming = session.scalars(
        sa.select(Shift)
        .where(Shift.pattern_id == old.id, Shift.day >= old.until, Shift.ends_at > now)
        .order_by(Shift.day, Shift.person_id.is_(None), Shift.seat)
    ).all()
    fits = _spans(house, new, coming)
    taken: dict[date, int] = defaultdict(int)
    gone = kept = 0
    for shift in coming:
        assert shift.day is not None
        same = new is not None and shift.kind == new.kind and fits.get(shift.day) == (shift.starts_at, shift.ends_at)
        if same and new is not None and taken[shift.day] < new.seats:
            shift.pattern_id, shift.seat = new.id, taken[shift.day]
            taken[shift.day] += 1
        elif shift.person_id is None:
            shifts.drop(session, shift, actor, now)
            gone += 1
        else:
            kept += 1
    session.flush()
    return gone, kept


def _spans(
    house: House, pattern: ShiftPattern | None, coming: Sequence[Shift]
) -> dict[date, tuple[datetime, datetime]]:
    days = [shift.day for shift in coming if shift.day is not None]
    if pattern is None or not days:
        return {}
    found = turns(pattern, min(days), max(days) + timedelta(days=1), house.timezone)
    return {day: (begin, end) for day, begin, end in found}


def _row(
    house_id: uuid.UUID, asked: Asked, first_day: date, until: date | None, actor: Actor, now: datetime
) -> ShiftPattern:
    values = _stored(asked)
    return ShiftPattern(house_id=house_id, first_day=first_day, until=until, made_at=now, made_by=actor.ref, **values)


def _stored(asked: Asked) -> dict[str, Any]:
    return {
        "name": asked.name,
        "kind": asked.kind,
        "weekdays": sorted(set(asked.weekdays)),
        "begins": asked.begins,
        "ends": asked.ends,
        "seats": asked.seats,
        "awake": asked.awake,
        "needs": [asdict(need) for need in asked.needs],
        "everyone": list(asked.everyone),
    }


def _same(pattern: ShiftPattern, asked: Asked) -> bool:
    return all(getattr(pattern, name) == value for name, value in _stored(asked).items())


def _not_before_today(house: House, day: date, now: datetime) -> None:
    if day < local(now, house.timezone).date():
        raise Invalid(fields={"first_day": _("Days that are over stay as they were. Please choose today or later.")})


def _check(session: Session, house: House, asked: Asked) -> None:
    wrong: dict[str, str] = {}
    known = {tag for tag, _name in tags_to_need(session, house.id)}
    if not asked.name or len(asked.name) > LONGEST_NAME:
        wrong["name"] = _("Please give it a short name.")
    if not asked.weekdays:
        wrong["weekdays"] = _("Please choose at least one day.")
    if asked.kind not in set(ShiftKind):
        wrong["kind"] = _("Please choose in the house or on call.")
    if not 1 <= asked.seats <= MOST_SEATS:
        wrong["seats"] = _("Please choose from 1 to %(most)s people.", most=MOST_SEATS)
    elif any(not 1 <= need.least <= asked.seats for need in asked.needs):
        wrong["needs"] = _("Not more people can be needed than are on.")
    if not _all_known((*(need.tag for need in asked.needs), *asked.everyone), known):
        wrong["needs"] = _("Please choose one of the answers shown.")
    if wrong:
        raise Invalid(fields=wrong)


def _all_known(tags: Iterable[str], known: set[str]) -> bool:
    return all(tag in known for tag in tags)


def _enough_at_once(session: Session, house: House, from_day: date) -> None:
    """In a living room nobody is alone: whenever somebody is asked in, at least two are, from that day on."""
    if not house.has_chairs:
        return
    found = [each for each in patterns_of(session, house.id, from_day) if each.kind == ShiftKind.FLOOR]
    duty = DutyDays(session, house)
    days = {from_day, *(day for each in found for day in (each.first_day, each.until) if day and day > from_day)}
    for day in sorted(days):
        least = duty.on(day).floor_least
        if below((each for each in found if in_force(each, day)), least, all_hours=False):
            raise TooFewAtOnce(
                _("In a living room at least %(least)s people are there at any time it is open.", least=least)
            )


def asked_of(pattern: ShiftPattern) -> Asked:
    """A pattern as somebody wrote it down."""
    return Asked(
        name=pattern.name,
        kind=pattern.kind,
        weekdays=tuple(pattern.weekdays),
        begins=pattern.begins,
        ends=pattern.ends,
        seats=pattern.seats,
        awake=pattern.awake,
        needs=needs_of(pattern.needs),
        everyone=tuple(pattern.everyone),
    )
