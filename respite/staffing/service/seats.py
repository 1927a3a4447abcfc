"""One place of a draft, by hand: somebody is put on it, it is opened, or it stays as it is when the draft is filled."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses.models import House
from respite.staffing.errors import AlreadyOn, ShiftOver
from respite.staffing.models import Roster, RosterSeat, Shift
from respite.staffing.queries.places import Place, place_of, places_between
from respite.staffing.service.choosing_weeks import draft_of
from respite.staffing.service.overruling import NOTHING_SAID, Anyway, all_must_fit
from respite.staffing.service.rosters import SET, edited, seat_of
from respite.staffing.service.shifts import works_here

NEAR = timedelta(days=2)


def put_in(
    actor: Actor,
    roster_id: uuid.UUID,
    shift_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    taken_from: uuid.UUID | None = None,
    stays: bool = True,
    anyway: Anyway = NOTHING_SAID,
    now: datetime,
) -> None:
    """Put somebody on a place of a draft, or open it (None). With `stays` it is theirs when the draft is filled, too.

    With `taken_from` they leave that place of the draft, and whoever had this one gets it. Raises RosterOver,
    StillChoosing, ShiftOver, AlreadyOn, RulesAgainst, StaleVersion where they do not have that place any more, Invalid
    for somebody who does not work here, NotFound for a shift that is not of the draft.
    """
    with transaction() as session:
        roster = draft_of(session, actor, roster_id, now)
        seats = [_seat(session, roster, shift_id, now)]
        if taken_from is not None and taken_from != shift_id:
            other = _seat(session, roster, taken_from, now)
            if person_id is None or other.person_id != person_id:
                raise StaleVersion
            _give(session, other, seats[0].person_id, stays)
            seats.append(other)
        _give(session, seats[0], person_id, stays)
        session.flush()
        given = [(session.get_one(Shift, seat.shift_id), seat.person_id) for seat in seats]
        for shift, who in given:
            if who is not None:
                _only_there(session, roster, shift, who)
        all_must_fit(session, given, anyway, actor, now, roster=roster)
        edited(session, roster, actor, now)


def keep_seat(actor: Actor, roster_id: uuid.UUID, shift_id: uuid.UUID, *, stays: bool, now: datetime) -> None:
    """Whether whoever has a place of a draft has it still when that is filled. Raises Invalid for an open one."""
    with transaction() as session:
        roster = draft_of(session, actor, roster_id, now)
        seat = _seat(session, roster, shift_id, now)
        if seat.person_id is None and stays:
            raise Invalid(_("Nobody has that place."))
        if seat.locked != stays:
            seat.locked = stays
            session.add(seat)
            edited(session, roster, actor, now)


def place_in(session: Session, house: House, roster: Roster, shift_id: uuid.UUID) -> Place:
    """A place of a draft with who has it there. Raises NotFound."""
    place = place_of(session, house, shift_id, drafts=True)
    if place is None or not roster.first_day <= place.day < roster.until:
        raise NotFound
    return place


def _seat(session: Session, roster: Roster, shift_id: uuid.UUID, now: datetime) -> RosterSeat:
    house = session.get_one(House, roster.house_id)
    if place_in(session, house, roster, shift_id).starts_at <= now:
        raise ShiftOver
    return seat_of(session, roster, session.get_one(Shift, shift_id))


def _give(session: Session, seat: RosterSeat, person_id: uuid.UUID | None, stays: bool) -> None:
    if person_id is not None and not works_here(session, seat.house_id, person_id):
        raise Invalid(fields={"person": _("Please choose somebody who works in this house.")})
    seat.person_id, seat.how, seat.locked = person_id, SET, stays and person_id is not None
    session.add(seat)


def _only_there(session: Session, roster: Roster, shift: Shift, person_id: uuid.UUID) -> None:
    """One person is in one place at a time; no reason changes that."""
    house = session.get_one(House, roster.house_id)
    first, last = (shift.starts_at - NEAR).date(), (shift.ends_at + NEAR).date()
    for place in places_between(session, house, first, last, drafts=True):
        mine = place.person_id == person_id and place.kind == shift.kind and place.shift_id != shift.id
        if mine and place.starts_at < shift.ends_at and shift.starts_at < place.ends_at:
            raise AlreadyOn
