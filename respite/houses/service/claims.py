"""Claiming nights on beds: the one place that writes `bed_night`.

The house's stream lock is taken before this is called, so the check speaks in words; the primary key is
the last wall and stands even without the lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.houses.errors import BedTaken
from respite.houses.models import Bed, BedNight, ClaimKind

#: Called with (session, house id, now) before nights are wanted, so that what ran out lets its nights go in
#: the same transaction, sweep or no sweep. `guests` subscribes.
let_go_what_ran_out: list[Callable[[Session, uuid.UUID, datetime], None]] = []


def make_room(session: Session, house_id: uuid.UUID, now: datetime) -> None:
    for let_go in let_go_what_ran_out:
        let_go(session, house_id, now)


def claim(session: Session, bed: Bed, nights: Iterable[date], kind: ClaimKind, claim_id: uuid.UUID) -> None:
    """Claim the nights on the bed. Raises BedTaken and claims none when another has one of them."""
    wanted = set(nights)
    if taken(session, bed.id, wanted):
        raise BedTaken
    try:
        with session.begin_nested():
            session.add_all(
                BedNight(bed_id=bed.id, night=night, kind=kind, claim_id=claim_id, house_id=bed.house_id)
                for night in sorted(wanted)
            )
    except IntegrityError as error:
        raise BedTaken from error


def taken(session: Session, bed_id: uuid.UUID, nights: Iterable[date]) -> set[date]:
    """Which of the nights another has claimed on the bed."""
    wanted = set(nights)
    if not wanted:
        return set()
    rows = session.scalars(
        sa.select(BedNight.night).where(
            BedNight.bed_id == bed_id, BedNight.night >= min(wanted), BedNight.night <= max(wanted)
        )
    )
    return wanted & set(rows)


def release(session: Session, claim_id: uuid.UUID, *, from_night: date | None = None) -> None:
    """Let the claim's nights go, all of them or those from `from_night` on."""
    gone = sa.delete(BedNight).where(BedNight.claim_id == claim_id)
    if from_night is not None:
        gone = gone.where(BedNight.night >= from_night)
    session.execute(gone)


def nights_of_claim(session: Session, claim_id: uuid.UUID) -> list[date]:
    found = session.scalars(sa.select(BedNight.night).where(BedNight.claim_id == claim_id).order_by(BedNight.night))
    return list(found)


def keep_as(session: Session, claim_id: uuid.UUID, kind: ClaimKind) -> None:
    """The claim's nights change their kind: a saved bed becomes a stay."""
    session.execute(sa.update(BedNight).where(BedNight.claim_id == claim_id).values(kind=kind))
