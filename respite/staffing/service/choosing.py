"""Choosing one's own shifts in a draft, within the rules; filling covers the rest.

Everything happens behind the house's lock, so of two who tap the same place one has it. What somebody chose is locked.
There is no override here: who keeps the shifts puts people on in the draft.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.houses.models import House
from respite.staffing import events
from respite.staffing.errors import ChoosingOver, PlaceTaken
from respite.staffing.models import Roster, RosterAnswer, RosterSeat, Shift
from respite.staffing.queries.choosing import CHOSEN, answer_of, goes_on, to_choose
from respite.staffing.queries.places import OPEN_STATES
from respite.staffing.roster.reasons import Reason
from respite.staffing.service import choosing_asking as asking
from respite.staffing.service.fitting import against
from respite.staffing.service.rosters import PARTS, edited, seat_of


def take(actor: Actor, roster_id: uuid.UUID, shift_id: uuid.UUID, *, now: datetime) -> list[Reason]:
    """Take an open place; returns the rules that speak against it, and then nothing was taken.

    Taken twice it is theirs once. Raises ChoosingOver, PlaceTaken, NotFound for a shift that is not to be chosen.
    """
    with transaction() as session:
        roster, person_id = _choosing(session, actor, roster_id, now)
        house = session.get_one(House, roster.house_id)
        place = next((each for each in to_choose(session, house, roster, now) if each.shift_id == shift_id), None)
        if place is None:
            raise NotFound
        if place.person_id == person_id:
            return []
        if place.person_id is not None:
            raise PlaceTaken
        reasons = against(session, house, person_id, shift_id, now, drafts=True)
        if reasons:
            return reasons
        seat = seat_of(session, roster, session.get_one(Shift, shift_id))
        seat.person_id, seat.how, seat.locked = person_id, CHOSEN, True
        session.add(seat)
        _row(session, roster, person_id, now)
        _chosen(session, roster, now)
    return []


def give_back(actor: Actor, roster_id: uuid.UUID, shift_id: uuid.UUID, *, now: datetime) -> None:
    """Give back a place that one chose; it is open at once. What somebody else has by now stays theirs."""
    with transaction() as session:
        roster, person_id = _choosing(session, actor, roster_id, now)
        gone = session.scalar(
            sa.select(RosterSeat).where(
                RosterSeat.roster_id == roster.id,
                RosterSeat.shift_id == shift_id,
                RosterSeat.person_id == person_id,
                RosterSeat.how == CHOSEN,
            )
        )
        if gone is not None:
            session.delete(gone)
            _chosen(session, roster, now)


def done(actor: Actor, roster_id: uuid.UUID, *, now: datetime) -> None:
    """ "I am done choosing", also with nothing chosen. They may still change it until the end. Raises ChoosingOver."""
    with transaction() as session:
        roster, person_id = _choosing(session, actor, roster_id, now)
        say_done(session, roster, person_id, now)


def not_done(actor: Actor, roster_id: uuid.UUID, *, now: datetime) -> None:
    """Undo of `done`. Raises ChoosingOver."""
    with transaction() as session:
        roster, person_id = _choosing(session, actor, roster_id, now)
        row = answer_of(session, roster.id, person_id)
        if row is not None and row.answered_at is not None:
            row.answered_at = None
            _chosen(session, roster, now)


def say_done(session: Session, roster: Roster, person_id: uuid.UUID, now: datetime) -> None:
    """`done`, inside the caller's transaction, which holds the house's lock."""
    row = _row(session, roster, person_id, now)
    if row.answered_at is None:
        row.answered_at = now
        asking.call_back(session, roster, now, person_id)
        _chosen(session, roster, now)


def person_gone(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Somebody has no duty in the house any more: nobody waits for their answer, and no filling puts them back."""
    for roster in session.scalars(
        sa.select(Roster).where(Roster.house_id == house_id, Roster.state.in_(OPEN_STATES))
    ).all():
        session.execute(
            sa.delete(RosterAnswer).where(RosterAnswer.roster_id == roster.id, RosterAnswer.person_id == person_id)
        )
        edited(session, roster, actor, now)


# -- what these are made of ----------------------------------------------------------------------------------------


def _choosing(session: Session, actor: Actor, roster_id: uuid.UUID, now: datetime) -> tuple[Roster, uuid.UUID]:
    roster = locked_row(session, actor, Roster, roster_id, May.SEE_SHIFTS)
    if actor.kind != ActorKind.PERSON:
        raise NotFound
    if not goes_on(roster, now):
        if roster.choose_until is None:
            raise NotFound  # a draft is nobody else's business
        raise ChoosingOver
    return roster, actor.id


def _row(session: Session, roster: Roster, person_id: uuid.UUID, now: datetime) -> RosterAnswer:
    """Where they stand, new for whoever came to the house after the others were asked."""
    row = answer_of(session, roster.id, person_id)
    if row is None:
        row = RosterAnswer(house_id=roster.house_id, roster_id=roster.id, person_id=person_id, asked_at=now)
        session.add(row)
    return row


def _chosen(session: Session, roster: Roster, now: datetime) -> None:
    flag_modified(roster, "state")
    session.flush()
    record(session, roster.house_id, events.ROSTER_CHOSEN, subject=roster.id, actor=None, at=now, parts=PARTS)
