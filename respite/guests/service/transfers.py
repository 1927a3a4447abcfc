"""A request goes on to another house of the same installation, with what the person agreed to and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import lock_stream, record
from respite.core.db import db, joinable, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests import events
from respite.guests.errors import CannotUndo
from respite.guests.models import BedOffer, Guest, Transfer, Undoable, Waiting
from respite.guests.policy.offers import Ended
from respite.guests.policy.transfers import Goes
from respite.guests.service.ground import ground
from respite.guests.service.kept_from import keep_along
from respite.guests.service.offer_ends import end_offers_of
from respite.guests.service.offer_turns import coming
from respite.guests.service.on_file import forget_later, is_on_file
from respite.guests.service.people import Named, guest_of
from respite.guests.service.promised import WAITING
from respite.guests.service.undo import agreed_to_pass_on, undo, undoing
from respite.guests.service.waiting import WAITING_PARTS, close, must_be_waiting, place_of, tell_ended
from respite.guests.service.yes_first import ask_where_apart
from respite.houses.models import House
from respite.houses.queries import rules_now
from respite.promises.events import PARTS as PROMISE_PARTS
from respite.promises.service.ends import let_go_all, open_for

WENT = "another-house"


def send_on(
    actor: Actor,
    waiting_id: uuid.UUID,
    to_house_id: uuid.UUID,
    goes: Collection[Goes],
    *,
    said_yes: bool,
    version_seen: int | None = None,
    now: datetime,
) -> Transfer:
    """Their place here ends, and they have one there: since when they first asked, where the house there counts that.

    Who waits there already keeps that place, and nobody here learns of it: it is answered as if it were new. Nor does
    anybody here learn that a coordinator there is asked, where they would meet somebody there whom they should not.
    Raises NotFound, NotOnTheList, StaleVersion, and Invalid without their yes.
    """
    _must_have_said_yes(said_yes)
    with transaction() as session:
        row, house = _mine(session, actor, waiting_id, version_seen, to_house_id)
        there = session.get(House, to_house_id)
        if there is None or there.id == house.id or not there.has_beds:
            raise NotFound
        guest = session.get_one(Guest, row.guest_id)
        new, is_new = _place_there(session, actor, row, guest, there, set(goes), now)
        beside = ground(session, there.id, at=None, now=now)
        ask_where_apart(session, actor, beside, coming(new, beside.tonight, new.nights or 1))
        transfer = _heard(session, actor, row, guest, goes, now)
        transfer.to_house_id, transfer.new_waiting_id = there.id, new.id if is_new else None
        callbacks = open_for(session, house.id, WAITING, row.id)
        end_offers_of(session, row.id, Ended.WITHDRAWN, actor, now)
        with undoing(session, actor, house.id, events.REQUEST_SENT_ON, row, *callbacks) as kept:
            kept.parts = (*WAITING_PARTS, *PROMISE_PARTS)
            close(row, WENT, now)
            let_go_all(session, callbacks, actor, now)
        forget_later(session, house.id, guest.id, now)
        tell_ended(session, row, actor, now)
        record(
            session,
            house.id,
            events.REQUEST_SENT_ON,
            subject=row.id,
            actor=actor,
            at=now,
            parts=WAITING_PARTS,
            to_house_id=there.id,
        )
        record(
            session,
            there.id,
            events.REQUEST_CAME,
            subject=new.id,
            actor=actor,
            at=now,
            parts=WAITING_PARTS,
            from_house_id=house.id,
        )
    return transfer


def hear_for_outside(
    actor: Actor, waiting_id: uuid.UUID, goes: Collection[Goes], *, said_yes: bool, now: datetime
) -> Transfer:
    """Their yes to a sheet for a house outside. Their place here stays. Raises NotOnTheList, Invalid."""
    _must_have_said_yes(said_yes)
    with transaction() as session:
        row, house = _mine(session, actor, waiting_id, None)
        transfer = _heard(session, actor, row, session.get_one(Guest, row.guest_id), goes, now)
        record(session, house.id, events.REQUEST_ON_PAPER, subject=row.id, actor=actor, at=now, parts=())
    return transfer


def take_back_transfer(actor: Actor, transfer_id: uuid.UUID, *, now: datetime) -> Transfer:
    """They have their place here again, and there only what they had before.

    Raises CannotUndo once somebody there did something with it.
    """
    # One act with the undo inside it, whether or not its answer is kept with a form's key.
    opened = transaction if db.session().info.get("joinable") else joinable
    with opened() as session:
        transfer = session.get(Transfer, transfer_id)
        if transfer is None or transfer.to_house_id is None:
            raise NotFound
        lock_stream(session, transfer.house_id, transfer.to_house_id)
        lock_house(session, actor, transfer.house_id, May.KEEP_BEDS)
        kept = session.scalar(
            sa.select(Undoable.id)
            .where(Undoable.subject == transfer.waiting_id, Undoable.kind == events.REQUEST_SENT_ON)
            .order_by(Undoable.at.desc())
            .limit(1)
        )
        if kept is None:
            raise CannotUndo
        new = _untouched_there(session, transfer.new_waiting_id) if transfer.new_waiting_id is not None else None
        undo(actor, kept, now=now)
        session.delete(transfer)
        if new is not None:
            _take_back_there(session, new, actor, now)
    return transfer


def forget(session: Session, guest_id: uuid.UUID) -> None:
    session.execute(sa.delete(Transfer).where(Transfer.guest_id == guest_id))


def known_at(session: Session, guest_id: uuid.UUID) -> list[str]:
    """The houses with which a request of theirs went or came, by name; what those keep of them nobody here knows."""
    theirs = sa.select(Waiting.id).where(Waiting.guest_id == guest_id)
    went = sa.select(Transfer.to_house_id).where(Transfer.guest_id == guest_id, Transfer.to_house_id.is_not(None))
    came = sa.select(Transfer.house_id).where(Transfer.new_waiting_id.in_(theirs))
    return list(session.scalars(sa.select(House.name).where(House.id.in_(went.union(came))).order_by(House.name)))


def other_houses(session: Session, house_id: uuid.UUID) -> list[House]:
    """The other houses of the installation where people stay."""
    found = session.scalars(sa.select(House).where(House.id != house_id).order_by(House.name))
    return [house for house in found if house.has_beds]


def _mine(
    session: Session,
    actor: Actor,
    waiting_id: uuid.UUID,
    version_seen: int | None,
    to_house_id: uuid.UUID | None = None,
) -> tuple[Waiting, House]:
    """Their place, behind the locks of both houses."""
    row = session.get(Waiting, waiting_id)
    if row is None:
        raise NotFound
    if to_house_id is not None and session.get(House, to_house_id) is not None:
        lock_stream(session, row.house_id, to_house_id)
    lock_house(session, actor, row.house_id, May.KEEP_BEDS)
    row = session.get_one(Waiting, waiting_id, populate_existing=True)
    must_be_waiting(row, row.house_id)
    if version_seen is not None and version_seen != row.version:
        raise StaleVersion
    return row, session.get_one(House, row.house_id)


def _untouched_there(session: Session, waiting_id: uuid.UUID) -> Waiting:
    new = session.get(Waiting, waiting_id, populate_existing=True)
    offered = sa.select(BedOffer.id).where(BedOffer.waiting_id == waiting_id).limit(1)
    if new is None or new.ended_at is not None or new.version != 1 or session.scalar(offered) is not None:
        raise CannotUndo
    if open_for(session, new.house_id, WAITING, new.id) or agreed_to_pass_on(session, new.id):
        raise CannotUndo
    return new


def _take_back_there(session: Session, new: Waiting, actor: Actor, now: datetime) -> None:
    there, waiting_id, guest_id = new.house_id, new.id, new.guest_id
    session.delete(new)
    session.flush()
    if guest_id is not None and not is_on_file(session, guest_id, now):
        forget_later(session, there, guest_id, now)
    kind = events.REQUEST_TAKEN_BACK
    record(session, there, kind, subject=waiting_id, actor=actor, at=now, parts=WAITING_PARTS)


def _place_there(
    session: Session, actor: Actor, row: Waiting, guest: Guest, there: House, goes: set[Goes], now: datetime
) -> tuple[Waiting, bool]:
    """Their place there, and whether it is new. One that they had keeps its words; the earlier asking counts."""
    rules = rules_now(session, there.id)
    phone = guest.phone if Goes.REACH in goes else None
    theirs, _is_new = guest_of(session, actor, Named(guest.name or "", phone), rules, there.id, now)
    assert theirs is not None, "who is named is somebody"
    keep_along(session, guest.id, theirs, now)
    since = row.since if rules.counts_first_asking else now
    standing = place_of(session, theirs.id)
    if standing is not None:
        standing.since = min(standing.since, since)
        return standing, False
    new = Waiting(house_id=there.id, guest_id=theirs.id, guest=theirs, since=since)
    if Goes.REACH in goes:
        new.reach = row.reach
    if Goes.HOURS in goes:
        new.answer_from, new.answer_until = row.answer_from, row.answer_until
    if Goes.WISH in goes:
        new.nights, new.wish = row.nights, row.wish
    session.add(new)
    session.flush()
    return new, True


def _heard(
    session: Session, actor: Actor, row: Waiting, guest: Guest, goes: Collection[Goes], now: datetime
) -> Transfer:
    transfer = Transfer(
        house_id=row.house_id,
        guest_id=guest.id,
        waiting_id=row.id,
        goes=[str(each) for each in Goes if each in set(goes)],
        heard_at=now,
        heard_by=actor.ref,
    )
    session.add(transfer)
    session.flush()
    return transfer


def _must_have_said_yes(said_yes: bool) -> None:
    if not said_yes:
        raise Invalid(fields={"said_yes": _("Only with their yes. Please read to them what goes along.")})
