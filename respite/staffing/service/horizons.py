"""Coordinators are told of a gap as it comes nearer: once for each gap and horizon, and not when it is covered.

One row of the clock for each house. It looks at the gaps, writes down which horizon of which was told, and is due again
when the next one is crossed, in the morning, or as soon as a shift of the house moved. A gap that is covered is
forgotten, and texts about it that still wait are called back; when it opens again it is a new one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.models import Membership, Person
from respite.accounts.rights import lock_house
from respite.accounts.roles import May, Role
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import Due, DueRow, handles, set_due, take
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local
from respite.messaging.models import Message
from respite.messaging.purposes import Purpose
from respite.messaging.service.writing import cancel_where
from respite.staffing import events
from respite.staffing.models import GapNotice, Shift, ShiftPattern
from respite.staffing.policy.horizons import AT_ANY_HOUR, next_crossing, reached
from respite.staffing.queries.gaps import PUBLISHED_BEFORE, Gap, gaps_between
from respite.staffing.service.texting import language_of, link_to, shift_fields, tell

LOOK = "staffing.gap.look"
LOOKS_AT = time(9)
A_LITTLE = timedelta(minutes=10)


@handles(LOOK)
def look_at_gaps(row: DueRow, now: datetime) -> None:
    """Tell of what came nearer, forget what is covered, and look again when something changes."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_BOARD)
        if not take(session, row):
            return
        house = session.get_one(House, row.house_id)
        found = gaps_between(session, house, now, now + PUBLISHED_BEFORE, now)
        _forget(session, house, found, now)
        fresh = _fresh(session, house, found, now)
        if fresh:
            _tell(session, house, fresh, now)
            record(
                session,
                house.id,
                events.GAPS_TOLD,
                subject=None,
                actor=CLOCK,
                at=now,
                parts=("gaps",),
                count=len(fresh),
            )
        set_due(session, LOOK, house.id, _next(house, found, now), house.id)


def look_soon(session: Session, shift: Shift, _before: uuid.UUID | None, _actor: Actor, now: datetime) -> None:
    """A shift changed hands or moved. Well ahead there is a little time to put it right before anybody is told."""
    if shift.ends_at <= now or not _matters(session, shift):
        return
    at = now if shift.starts_at - now <= AT_ANY_HOUR else now + A_LITTLE
    due = session.scalar(sa.select(Due.due_at).where(Due.kind == LOOK, Due.subject == shift.house_id))
    if due is None or due > at:
        set_due(session, LOOK, shift.house_id, at, shift.house_id)


def look_soon_without(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """A shift leaves the list."""
    look_soon(session, shift, None, actor, now)


def _matters(session: Session, shift: Shift) -> bool:
    """Whether there can be a gap: this one is open, or the house has patterns or was told of one."""
    if shift.person_id is None:
        return True
    asks = sa.exists().where(ShiftPattern.house_id == shift.house_id)
    told = sa.exists().where(GapNotice.house_id == shift.house_id)
    return bool(session.scalar(sa.select(sa.or_(asks, told))))


def _forget(session: Session, house: House, found: Sequence[Gap], now: datetime) -> None:
    standing = {gap.key for gap in found}
    rows = session.scalars(sa.select(GapNotice).where(GapNotice.house_id == house.id)).all()
    covered = [row for row in rows if row.gap not in standing]
    kept = {row.told for row in rows if row.gap in standing}
    for row in covered:
        session.delete(row)
    for told in {row.told for row in covered} - kept - {None}:
        cancel_where(session, "covered", now, Message.dedupe_key.like(f"gap:{told}:%"))
    session.flush()


def _fresh(session: Session, house: House, found: Sequence[Gap], now: datetime) -> list[GapNotice]:
    """Gaps that came within a horizon that was not told of; each nearer horizon it passed at once counts as told."""
    known = {
        (gap, horizon)
        for gap, horizon in session.execute(
            sa.select(GapNotice.gap, GapNotice.horizon).where(GapNotice.house_id == house.id)
        )
    }
    told = uuid.uuid4()
    fresh: list[GapNotice] = []
    for gap in found:
        new = [
            GapNotice(house_id=house.id, gap=gap.key, horizon=horizon, ends_at=gap.ends_at, at=now, told=told)
            for horizon in reached(gap.starts_at, now)
            if (gap.key, horizon) not in known
        ]
        session.add_all(new)
        fresh += new[-1:]
    session.flush()
    return fresh


def _tell(session: Session, house: House, fresh: Sequence[GapNotice], now: datetime) -> None:
    """One text to each coordinator, whatever came nearer at once. Who said no to it finds it on the desk."""
    keys = {notice.gap for notice in fresh}
    gaps = [g for g in gaps_between(session, house, now, now + PUBLISHED_BEFORE, now) if g.key in keys]
    first = gaps[0]
    soon = first.starts_at - now <= AT_ANY_HOUR
    template = "gap-now" if soon else "gap-ahead" if len(gaps) == 1 else "gaps-ahead"
    link = link_to(f"/houses/{house.slug}/shifts")
    for person_id in _coordinators(session, house.id):
        language = language_of(session, house, person_id)
        tell(
            session,
            house,
            person_id,
            template,
            {"link": link} | shift_fields(first.starts_at, first.ends_at, house, language),
            purpose=Purpose.DUTY if soon else Purpose.SHIFTS,
            dedupe_key=f"gap:{fresh[0].told}:{person_id}",
            now=now,
            not_after=max(gap.ends_at for gap in gaps),
        )


def _coordinators(session: Session, house_id: uuid.UUID) -> list[uuid.UUID]:
    found = session.scalars(
        sa.select(Person.id)
        .join(Membership)
        .where(
            Membership.house_id == house_id,
            Membership.ended_at.is_(None),
            Membership.role == Role.COORDINATOR,
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return list(found)


def _next(house: House, found: Sequence[Gap], now: datetime) -> datetime:
    """When something is to be told next: a horizon is crossed, a gap is over, or it is morning."""
    day = local(now, house.timezone).date()
    morning = instant_of(datetime.combine(day, LOOKS_AT), house.timezone)
    if morning <= now:
        morning = instant_of(datetime.combine(day + timedelta(days=1), LOOKS_AT), house.timezone)
    ends = [gap.ends_at for gap in found if gap.ends_at > now]
    crossing = next_crossing((gap.starts_at for gap in found), now)
    return min([morning, *ends, *([crossing] if crossing else [])])
