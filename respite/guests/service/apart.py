"""Somebody whom a guest would not want to meet here: said, kept for some months, taken back, forgotten."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import lock_stream, record
from respite.core.crypto import folded
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, set_due, take
from respite.core.errors import Invalid, NotFound
from respite.guests import due_kinds, events
from respite.guests.models import ApartWish, Guest, OnceNamed, SomeoneElse, YesAsk
from respite.guests.policy.apart import MOST_WISHES
from respite.guests.service.conversation import months_after
from respite.guests.service.ground import ground
from respite.guests.service.names import name_mark
from respite.guests.service.people import named_or_wrong
from respite.guests.service.yes_first import ask_now, rules_of
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins, local


def say_apart(actor: Actor, guest_id: uuid.UUID, name: str, *, now: datetime) -> ApartWish:
    """A guest says whom they would not want to meet. Said again, the same wish counts from now.

    Nothing in the answer tells whether the house knows anybody of that name. Raises Invalid, NotFound.
    """
    text = named_or_wrong(name)
    with transaction() as session:
        guest = locked_guest(session, actor, guest_id)
        house, mark = session.get_one(House, guest.house_id), name_mark(guest.house_id, text)
        mine = list(session.scalars(sa.select(ApartWish).where(ApartWish.guest_id == guest.id)))
        row = next((each for each in mine if each.other_name_index == mark), None)
        if row is None and len(mine) >= MOST_WISHES:
            raise Invalid(fields={"name": _("That is as many as can be kept. One of them can be taken back.")})
        if row is None:
            row = ApartWish(house_id=house.id, guest_id=guest.id, made_by=actor.ref, at=now)
            row.other_name, row.other_name_index = text, mark
        _count_from_now(session, row, house, now)
        record(session, house.id, events.APART_SAID, subject=row.id, actor=actor, at=now)
        ask_now(session, actor, ground(session, house.id, at=None, now=now), guest)
    return row


def prolong_apart(actor: Actor, wish_id: uuid.UUID, *, now: datetime) -> ApartWish:
    """It counts for as many months from now as the house's rule says."""
    with transaction() as session:
        row = _own(session, actor, wish_id)
        _count_from_now(session, row, session.get_one(House, row.house_id), now)
        record(session, row.house_id, events.APART_PROLONGED, subject=row.id, actor=actor, at=now)
    return row


def take_apart_back(actor: Actor, wish_id: uuid.UUID, *, now: datetime) -> None:
    """It counts no more, and nothing of it stays."""
    with transaction() as session:
        row = _own(session, actor, wish_id)
        _drop(session, row)
        record(session, row.house_id, events.APART_ENDED, subject=row.id, actor=actor, at=now)


def run_out(row: DueRow, now: datetime) -> None:
    """Its last day is over: it has not counted since, and goes."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        wish = session.get(ApartWish, row.subject, populate_existing=True)
        if not take(session, row) or wish is None:
            return
        _drop(session, wish)
        record(session, row.house_id, events.APART_ENDED, subject=row.subject, actor=CLOCK, at=now)


def wishes_of(session: Session, guest_id: uuid.UUID) -> list[ApartWish]:
    """A guest's own, by the day on which they end."""
    return list(session.scalars(sa.select(ApartWish).where(ApartWish.guest_id == guest_id).order_by(ApartWish.until)))


def forget(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten: what they said goes. What another said stays that other's, and is about nobody known."""
    guest = session.get(Guest, guest_id)
    if guest is not None:
        _blank_notes(session, guest)
    for wish in wishes_of(session, guest_id):
        _drop(session, wish)
    for of_them in (SomeoneElse, OnceNamed):
        session.execute(sa.delete(of_them).where(of_them.guest_id == guest_id))
    session.execute(sa.update(ApartWish).where(ApartWish.other_guest_id == guest_id).values(other_guest_id=None))
    about = YesAsk.guest_id == guest_id
    if guest is not None:  # asked before anybody of that name was known here; what another of that name is in stays
        nobody_yet = sa.and_(YesAsk.house_id == guest.house_id, YesAsk.guest_id.is_(None))
        about = sa.or_(about, sa.and_(nobody_yet, YesAsk.name_index == guest.name_index))
    session.execute(sa.delete(YesAsk).where(about))
    session.flush()


def _blank_notes(session: Session, guest: Guest) -> None:
    """What coordinators wrote beside a yes over what this guest said, or with their name in it."""
    theirs = {str(wish.id) for wish in wishes_of(session, guest.id)}
    name = re.compile(rf"(?<!\w){re.escape(folded(guest.name or ''))}(?!\w)")
    noted = sa.select(YesAsk).where(YesAsk.house_id == guest.house_id, YesAsk.note_sealed.is_not(None))
    for ask in session.scalars(noted):
        if theirs.intersection(ask.for_wishes) or name.search(folded(ask.note or "")):
            ask.note = None


def locked_guest(session: Session, actor: Actor, guest_id: uuid.UUID) -> Guest:
    """The guest, for themselves on their own page or for whoever keeps beds. Raises NotFound."""
    guest = session.get(Guest, guest_id)
    if guest is None:
        raise NotFound
    if actor.kind is ActorKind.GUEST:
        if actor.id != guest_id:
            raise NotFound
        lock_stream(session, guest.house_id)
    else:
        lock_house(session, actor, guest.house_id, May.KEEP_BEDS)
    guest = session.get(Guest, guest_id, populate_existing=True)
    if guest is None:
        raise NotFound
    return guest


def _own(session: Session, actor: Actor, wish_id: uuid.UUID) -> ApartWish:
    """A wish, for whoever said it and for coordinators: to whoever else it does not exist."""
    row = session.get(ApartWish, wish_id)
    if row is None:
        raise NotFound
    if actor.kind is ActorKind.GUEST:
        locked_guest(session, actor, row.guest_id)
    else:
        lock_house(session, actor, row.house_id, May.DECIDE_STAYS)
    row = session.get(ApartWish, wish_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _count_from_now(session: Session, row: ApartWish, house: House, now: datetime) -> None:
    months = rules_of(session, house.id)[1]
    row.until = months_after(local(now, house.timezone).date(), months)
    session.add(row)
    session.flush()
    set_due(session, due_kinds.APART_OVER, row.id, day_begins(row.until, house.timezone), house.id)


def _drop(session: Session, row: ApartWish) -> None:
    for of_it in (SomeoneElse, OnceNamed):
        session.execute(sa.delete(of_it).where(of_it.wish_id == row.id))
    clear_due(session, row.id, due_kinds.APART_OVER)
    session.delete(row)
    session.flush()
