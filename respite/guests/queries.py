"""Reads for the pages of guests: doors with their nights, what a guest said, who is waiting, who is where."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload, selectinload

from respite.accounts.models import Person
from respite.core.errors import NotFound
from respite.guests.models import Contact, Conversation, Note, Stay, Visit, Waiting
from respite.guests.policy.extension import free_nights
from respite.guests.policy.return_rule import MOST_COUNTED
from respite.guests.policy.stay_states import StayState
from respite.guests.service.people import known_by_name
from respite.houses.models import Bed, BedNight, Chair, ClaimKind


@dataclass(frozen=True, slots=True)
class Claimed:
    """One night of a door that somebody has; `until` is the day on which this run of nights ends."""

    night: date
    kind: str
    by: uuid.UUID
    until: date


@dataclass(frozen=True, slots=True)
class DoorNights:
    """A door with every night that is claimed in it from tonight on, and whose stay is behind it now."""

    id: uuid.UUID
    name: str
    tags: tuple[str, ...]
    getting_ready: bool
    inside: uuid.UUID | None
    tonight: date
    claims: tuple[Claimed, ...]

    def in_the_way(self, first: date, nights: int, without: uuid.UUID | None = None) -> Claimed | None:
        """The first night of those wanted that another has; somebody behind the door has tonight."""
        until = first + timedelta(days=nights)
        others = (claim for claim in self.claims if claim.by != without and first <= claim.night < until)
        found = next(others, None)
        somebody = self.inside is not None and self.inside != without
        if somebody and first <= self.tonight < until and (found is None or found.night > self.tonight):
            return Claimed(self.tonight, ClaimKind.STAY, self.inside or self.id, self.tonight + timedelta(days=1))
        return found

    def taken(self, without: uuid.UUID | None = None) -> frozenset[date]:
        """Nights that others have, tonight with them while somebody else is behind the door."""
        nights = {claim.night for claim in self.claims if claim.by != without}
        if self.inside is not None and self.inside != without:
            nights.add(self.tonight)
        return frozenset(nights)

    def open_from(self, first: date, without: uuid.UUID | None = None) -> int:
        """Nights in a row from `first` that nobody else has, counted up to a year."""
        return free_nights(first, MOST_COUNTED, self.taken(without))

    def next_open(self, first: date) -> date:
        taken = self.taken()
        while first in taken:
            first += timedelta(days=1)
        return first


def doors_of(session: Session, house_id: uuid.UUID, tonight: date, now: datetime) -> list[DoorNights]:
    """Every door in use. A saved bed whose time is over has no claim any more, sweep or no sweep."""
    beds = session.execute(
        sa.select(Bed, Stay.id)
        .outerjoin(Stay, Stay.occupies_bed_id == Bed.id)
        .where(Bed.house_id == house_id, Bed.retired_at.is_(None))
        .order_by(Bed.position, Bed.name)
    ).all()
    claims = _claims_by_bed(session, house_id, tonight, now)
    return [
        DoorNights(
            id=bed.id,
            name=bed.name,
            tags=tuple(bed.tags),
            getting_ready=bed.getting_ready_since is not None,
            inside=inside,
            tonight=tonight,
            claims=_with_ends(claims.get(bed.id, ())),
        )
        for bed, inside in beds
    ]


Night = tuple[date, str, uuid.UUID]


def _claims_by_bed(session: Session, house_id: uuid.UUID, tonight: date, now: datetime) -> dict[uuid.UUID, list[Night]]:
    stands = sa.or_(BedNight.kind != ClaimKind.HELD, Stay.saved_until.is_(None), Stay.saved_until > now)
    rows = session.execute(
        sa.select(BedNight.bed_id, BedNight.night, BedNight.kind, BedNight.claim_id)
        .outerjoin(Stay, Stay.id == BedNight.claim_id)
        .where(BedNight.house_id == house_id, BedNight.night >= tonight, stands)
        .order_by(BedNight.bed_id, BedNight.night)
    )
    found: dict[uuid.UUID, list[Night]] = {}
    for bed_id, night, kind, claim_id in rows:
        found.setdefault(bed_id, []).append((night, kind, claim_id))
    return found


def _with_ends(nights: Sequence[Night]) -> tuple[Claimed, ...]:
    claimed: list[Claimed] = []
    until: date | None = None
    for index in range(len(nights) - 1, -1, -1):
        night, kind, by = nights[index]
        following = nights[index + 1] if index + 1 < len(nights) else None
        goes_on = following is not None and following[2] == by and following[0] == night + timedelta(days=1)
        until = until if goes_on and until is not None else night + timedelta(days=1)
        claimed.append(Claimed(night, kind, by, until))
    return tuple(reversed(claimed))


@dataclass(frozen=True, slots=True)
class BeenHere:
    """A guest known by a name that was typed: when their last stay ended, whether a bed was saved, and no more."""

    id: uuid.UUID
    phone: str | None
    last: date | None
    here: bool
    saved: bool


def been_here(session: Session, house_id: uuid.UUID, name: str) -> list[BeenHere]:
    """Guests of the house by exactly this name, the latest stay first."""
    guests = known_by_name(session, house_id, name)
    if not guests:
        return []
    ended = sa.case((Stay.state == StayState.LEFT, Stay.until))
    here = sa.func.max(sa.case((Stay.state == StayState.HERE, 1), else_=0))
    rows = session.execute(
        sa.select(Stay.guest_id, sa.func.max(ended), here)
        .where(Stay.guest_id.in_([guest.id for guest in guests]))
        .group_by(Stay.guest_id)
    )
    stays = {guest_id: (last, bool(is_here), True) for guest_id, last, is_here in rows}
    known = [BeenHere(guest.id, guest.heard_phone, *stays.get(guest.id, (None, False, False))) for guest in guests]
    return sorted(known, key=lambda each: (not each.here, -(each.last or date.min).toordinal()))


def names_of_who_left(session: Session, house_id: uuid.UUID, since: datetime) -> set[str]:
    """The names of guests whose stay or visit ended since then."""
    stays = sa.select(Stay).where(Stay.house_id == house_id, Stay.left_at >= since)
    visits = sa.select(Visit).where(Visit.house_id == house_id, Visit.left_at >= since)
    guests = {row.guest for row in [*session.scalars(stays).unique(), *session.scalars(visits).unique()]}
    return {guest.name for guest in guests if guest is not None and guest.name}


def notes_of(session: Session, stay_id: uuid.UUID) -> list[Note]:
    """What the guest asked to pass on, the newest first."""
    return list(session.scalars(sa.select(Note).where(Note.stay_id == stay_id).order_by(Note.at.desc())))


def name_of(session: Session, person_id: uuid.UUID) -> str | None:
    return session.scalar(sa.select(Person.name).where(Person.id == person_id))


def waiting_now(session: Session, house_id: uuid.UUID) -> list[Waiting]:
    """Who is waiting, the longest first: a place is the time they asked."""
    found = session.scalars(
        sa.select(Waiting).where(Waiting.house_id == house_id, Waiting.ended_at.is_(None)).order_by(Waiting.since)
    )
    return list(found)


def contacts_since(session: Session, house_id: uuid.UUID, since: datetime) -> list[Contact]:
    """Who was in touch, the latest first: kinds and times."""
    found = session.scalars(
        sa.select(Contact)
        .where(Contact.house_id == house_id, Contact.at >= since)
        .order_by(Contact.at.desc(), Contact.id)
    )
    return list(found)


def others_with_doors(session: Session, stay: Stay, now: datetime) -> list[Stay]:
    """The other stays of the house that have a door, here or saved."""
    found = session.scalars(
        sa.select(Stay)
        .options(selectinload(Stay.companions))
        .where(
            Stay.house_id == stay.house_id,
            Stay.id != stay.id,
            Stay.bed_id.is_not(None),
            Stay.state.in_((StayState.HELD, StayState.HERE)),
            sa.or_(Stay.state == StayState.HERE, Stay.saved_until.is_(None), Stay.saved_until > now),
        )
        .order_by(Stay.first_night)
    )
    return list(found.unique())


@dataclass(frozen=True, slots=True)
class BehindDoor:
    """How many people a door has now, and whether the guest is out; no name, not even asked for."""

    door: str
    companions: tuple[tuple[str, int], ...]
    somebody: bool
    out: bool
    back_about: datetime | None

    @property
    def people(self) -> int:
        """Those who are counted in the house: the guest unless out, and who came with them, animals apart."""
        return (1 if self.somebody and not self.out else 0) + sum(n for kind, n in self.companions if kind != "animal")

    @property
    def animals(self) -> int:
        return sum(number for kind, number in self.companions if kind == "animal")


def behind_doors(session: Session, house_id: uuid.UUID) -> list[BehindDoor]:
    rows = session.execute(
        sa.select(Bed.name, Stay)
        .outerjoin(Stay, Stay.occupies_bed_id == Bed.id)
        .options(lazyload(Stay.guest))
        .where(Bed.house_id == house_id, sa.or_(Bed.retired_at.is_(None), Stay.id.is_not(None)))
        .order_by(Bed.position, Bed.name)
    ).unique()
    return [_behind(name, stay) for name, stay in rows]


def _behind(door: str, stay: Stay | None) -> BehindDoor:
    if stay is None:
        return BehindDoor(door, (), somebody=False, out=False, back_about=None)
    companions = tuple((companion.kind, companion.number) for companion in stay.companions)
    return BehindDoor(door, companions, True, stay.out_since is not None, stay.back_about)


@dataclass(frozen=True, slots=True)
class Seat:
    id: uuid.UUID
    name: str
    taken: bool


def seats_of(session: Session, house_id: uuid.UUID) -> list[Seat]:
    """The chairs of the living room, and whether somebody sits there."""
    rows = session.execute(
        sa.select(Chair.id, Chair.name, Visit.id)
        .outerjoin(Visit, Visit.in_chair_id == Chair.id)
        .where(Chair.house_id == house_id, sa.or_(Chair.retired_at.is_(None), Visit.id.is_not(None)))
        .order_by(Chair.position, Chair.name)
    )
    return [Seat(chair_id, name, visit_id is not None) for chair_id, name, visit_id in rows]


def door_among(doors: Iterable[DoorNights], bed_id: uuid.UUID) -> DoorNights:
    """One of the doors in use. Raises NotFound for one that was taken out of the house."""
    found = next((door for door in doors if door.id == bed_id), None)
    if found is None:
        raise NotFound
    return found


def first_free(doors: Iterable[DoorNights], first: date, nights: int) -> DoorNights | None:
    """The door that "any free door" would take: ready, empty tonight if tonight is wanted, free for all nights."""
    return next(
        (
            door
            for door in doors
            if door.in_the_way(first, nights) is None and not (door.getting_ready and first == door.tonight)
        ),
        None,
    )


def conversations_of(session: Session, guest_id: uuid.UUID) -> list[Conversation]:
    """Every version of the conversation before a stay, the newest first."""
    found = session.scalars(
        sa.select(Conversation).where(Conversation.guest_id == guest_id).order_by(Conversation.number.desc())
    )
    return list(found)
