"""What the roster is made of, as it stands in the database: six reads, each by a key."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from respite.audit.service import last_version
from respite.guests.models import Stay
from respite.guests.policy.stay_states import SAVED, StayState, hold_stands
from respite.houses.models import Bed, BedNight, ClaimKind, Closure, House, HouseRules
from respite.houses.policy.house_time import ONE_DAY, local, night_of
from respite.houses.queries import beds_of, rules_now


class Claimed(NamedTuple):
    """Whose a night is, and whether it lies past the leaving day that was agreed."""

    claim_id: uuid.UUID
    past_leaving: bool


@dataclass(frozen=True, slots=True)
class Found:
    house: House
    rules: HouseRules
    version: int
    tonight: date
    today: date
    first: date
    beds: Sequence[Bed]
    taken: Mapping[uuid.UUID, Mapping[date, Claimed]]
    """For each door the nights that somebody has; past nights only as far as the window reaches."""
    stays: Mapping[uuid.UUID, Stay]
    closures: Mapping[uuid.UUID, Closure]


def find(session: Session, house: House, first: date | None, nights: int, now: datetime) -> Found:
    """What the roster of `nights` nights from `first`, or from tonight, is drawn from."""
    # Read first: what is read after it is at least as new, so a roster is never older than its version.
    version = last_version(house.id)
    rules = rules_now(session, house.id)
    tonight = night_of(now, house.timezone, rules.night_turns_at)
    begin = (first or tonight) - ONE_DAY  # one night more on each side tells whether a bar goes on there
    end = begin + timedelta(days=nights + 2)
    beds = beds_of(session, house.id)
    claims = _claims(session, house.id, begin, end, tonight)
    stays = _stays(session, house.id, begin, end)
    standing = {stay.id: stay for stay in stays if _stands(stay, now)}
    gone = {stay.id for stay in stays} - set(standing)
    return Found(
        house=house,
        rules=rules,
        version=version,
        tonight=tonight,
        today=local(now, house.timezone).date(),
        first=first or tonight,
        beds=beds,
        taken=_taken(beds, [claim for claim in claims if claim.claim_id not in gone], standing, tonight),
        stays=standing,
        closures=_closures(session, house.id, {c.claim_id for c in claims if c.kind == ClaimKind.CLOSURE}),
    )


class _Claim(NamedTuple):
    bed_id: uuid.UUID
    night: date
    kind: str
    claim_id: uuid.UUID


def _claims(session: Session, house_id: uuid.UUID, begin: date, end: date, tonight: date) -> list[_Claim]:
    """Claims in the window, and all from tonight on: where a guest can move to depends on those too."""
    in_window = sa.and_(BedNight.night >= begin, BedNight.night < end)
    rows = session.execute(
        sa.select(BedNight.bed_id, BedNight.night, BedNight.kind, BedNight.claim_id).where(
            BedNight.house_id == house_id, sa.or_(in_window, BedNight.night >= tonight)
        )
    )
    return [_Claim(*row) for row in rows]


def _stays(session: Session, house_id: uuid.UUID, begin: date, end: date) -> list[Stay]:
    """Saved beds, guests in the house, and those who had a night in the window."""
    seen = sa.select(BedNight.claim_id).where(
        BedNight.house_id == house_id, BedNight.night >= begin, BedNight.night < end, BedNight.kind == ClaimKind.STAY
    )
    shown = sa.or_(Stay.state.in_((*SAVED, StayState.HERE)), Stay.id.in_(seen))
    rows = session.scalars(
        sa.select(Stay)
        .where(Stay.house_id == house_id, shown)
        .options(lazyload(Stay.companions))
        .order_by(Stay.first_night, Stay.saved_at)
    )
    return list(rows)


def _stands(stay: Stay, now: datetime) -> bool:
    """A saved bed whose time is over is over when read, sweep or no sweep."""
    return stay.state not in SAVED or hold_stands(stay.saved_until, now)


def _closures(session: Session, house_id: uuid.UUID, ids: set[uuid.UUID]) -> dict[uuid.UUID, Closure]:
    if not ids:
        return {}
    rows = session.scalars(sa.select(Closure).where(Closure.house_id == house_id, Closure.id.in_(ids)))
    return {closure.id: closure for closure in rows}


def _taken(
    beds: Iterable[Bed], claims: Iterable[_Claim], stays: Mapping[uuid.UUID, Stay], tonight: date
) -> dict[uuid.UUID, dict[date, Claimed]]:
    taken: dict[uuid.UUID, dict[date, Claimed]] = {bed.id: {} for bed in beds}
    for claim in claims:
        if claim.bed_id in taken:
            stay = stays.get(claim.claim_id)
            past = stay is not None and stay.occupies_bed_id == claim.bed_id and claim.night >= stay.until
            taken[claim.bed_id][claim.night] = Claimed(claim.claim_id, past)
    for stay in stays.values():
        # Somebody behind the door has it tonight, whatever was agreed; unless it is saved for another by then.
        if stay.occupies_bed_id in taken:
            taken[stay.occupies_bed_id].setdefault(tonight, Claimed(stay.id, tonight >= stay.until))
    return taken
