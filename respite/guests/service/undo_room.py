"""Before an act is taken back: its rows stood still, but their doors, chairs and guests need not have."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.clock import house_now
from respite.guests.errors import CannotUndo
from respite.guests.models import Guest, Stay, Visit, Waiting
from respite.guests.policy.apart import What
from respite.guests.policy.stay_states import StayState
from respite.guests.service.apart_who import Comes
from respite.guests.service.ground import Ground
from respite.guests.service.yes_first import needs_a_yes
from respite.houses.models import Bed, Chair, House
from respite.houses.policy.house_time import night_of
from respite.houses.queries import rules_now

_WITH_A_BED = (StayState.HELD, StayState.HERE)


def must_have_room(session: Session, row: Any, then: dict[str, Any]) -> None:
    """Raises CannotUndo where the row, as it stood `then`, would meet somebody else or a door that is gone."""
    if isinstance(row, Visit) and then["in_chair_id"] is not None:
        _must_be_free(session, row, then["in_chair_id"])
        if row.in_chair_id is None:
            _must_meet_nobody(session, row)
    if isinstance(row, Waiting) and then["ended_at"] is None:
        _must_wait_once(session, row, then["guest_id"])
    if isinstance(row, Stay) and then["state"] in _WITH_A_BED:
        bed = session.get(Bed, then["bed_id"]) if then["bed_id"] else None
        if bed is not None and bed.retired_at is not None:
            raise CannotUndo
        if row.state not in _WITH_A_BED:
            _must_be_the_only_bed(session, row, then)
            _must_meet_nobody(session, row, then["first_night"], then["until"])


def _must_meet_nobody(
    session: Session, row: Stay | Visit, first: date | None = None, until: date | None = None
) -> None:
    """Somebody came since who is not to be here at one time with this guest, and no coordinator said yes.

    A chair is tonight's alone.
    """
    house = session.get_one(House, row.house_id)
    rules, now = rules_now(session, house.id), house_now()
    here = Ground(house, rules, night_of(now, house.timezone, rules.night_turns_at), now)
    guest = session.get(Guest, row.guest_id) if row.guest_id is not None else None
    comes = Comes(What.NOW, guest, max(first or here.tonight, here.tonight), max(until or here.tonight, here.tonight))
    if needs_a_yes(session, None, here, comes):
        raise CannotUndo


def _must_be_free(session: Session, visit: Visit, chair_id: uuid.UUID) -> None:
    other = session.scalar(sa.select(Visit.id).where(Visit.in_chair_id == chair_id, Visit.id != visit.id))
    if other is not None or session.get_one(Chair, chair_id).retired_at is not None:
        raise CannotUndo


def _must_wait_once(session: Session, row: Waiting, guest_id: uuid.UUID) -> None:
    """A guest who asked again since has their place, and no second one."""
    other = sa.select(Waiting.id).where(Waiting.guest_id == guest_id, Waiting.ended_at.is_(None), Waiting.id != row.id)
    if session.scalar(other) is not None:
        raise CannotUndo


def _must_be_the_only_bed(session: Session, stay: Stay, then: dict[str, Any]) -> None:
    """A guest who came again, or saved again, since they left must not end up with two beds in one night."""
    if stay.guest_id is None:
        return
    last = max(then["until"], then["first_night"] + timedelta(days=1))
    overlaps = sa.and_(Stay.first_night < last, Stay.until > then["first_night"])
    here_twice = sa.and_(Stay.state == StayState.HERE, then["state"] == StayState.HERE)
    other = sa.select(Stay.id).where(
        Stay.guest_id == stay.guest_id,
        Stay.id != stay.id,
        Stay.state.in_(_WITH_A_BED),
        sa.or_(overlaps, here_twice),
    )
    if session.scalar(other) is not None:
        raise CannotUndo
