"""What a coordinator has to say yes to first: two who are not to meet, or everything while the house wants it so.

A refusal says the same whatever the reason, so that nobody learns from it that there is somebody else.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction, when_rolled_back
from respite.guests import events
from respite.guests.errors import CoordinatorFirst
from respite.guests.models import (
    ApartWish,
    BedOffer,
    Guest,
    OnceNamed,
    SomeoneElse,
    Stay,
    Visit,
    Waiting,
    YesAsk,
    YesRules,
)
from respite.guests.policy.apart import USUAL_MONTHS, Answer, What, covers, meet
from respite.guests.policy.stay_states import StayState, hold_stands
from respite.guests.service.ground import Ground
from respite.guests.service.people import name_mark
from respite.houses.policy.house_time import local

PARTS = ("notices",)


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


def must_have_a_yes(session: Session, actor: Actor | None, here: Ground, comes: Comes) -> None:
    """Raises CoordinatorFirst where a coordinator has not said yes yet; they are asked when the act was given up."""
    if not needs_a_yes(session, actor, here, comes):
        return
    asked = _Asked.about(comes)
    when_rolled_back(session, lambda: _ask_once(here.house.id, asked, actor, here.at))
    raise CoordinatorFirst


def stands_apart(session: Session, here: Ground, comes: Comes) -> bool:
    """Whether the clock must not go on with this by itself; a coordinator is asked in its transaction."""
    if not needs_a_yes(session, None, here, comes):
        return False
    _ask(session, here.house.id, _Asked.about(comes), None, here.at)
    return True


def in_the_way(session: Session, here: Ground, comes: Comes) -> list[InTheWay]:
    """The wishes of the house that stand between this guest and somebody who is here on one of the days, or will be."""
    if comes.guest is None:
        return []
    found = []
    for wish in _wishes_about(session, here, comes.guest):
        for other in _the_other_of(session, wish, comes.guest):
            days = _days_here(session, other, here, comes)
            if days is not None:
                found.append(InTheWay(wish, other, days))
    return found


def rules_of(session: Session, house_id: uuid.UUID) -> tuple[bool, int]:
    """Whether everything needs a yes now, and how many months a wish counts."""
    row = session.scalar(sa.select(YesRules).where(YesRules.house_id == house_id))
    return (row.everything, row.apart_months) if row is not None else (False, USUAL_MONTHS)


def ask_now(session: Session, actor: Actor, here: Ground, guest: Guest) -> None:
    """It was said just now, and both are here already or have a bed saved: a coordinator hears of it."""
    days = [(stay.first_night, max(stay.until, here.tonight)) for stay in _live_stays(session, guest.id, here.at)]
    if _in_a_chair(session, guest.id):
        days.append((here.tonight, here.tonight))
    for first, until in days:
        comes = Comes(What.NOW, guest, first, until)
        if needs_a_yes(session, None, here, comes):
            _ask(session, here.house.id, _Asked.about(comes), actor, here.at)


def needs_a_yes(session: Session, actor: Actor | None, here: Ground, comes: Comes) -> bool:
    everything = rules_of(session, here.house.id)[0]
    coordinates = actor is not None and actor.may(May.DECIDE_STAYS, here.house.id)
    general = everything and not coordinates and comes.what in (What.BED, What.CHAIR)
    wishes = {str(each.wish.id) for each in in_the_way(session, here, comes)}
    if not general and not wishes:
        return False
    said = [
        ask
        for ask in _asks_about(session, here.house.id, comes.guest)
        if ask.answer == Answer.YES and covers(comes.first, comes.until, ask.first, ask.until)
    ]
    if general and not said:
        return True
    return bool(wishes - {wish for ask in said for wish in ask.for_wishes})


def _wishes_about(session: Session, here: Ground, guest: Guest) -> list[ApartWish]:
    """Those that count today and that this guest said, is meant by, or may be meant by."""
    today = local(here.at, here.house.timezone).date()
    theirs = [ApartWish.other_name_index == guest.name_index]
    if guest.id is not None:  # a stand-in has none
        once = sa.select(OnceNamed.wish_id).where(OnceNamed.guest_id == guest.id)
        theirs += [ApartWish.guest_id == guest.id, ApartWish.other_guest_id == guest.id, ApartWish.id.in_(once)]
    rows = sa.select(ApartWish).where(ApartWish.house_id == here.house.id, ApartWish.until > today, sa.or_(*theirs))
    return list(session.scalars(rows.order_by(ApartWish.id)))


def _the_other_of(session: Session, wish: ApartWish, guest: Guest) -> Iterator[Guest]:
    """Who the other one is, or may be, where this guest is one of the two."""
    if wish.guest_id == guest.id:
        yield from (each for each in meant_by(session, wish) if each.id != guest.id)
    elif _may_be_meant(session, wish, guest):
        yield session.get_one(Guest, wish.guest_id)


def meant_by(session: Session, wish: ApartWish) -> Iterable[Guest]:
    """The guest who is meant; until that is known, all of that name, or who bore it, whom nobody said to be another."""
    if wish.other_guest_id is not None:
        return [session.get_one(Guest, wish.other_guest_id)]
    not_them = sa.select(SomeoneElse.guest_id).where(SomeoneElse.wish_id == wish.id)
    once = sa.select(OnceNamed.guest_id).where(OnceNamed.wish_id == wish.id)
    named = sa.or_(Guest.name_index == wish.other_name_index, Guest.id.in_(once))
    here = sa.select(Guest).where(Guest.house_id == wish.house_id, named, Guest.id.not_in(not_them))
    return session.scalars(here).all()


def _may_be_meant(session: Session, wish: ApartWish, guest: Guest) -> bool:
    """Of a wish about this guest that another one said."""
    if wish.other_guest_id is not None:
        return wish.other_guest_id == guest.id
    said = sa.select(SomeoneElse.id).where(SomeoneElse.wish_id == wish.id, SomeoneElse.guest_id == guest.id)
    return session.scalar(said) is None


def _days_here(session: Session, other: Guest, here: Ground, comes: Comes) -> tuple[date, date] | None:
    for stay in _live_stays(session, other.id, here.at):
        until = max(stay.until, here.tonight) if stay.state == StayState.HERE else stay.until
        if meet(comes.first, comes.until, stay.first_night, until):
            return stay.first_night, until
    today = here.tonight
    if meet(comes.first, comes.until, today, today) and _in_a_chair(session, other.id):
        return today, today
    return None


def _live_stays(session: Session, guest_id: uuid.UUID, at: datetime) -> list[Stay]:
    """Where they are, what is saved for them, and what they are being asked about."""
    theirs = sa.select(Stay).where(Stay.guest_id == guest_id, Stay.state.in_((StayState.HELD, StayState.HERE)))
    asked = (
        sa.select(Stay)
        .join(BedOffer, BedOffer.stay_id == Stay.id)
        .join(Waiting, Waiting.id == BedOffer.waiting_id)
        .where(Waiting.guest_id == guest_id, BedOffer.ended_at.is_(None), BedOffer.runs_out_at > at)
    )
    rows = [*session.scalars(theirs).unique(), *session.scalars(asked).unique()]
    return [stay for stay in rows if stay.state != StayState.HELD or hold_stands(stay.saved_until, at)]


def _in_a_chair(session: Session, guest_id: uuid.UUID) -> bool:
    chair = sa.select(Visit.id).where(Visit.guest_id == guest_id, Visit.left_at.is_(None))
    return session.scalar(chair.limit(1)) is not None


# -- asking ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked about, apart from rows: the act that wanted it is given up, and a guest it made with it."""

    what: What
    guest_id: uuid.UUID | None
    name: str | None
    first: date
    until: date

    @staticmethod
    def about(comes: Comes) -> _Asked:
        guest = comes.guest
        return _Asked(comes.what, guest.id if guest else None, guest.name if guest else None, comes.first, comes.until)


def _ask_once(house_id: uuid.UUID, asked: _Asked, actor: Actor | None, at: datetime) -> None:
    with transaction() as session:
        lock_house(session, actor or CLOCK, house_id, May.KEEP_BEDS)
        _ask(session, house_id, asked, actor, at)


def _ask(session: Session, house_id: uuid.UUID, asked: _Asked, actor: Actor | None, at: datetime) -> None:
    """Asked twice before it is answered, it is asked once."""
    guest = session.get(Guest, asked.guest_id) if asked.guest_id is not None else None
    for ask in _asks_about(session, house_id, guest, asked.name):
        same = ask.what == asked.what and covers(asked.first, asked.until, ask.first, ask.until)
        if same and ask.answer is None:
            return
    row = YesAsk(
        house_id=house_id,
        guest_id=guest.id if guest is not None else None,
        name_index=name_mark(house_id, asked.name) if asked.name is not None else None,
        what=asked.what,
        first=asked.first,
        until=asked.until,
        asked_by=(actor or CLOCK).ref,
        asked_at=at,
        for_wishes=[],
    )
    row.name = asked.name
    session.add(row)
    session.flush()
    record(session, house_id, events.YES_ASKED, subject=row.id, actor=actor, at=at, parts=PARTS, what=row.what)


def _asks_about(session: Session, house_id: uuid.UUID, guest: Guest | None, name: str | None = None) -> list[YesAsk]:
    """What was asked about this guest; a guest who is new by this act goes by the name."""
    if guest is None and name is None:
        who: sa.ColumnElement[bool] = sa.and_(YesAsk.guest_id.is_(None), YesAsk.name_index.is_(None))
    else:
        mark = guest.name_index if guest is not None else name_mark(house_id, name or "")
        by_name = sa.and_(YesAsk.guest_id.is_(None), YesAsk.name_index == mark)
        who = by_name if guest is None else sa.or_(YesAsk.guest_id == guest.id, by_name)
    return list(session.scalars(sa.select(YesAsk).where(YesAsk.house_id == house_id, who).order_by(YesAsk.asked_at)))
