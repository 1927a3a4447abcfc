"""How things stand, for the handoff: who is here and what they asked to pass on, who comes, what is promised and open.

Read as it stands when somebody looks, and not copied into the handoff: what was true at the end of a shift may not be
true an hour later.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.models import Note, Stay, Visit
from respite.guests.policy.stay_states import SAVED, StayState
from respite.houses.models import Bed, BedNight, Chair, ClaimKind, House
from respite.messaging.counts import Unread, unread_in
from respite.promises.queries import PromiseRow, open_promises
from respite.promises.subjects import subjects_of, with_names
from respite.staffing.queries.gaps import Ahead, gaps_ahead
from respite.staffing.queries.shifts import OnShift, here_now, next_on, on_call_now

LOOKS_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody in the house. `name` is none for a stay without one."""

    page: uuid.UUID | None  # the stay
    door: str
    name: str | None
    until: date | None
    check_in: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comes:
    stay_id: uuid.UUID
    door: str | None
    name: str | None
    first_night: date
    saved_until: datetime | None
    coming: str | None


@dataclass(frozen=True, slots=True)
class State:
    here: tuple[Here, ...]
    comes: tuple[Comes, ...]
    promises: tuple[PromiseRow, ...]
    texts: Unread
    gaps: Ahead  # of the next day
    closed: tuple[str, ...]  # names of doors that nobody can have tonight
    on: tuple[OnShift, ...]
    next: tuple[OnShift, ...]
    on_call: tuple[OnShift, ...]


def state_of(session: Session, house: House, tonight: date, now: datetime) -> State:
    promises = open_promises(session, house.id)
    return State(
        here=(*_behind_doors(session, house.id), *_in_chairs(session, house.id)),
        comes=_comes(session, house.id, tonight, now),
        promises=tuple(with_names(promises, subjects_of(session, house.id, promises))),
        texts=unread_in(session, house.id, now),
        gaps=_gaps(session, house, now),
        closed=_closed(session, house.id, tonight),
        on=tuple(here_now(session, house.id, now)),
        next=tuple(next_on(session, house.id, now)),
        on_call=tuple(on_call_now(session, house.id, now)),
    )


def _behind_doors(session: Session, house_id: uuid.UUID) -> list[Here]:
    rows = session.execute(
        sa.select(Stay, Bed.name)
        .join(Bed, Bed.id == Stay.occupies_bed_id)
        .where(Stay.house_id == house_id, Stay.state == StayState.HERE)
        .order_by(Bed.position, Bed.name)
    ).unique()
    stays = [(stay, door) for stay, door in rows]
    notes: dict[uuid.UUID, list[str]] = {}
    asked = sa.select(Note).where(Note.stay_id.in_([stay.id for stay, _door in stays]), Note.passed_on_at.is_(None))
    for note in session.scalars(asked.order_by(Note.at, Note.id)):
        notes.setdefault(note.stay_id, []).append(note.words or "")
    return [
        Here(
            page=stay.id,
            door=door,
            name=stay.guest.name if stay.guest else None,
            until=stay.until,
            check_in=stay.check_in_wish,
            notes=tuple(notes.get(stay.id, ())),
        )
        for stay, door in stays
    ]


def _in_chairs(session: Session, house_id: uuid.UUID) -> list[Here]:
    rows = session.execute(
        sa.select(Visit, Chair.name)
        .join(Chair, Chair.id == Visit.in_chair_id)
        .where(Visit.house_id == house_id)
        .order_by(Chair.position, Chair.name)
    ).unique()
    return [Here(None, chair, visit.guest.name if visit.guest else None, None) for visit, chair in rows]


def _comes(session: Session, house_id: uuid.UUID, tonight: date, now: datetime) -> tuple[Comes, ...]:
    """Beds saved for tonight and tomorrow; one whose time is over is nobody's any more, sweep or no sweep."""
    stands = sa.or_(Stay.saved_until.is_(None), Stay.saved_until > now)
    rows = session.execute(
        sa.select(Stay, Bed.name)
        .outerjoin(Bed, Bed.id == Stay.bed_id)
        .where(
            Stay.house_id == house_id,
            Stay.state.in_(SAVED),
            stands,
            Stay.first_night <= tonight + timedelta(days=1),
        )
        .order_by(Stay.first_night, Bed.position, Stay.id)
    ).unique()
    return tuple(
        Comes(stay.id, door, stay.guest.name if stay.guest else None, stay.first_night, stay.saved_until, stay.coming)
        for stay, door in rows
    )


def _gaps(session: Session, house: House, now: datetime) -> Ahead:
    ahead = gaps_ahead(session, house, now)
    return replace(ahead, gaps=tuple(gap for gap in ahead.gaps if gap.starts_at < now + LOOKS_AHEAD and gap.published))


def _closed(session: Session, house_id: uuid.UUID, tonight: date) -> tuple[str, ...]:
    closed = sa.select(BedNight.bed_id).where(
        BedNight.house_id == house_id, BedNight.night == tonight, BedNight.kind == ClaimKind.CLOSURE
    )
    return tuple(session.scalars(sa.select(Bed.name).where(Bed.id.in_(closed)).order_by(Bed.position, Bed.name)))
