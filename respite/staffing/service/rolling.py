"""Patterns rolled forward: the shifts of the next eight weeks, each made once, at the wall's own hours.

A day is rolled once for each pattern, so a shift that somebody took off the list is not made again; behind that the key
(pattern, day, place) makes two of one impossible. A sweep that is late, doubled or behind a clock that jumped finds
the same days done or to do.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, handles, set_due, take
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local
from respite.staffing import events
from respite.staffing.models import Shift, ShiftPattern
from respite.staffing.policy.patterns import turns
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.duty import DutyDays
from respite.staffing.service import shifts

ROLL = "staffing.pattern.roll"
AHEAD = timedelta(weeks=8)
ROLLS_AT = time(4)


@handles(ROLL)
def patterns_roll(row: DueRow, now: datetime) -> None:
    """A day went by: the day at the far end gets its shifts, and the next rolling is due."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_BOARD)
        if not take(session, row):
            return
        house = session.get_one(House, row.house_id)
        made, until = roll(session, house, CLOCK, now)
        set_next(session, house, now)
        if made:
            record(
                session,
                house.id,
                events.PATTERNS_ROLLED,
                subject=None,
                actor=CLOCK,
                at=now,
                parts=shifts.PARTS,
                made=made,
                until=until,
            )


def roll(session: Session, house: House, actor: Actor, now: datetime) -> tuple[int, date]:
    """Make what is missing until eight weeks from today; inside a transaction that holds the house's lock.

    Returns how many places were made, and the day before which all are there.
    """
    today = local(now, house.timezone).date()
    until = today + AHEAD
    duty = DutyDays(session, house)
    made = 0
    for pattern in session.scalars(
        sa.select(ShiftPattern)
        .where(
            ShiftPattern.house_id == house.id,
            ShiftPattern.first_day < until,
            sa.or_(ShiftPattern.until.is_(None), ShiftPattern.until > today - timedelta(days=1)),
        )
        .order_by(ShiftPattern.first_day, ShiftPattern.begins, ShiftPattern.id)
    ).all():
        first = max(pattern.rolled_until or pattern.first_day, today - timedelta(days=1))
        if first >= until:
            continue
        made += _roll_one(session, house, pattern, first, until, duty, actor, now)
        _rolled(session, pattern, until)
    return made, until


def set_next(session: Session, house: House, now: datetime) -> None:
    """The next rolling, early in the house's next morning."""
    day = local(now, house.timezone).date()
    at = instant_of(datetime.combine(day, ROLLS_AT), house.timezone)
    if at <= now:
        at = instant_of(datetime.combine(day + timedelta(days=1), ROLLS_AT), house.timezone)
    set_due(session, ROLL, house.id, at, house.id)


def _roll_one(
    session: Session,
    house: House,
    pattern: ShiftPattern,
    first: date,
    until: date,
    duty: DutyDays,
    actor: Actor,
    now: datetime,
) -> int:
    taken = _places(session, pattern, first)
    made = 0
    for day, begin, end in turns(pattern, first, until, house.timezone):
        if end <= now:
            continue
        at_once = pattern.kind == ShiftKind.ON_CALL or bool(duty.on(day).open_at_once)
        for seat in range(pattern.seats):
            if seat in taken[day]:
                continue
            shift = Shift(
                house_id=house.id,
                kind=pattern.kind,
                pattern_id=pattern.id,
                day=day,
                seat=seat,
                starts_at=begin,
                ends_at=end,
                published_at=now if at_once else None,
            )
            session.add(shift)
            made += 1
            if at_once:
                session.flush()
                shifts.stands(session, shift, actor, now)
    session.flush()
    return made


def _rolled(session: Session, pattern: ShiftPattern, until: date) -> None:
    """Beside the row's version: whoever changes the pattern meanwhile has nothing to look at again."""
    table = ShiftPattern.__table__
    session.execute(sa.update(table).where(table.c.id == pattern.id).values(rolled_until=until))  # type: ignore[arg-type]
    set_committed_value(pattern, "rolled_until", until)


def _places(session: Session, pattern: ShiftPattern, first: date) -> dict[date, set[int]]:
    """The places that stand already, by day."""
    found: dict[date, set[int]] = defaultdict(set)
    for day, seat in session.execute(
        sa.select(Shift.day, Shift.seat).where(Shift.pattern_id == pattern.id, Shift.day >= first)
    ):
        if day is not None and seat is not None:
            found[day].add(seat)
    return found
