"""A draft roster: begun for some days, and filled. It is private until it is published.

Every change makes a new version of the roster, so that a filling which began before it writes nothing over it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.staffing import events
from respite.staffing.errors import DaysInADraft, RosterOver, StillChoosing
from respite.staffing.models import Roster, RosterSeat, Shift
from respite.staffing.queries.places import OPEN_STATES

PARTS = ("roster",)
SET, FILLED = "set", "filled"


def begin_roster(actor: Actor, house_id: uuid.UUID, *, first_day: date, until: date, now: datetime) -> Roster:
    """Begin a draft for the days from `first_day`, before `until`. Raises DaysInADraft."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_SHIFTS)
        roster = new_roster(session, actor, house_id, first_day, until, "draft", now)
    return roster


def new_roster(
    session: Session, actor: Actor, house_id: uuid.UUID, first_day: date, until: date, state: str, now: datetime
) -> Roster:
    """Inside the caller's transaction."""
    if _live_over(session, house_id, first_day, until):
        raise DaysInADraft
    roster = Roster(house_id=house_id, first_day=first_day, until=until, state=state, made_at=now, made_by=actor.ref)
    session.add(roster)
    session.flush()
    say(session, roster, events.ROSTER_BEGAN, actor, now)
    return roster


def drop_roster(actor: Actor, roster_id: uuid.UUID, *, now: datetime) -> Roster:
    """Put a draft away. What is published stays as it is. Raises RosterOver, StillChoosing."""
    with transaction() as session:
        roster = locked_row(session, actor, Roster, roster_id, May.KEEP_SHIFTS)
        if roster.state == "choosing":
            raise StillChoosing
        if roster.state not in OPEN_STATES:
            raise RosterOver
        roster.state = "dropped"
        session.flush()
        say(session, roster, events.ROSTER_DROPPED, actor, now)
    return roster


def take_up(actor: Actor, roster_id: uuid.UUID, *, now: datetime) -> Roster:
    """Take a draft that was put away up again. Raises DaysInADraft where another one has its days by now."""
    with transaction() as session:
        roster = locked_row(session, actor, Roster, roster_id, May.KEEP_SHIFTS)
        if roster.state != "dropped":
            raise RosterOver
        if _live_over(session, roster.house_id, roster.first_day, roster.until):
            raise DaysInADraft
        roster.state = "draft"
        session.flush()
        say(session, roster, events.ROSTER_BEGAN, actor, now)
    return roster


def seat_of(session: Session, roster: Roster, shift: Shift) -> RosterSeat:
    """The seat of a place, new where the roster has none yet: then with whom is published."""
    found = session.scalar(
        sa.select(RosterSeat).where(RosterSeat.roster_id == roster.id, RosterSeat.shift_id == shift.id)
    )
    return found or RosterSeat(
        house_id=roster.house_id,
        roster_id=roster.id,
        shift_id=shift.id,
        person_id=shift.person_id,
        how=SET,
        locked=False,
    )


def edited(session: Session, roster: Roster, actor: Actor, now: datetime) -> None:
    """The roster is another one from here on."""
    flag_modified(roster, "state")
    session.flush()
    say(session, roster, events.ROSTER_CHANGED, actor, now)


def say(session: Session, roster: Roster, event: str, actor: Actor, now: datetime) -> None:
    record(session, roster.house_id, event, subject=roster.id, actor=actor, at=now, parts=PARTS)


def live_roster(session: Session, house_id: uuid.UUID, first_day: date, until: date) -> Roster | None:
    """The draft of just these days."""
    return session.scalar(
        sa.select(Roster).where(
            Roster.house_id == house_id,
            Roster.state.in_(OPEN_STATES),
            Roster.first_day == first_day,
            Roster.until == until,
        )
    )


def _live_over(session: Session, house_id: uuid.UUID, first_day: date, until: date) -> bool:
    found = sa.select(Roster.id).where(
        Roster.house_id == house_id,
        Roster.state.in_(OPEN_STATES),
        Roster.first_day < until,
        Roster.until > first_day,
    )
    return session.scalar(found.limit(1)) is not None
