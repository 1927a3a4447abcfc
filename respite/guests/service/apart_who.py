"""Who would meet whom: the wishes that are about some guests, and when the other of each two is in the house."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.models import ApartWish, BedOffer, Guest, OnceNamed, SomeoneElse, Stay, Visit, Waiting
from respite.guests.policy.apart import What, meet
from respite.guests.policy.stay_states import StayState, hold_stands
from respite.guests.service.ground import Ground
from respite.houses.policy.house_time import local


@dataclass(frozen=True, slots=True)
class Comes:
    """Somebody who would be in the house from one day to another."""

    what: What
    guest: Guest | None
    first: date
    until: date


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A wish, and the other of its two as far as they would be here at one time."""

    wish: ApartWish
    other: Guest
    days: tuple[date, date]  # when the other is here, or will be

    @property
    def meant(self) -> Guest | None:
        """The other, where they may be the one who was named; none where they named whom this is asked about."""
        return self.other if self.wish.guest_id != self.other.id else None


@dataclass(frozen=True, slots=True)
class Apart:
    """What was said about some guests, read at once, however many they are."""

    tonight: date
    wishes: Collection[ApartWish] = ()
    not_meant: Collection[tuple[uuid.UUID, uuid.UUID]] = frozenset()
    once_named: Collection[tuple[uuid.UUID, uuid.UUID]] = frozenset()
    guests: Mapping[uuid.UUID, Guest] = field(default_factory=dict)
    stays: Mapping[uuid.UUID, list[Stay]] = field(default_factory=dict)
    in_chairs: Collection[uuid.UUID | None] = frozenset()

    def in_the_way(self, comes: Comes) -> list[InTheWay]:
        """The wishes between this guest and somebody who is here on one of the days, or will be."""
        if comes.guest is None:
            return []
        found = []
        for wish in self.wishes:
            for other in self._the_other_of(wish, comes.guest):
                days = self._days_here(other, comes)
                if days is not None:
                    found.append(InTheWay(wish, other, days))
        return found

    def _the_other_of(self, wish: ApartWish, guest: Guest) -> Iterable[Guest]:
        """Who the other one is, or may be, where this guest is one of the two."""
        if wish.guest_id == guest.id:
            return [each for each in self.guests.values() if each.id != guest.id and self._may_be_meant(wish, each)]
        return [self.guests[wish.guest_id]] if self._may_be_meant(wish, guest) else []

    def _may_be_meant(self, wish: ApartWish, guest: Guest) -> bool:
        """Who is meant; until that is known, all of that name, or who bore it, whom nobody said to be another."""
        if wish.other_guest_id is not None:
            return wish.other_guest_id == guest.id
        pair = (wish.id, guest.id)
        named = wish.other_name_index == guest.name_index or pair in self.once_named
        return named and pair not in self.not_meant

    def _days_here(self, other: Guest, comes: Comes) -> tuple[date, date] | None:
        for stay in self.stays.get(other.id, ()):
            until = max(stay.until, self.tonight) if stay.state == StayState.HERE else stay.until
            if meet(comes.first, comes.until, stay.first_night, until):
                return stay.first_night, until
        if other.id in self.in_chairs and meet(comes.first, comes.until, self.tonight, self.tonight):
            return self.tonight, self.tonight
        return None


def apart_of(session: Session, here: Ground, guests: Collection[Guest]) -> Apart:
    """What the house was told about these guests, by them or by others."""
    wishes = _wishes_about(session, here, guests)
    if not wishes:
        return Apart(here.tonight)
    people = {guest.id: guest for guest in session.scalars(_people_of(here, wishes))}
    return Apart(
        here.tonight,
        wishes,
        _pairs(session, SomeoneElse, wishes),
        _pairs(session, OnceNamed, wishes),
        people,
        live_stays(session, people, here.at),
        in_chairs(session, people),
    )


def live_stays(session: Session, guest_ids: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, list[Stay]]:
    """By guest: where they are, what is saved for them, and what they are being asked about."""
    live = Stay.state.in_((StayState.HELD, StayState.HERE))
    theirs = sa.select(Stay.guest_id, Stay).where(Stay.guest_id.in_(guest_ids), live)
    asked = (
        sa.select(Waiting.guest_id, Stay)
        .join(BedOffer, BedOffer.waiting_id == Waiting.id)
        .join(Stay, BedOffer.stay_id == Stay.id)
        .where(Waiting.guest_id.in_(guest_ids), BedOffer.ended_at.is_(None), BedOffer.runs_out_at > at)
    )
    found: dict[uuid.UUID, list[Stay]] = {}
    for rows in (theirs, asked):
        for guest_id, stay in session.execute(rows).unique():
            if guest_id is not None and (stay.state != StayState.HELD or hold_stands(stay.saved_until, at)):
                found.setdefault(guest_id, []).append(stay)
    return found


def in_chairs(session: Session, guest_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID | None]:
    """Those of them who are in the living room."""
    return frozenset(
        session.scalars(sa.select(Visit.guest_id).where(Visit.guest_id.in_(guest_ids), Visit.left_at.is_(None)))
    )


def may_be_meant(session: Session, wish: ApartWish) -> list[Guest]:
    """Everybody whom the name of a wish may mean, as long as nobody said who it is."""
    once = sa.select(OnceNamed.guest_id).where(OnceNamed.wish_id == wish.id)
    named = sa.or_(Guest.name_index == wish.other_name_index, Guest.id.in_(once))
    people = sa.select(Guest).where(Guest.house_id == wish.house_id, Guest.id != wish.guest_id, named)
    return list(session.scalars(people.order_by(Guest.id)))


def _wishes_about(session: Session, here: Ground, guests: Collection[Guest]) -> list[ApartWish]:
    """The wishes that count today, and of which one of them is, or may be, one of the two."""
    if not guests:
        return []
    today, ids = local(here.at, here.house.timezone).date(), [guest.id for guest in guests]
    theirs = sa.or_(
        ApartWish.guest_id.in_(ids),
        ApartWish.other_guest_id.in_(ids),
        ApartWish.other_name_index.in_([guest.name_index for guest in guests]),
        ApartWish.id.in_(sa.select(OnceNamed.wish_id).where(OnceNamed.guest_id.in_(ids))),
    )
    rows = sa.select(ApartWish).where(ApartWish.house_id == here.house.id, ApartWish.until > today, theirs)
    return list(session.scalars(rows.order_by(ApartWish.id)))


def _pairs(
    session: Session, model: type[SomeoneElse | OnceNamed], wishes: Iterable[ApartWish]
) -> frozenset[tuple[uuid.UUID, uuid.UUID]]:
    of_these = model.wish_id.in_([wish.id for wish in wishes])
    rows = session.execute(sa.select(model.wish_id, model.guest_id).where(of_these))
    return frozenset((wish_id, guest_id) for wish_id, guest_id in rows)


def _people_of(here: Ground, wishes: Collection[ApartWish]) -> sa.Select[Guest]:
    """Both of each two, as far as they are known, or may be."""
    known = {wish.guest_id for wish in wishes} | {wish.other_guest_id for wish in wishes if wish.other_guest_id}
    marks = {wish.other_name_index for wish in wishes if wish.other_guest_id is None}
    named = sa.and_(Guest.house_id == here.house.id, Guest.name_index.in_(marks))
    once = sa.select(OnceNamed.guest_id).where(OnceNamed.wish_id.in_([wish.id for wish in wishes]))
    return sa.select(Guest).where(sa.or_(Guest.id.in_(known), named, Guest.id.in_(once))).order_by(Guest.id)
