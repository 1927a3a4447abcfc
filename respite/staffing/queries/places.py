"""The places of a house's shifts with who has each: as published, or as the drafts have it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY, day_begins, instant_of, local
from respite.staffing.models import Roster, RosterSeat, Shift, ShiftPattern

OPEN_STATES = ("choosing", "draft")
LATEST_OF_NIGHT = time(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of a shift. `group` is the same for the places of one turn of the day, on whatever day it is."""

    shift_id: uuid.UUID
    kind: str
    pattern_id: uuid.UUID | None
    name: str  # of the pattern; nothing for a shift without one
    day: date  # of its begin, by the house's clock
    starts_at: datetime
    ends_at: datetime
    group: str
    night: bool
    published: bool
    person_id: uuid.UUID | None
    seat_id: uuid.UUID | None
    locked: bool
    how: str
    needs: tuple[tuple[str, int], ...]
    everyone: frozenset[str]


def places_between(
    session: Session, house: House, first: date, until: date, *, drafts: bool, of: uuid.UUID | None = None
) -> list[Place]:
    """Every place of the shifts that begin on the days from `first`, before `until`, in order of time.

    As published; with `drafts`, those of drafts too, with whom the drafts have on them. With `of`, one person's.
    """
    asked = _selected(drafts).where(
        Shift.house_id == house.id,
        Shift.starts_at >= day_begins(first, house.timezone),
        Shift.starts_at < day_begins(until, house.timezone),
    )
    if of is not None:
        seated = sa.case((RosterSeat.id.is_not(None), RosterSeat.person_id), else_=Shift.person_id)
        asked = asked.where(seated == of)
    return [_place(row, house) for row in session.execute(asked)]


def place_of(session: Session, house: House, shift_id: uuid.UUID, *, drafts: bool) -> Place | None:
    """One place, whether it is published or not."""
    row = session.execute(
        _selected(drafts, unpublished=True).where(Shift.house_id == house.id, Shift.id == shift_id)
    ).one_or_none()
    return _place(row, house) if row is not None else None


def elsewhere(
    session: Session, house: House, people: Collection[uuid.UUID], begin: datetime, end: datetime
) -> list[tuple[uuid.UUID, uuid.UUID, datetime, datetime]]:
    """(shift, person, begin, end) of what these people have in other houses."""
    asked = sa.select(Shift.id, Shift.person_id, Shift.starts_at, Shift.ends_at).where(
        Shift.house_id != house.id,
        Shift.published_at.is_not(None),
        Shift.person_id.in_(list(people)),
        Shift.ends_at > begin,
        Shift.starts_at < end,
    )
    return [(shift, person, begins, ends) for shift, person, begins, ends in session.execute(asked) if person]


def is_night(starts_at: datetime, ends_at: datetime, zone: str) -> bool:
    """Whether it holds three in the morning of some night."""
    here = local(starts_at, zone)
    day = here.date() if here.time() < LATEST_OF_NIGHT else here.date() + ONE_DAY
    three = instant_of(datetime.combine(day, LATEST_OF_NIGHT), zone)
    return starts_at <= three < ends_at


def _selected(drafts: bool, unpublished: bool = False) -> sa.Select[Shift, ShiftPattern, RosterSeat]:
    asked = sa.select(Shift, ShiftPattern, RosterSeat).outerjoin(ShiftPattern, ShiftPattern.id == Shift.pattern_id)
    if drafts:
        live = sa.select(Roster.id).where(Roster.state.in_(OPEN_STATES))
        asked = asked.outerjoin(RosterSeat, sa.and_(RosterSeat.shift_id == Shift.id, RosterSeat.roster_id.in_(live)))
    else:
        asked = asked.outerjoin(RosterSeat, sa.false())
        if not unpublished:
            asked = asked.where(Shift.published_at.is_not(None))
    return asked.order_by(Shift.starts_at, Shift.ends_at, Shift.kind, Shift.pattern_id, Shift.seat, Shift.id)


def _place(row: sa.Row[Shift, ShiftPattern | None, RosterSeat | None], house: House) -> Place:
    shift, pattern, seat = row
    begins, ends = local(shift.starts_at, house.timezone), local(shift.ends_at, house.timezone)
    days = (ends.date() - begins.date()) // timedelta(days=1)
    return Place(
        shift_id=shift.id,
        kind=shift.kind,
        pattern_id=shift.pattern_id,
        name=pattern.name if pattern is not None else "",
        day=begins.date(),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        group=f"{shift.pattern_id or 'single'} {shift.kind} {begins:%H:%M} {ends:%H:%M} {days}",
        night=is_night(shift.starts_at, shift.ends_at, house.timezone),
        published=shift.published_at is not None,
        person_id=seat.person_id if seat is not None else shift.person_id,
        seat_id=seat.id if seat is not None else None,
        locked=seat is not None and seat.locked,
        how=seat.how if seat is not None else "",
        needs=tuple((each["tag"], each["least"]) for each in (pattern.needs if pattern is not None else ())),
        everyone=frozenset(pattern.everyone if pattern is not None else ()),
    )
