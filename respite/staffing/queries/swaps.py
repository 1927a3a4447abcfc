"""Questions between peers about their shifts: which stand, and which ended lately."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from respite.accounts.models import Person
from respite.staffing.models import Shift, SwapRequest
from respite.staffing.policy.swaps import LATEST, Ended

#: So long the two of them read on their own page how it ended.
NEWS = timedelta(days=2)
AHEAD = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Swap:
    """A question with its shifts, and the names of the two."""

    request: SwapRequest
    shift: Shift
    other_shift: Shift | None
    asker: str
    other: str


def standing_of_house(session: Session, house_id: uuid.UUID, now: datetime) -> list[Swap]:
    """What stands in a house, the earliest shift first."""
    return _found(session, SwapRequest.house_id == house_id, _stands(now))


def standing_of_person(session: Session, person_id: uuid.UUID, now: datetime) -> list[Swap]:
    """What somebody asked or was asked, in all houses, and still stands."""
    return _found(session, _of(person_id), _stands(now))


def ended_lately(session: Session, person_id: uuid.UUID, now: datetime) -> list[Swap]:
    """What ended lately of what somebody asked, or had said yes to."""
    waited = sa.or_(SwapRequest.asker_id == person_id, SwapRequest.agreed_at.is_not(None))
    return _found(session, _of(person_id), waited, SwapRequest.ended_at > now - NEWS)


def standing_over(session: Session, shift_id: uuid.UUID) -> list[SwapRequest]:
    """Every open question that a shift is part of, run out or not."""
    return [swap for swap in every_over(session, shift_id) if swap.ended_at is None]


def every_over(session: Session, shift_id: uuid.UUID) -> list[SwapRequest]:
    """Every question that a shift is or was part of."""
    part = sa.or_(SwapRequest.shift_id == shift_id, SwapRequest.other_shift_id == shift_id)
    return list(session.scalars(sa.select(SwapRequest).where(part)))


def open_of_person(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> list[SwapRequest]:
    """What somebody asked or was asked in a house and has not ended."""
    open_ones = sa.select(SwapRequest).where(SwapRequest.house_id == house_id, SwapRequest.ended_at.is_(None))
    return list(session.scalars(open_ones.where(_of(person_id))))


def said_no(session: Session, shift: Shift) -> set[tuple[uuid.UUID, uuid.UUID | None]]:
    """(person, shift of theirs or none) of those who were asked about a shift as it is, and could not."""
    found = session.execute(
        sa.select(SwapRequest.other_id, SwapRequest.other_shift_id).where(
            SwapRequest.shift_id == shift.id,
            SwapRequest.shift_version == shift.version,
            SwapRequest.ended_why == Ended.DECLINED,
        )
    )
    return {(person, other) for person, other in found}


def shifts_to_swap(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> list[Shift]:
    """The coming shifts that somebody has in a house and can be asked for, in order."""
    found = session.scalars(
        sa.select(Shift)
        .where(
            Shift.house_id == house_id,
            Shift.person_id == person_id,
            Shift.published_at.is_not(None),
            Shift.came_at.is_(None),
            Shift.starts_at > now + LATEST,
            Shift.starts_at < now + AHEAD,
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return list(found)


def _stands(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(SwapRequest.ended_at.is_(None), SwapRequest.until > now)


def _of(person_id: uuid.UUID) -> sa.ColumnElement[bool]:
    return sa.or_(SwapRequest.asker_id == person_id, SwapRequest.other_id == person_id)


def _found(session: Session, *where: sa.ColumnElement[bool]) -> list[Swap]:
    mine, theirs, asker, other = aliased(Shift), aliased(Shift), aliased(Person), aliased(Person)
    rows = session.execute(
        sa.select(SwapRequest, mine, theirs, asker.name, other.name)
        .join(mine, mine.id == SwapRequest.shift_id)
        .outerjoin(theirs, theirs.id == SwapRequest.other_shift_id)
        .join(asker, asker.id == SwapRequest.asker_id)
        .join(other, other.id == SwapRequest.other_id)
        .where(*where)
        .order_by(mine.starts_at, SwapRequest.id)
    )
    return [Swap(*row) for row in rows]
