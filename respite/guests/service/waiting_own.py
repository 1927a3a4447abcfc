"""What somebody who waits does on their own page: asks for a talk, answers an offer, goes off the list and back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import lock_stream, record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.guests import events
from respite.guests.errors import AlreadyWaiting, NoNumber, NotOnTheList, OfferOver
from respite.guests.models import BedOffer, Stay, TellIf, Waiting
from respite.guests.policy.offers import Ended
from respite.guests.service.callbacks import hours_of, open_callbacks, soon_in
from respite.guests.service.ground import let_go_what_ran_out
from respite.guests.service.offer_ends import end, end_offers_of
from respite.guests.service.offering import take_up
from respite.guests.service.on_file import forget_later
from respite.guests.service.promised import WAITING
from respite.guests.service.undo_rows import KEPT_FOR
from respite.guests.service.waiting import WAITING_PARTS, place_of, tell_ended
from respite.houses.models import House
from respite.promises.models import Promise
from respite.promises.policy import Kind, Way, When
from respite.promises.service.acts import Wanted, give_inside
from respite.promises.service.ends import let_go_all, open_again_all, open_for


def ask_for_talk(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> Promise | None:
    """They would like a talk: whoever is on calls them, in the hours in which they can answer. None where a call is
    promised already. Raises NoNumber, NotOnTheList.
    """
    with transaction() as session:
        row = _mine(session, guest_id)
        if row.guest is None or row.guest.phone is None:
            raise NoNumber
        if any(each.way != Way.THEIRS for each in open_callbacks(session, row.house_id, [row.id])):
            return None
        zone = session.get_one(House, row.house_id).timezone
        when = When(soon_in(hours_of(row), zone, now))
        wanted = Wanted(kind=Kind.CALLBACK, way=Way.CALL, subject=(WAITING, row.id), when=when)
        return give_inside(session, actor, row.house_id, wanted, now)


def say_tell_if(actor: Actor, guest_id: uuid.UUID, chosen: Collection[str], *, now: datetime) -> Waiting:
    """What they would like to hear of as well. Their place stays where it is. Raises NotOnTheList, Invalid."""
    if not set(chosen) <= set(TellIf):
        raise Invalid(fields={"tell_if": _("Please choose one of the answers shown.")})
    with transaction() as session:
        row = _mine(session, guest_id)
        row.tell_if = [str(each) for each in TellIf if each in set(chosen)]
        session.flush()
        record(session, row.house_id, events.WAITING_CHANGED, subject=row.id, actor=actor, at=now, parts=WAITING_PARTS)
    return row


def answer_offer(actor: Actor, guest_id: uuid.UUID, offer_id: uuid.UUID, yes: bool, *, now: datetime) -> Stay | None:
    """Yes: the bed is saved for them. Not now: they keep their place.

    Raises OfferOver, NotOnTheList, and what a yes on the telephone raises.
    """
    with transaction() as session:
        offer = session.get(BedOffer, offer_id)
        waiting = session.get(Waiting, offer.waiting_id) if offer is not None else None
        if offer is None or waiting is None or waiting.guest_id != guest_id:
            raise NotOnTheList
        lock_stream(session, offer.house_id)
        session.refresh(offer)
        let_go_what_ran_out(session, offer.house_id, now)
        if yes:
            return take_up(session, offer, None, now)
        if offer.ended_at is None:
            end(session, offer, Ended.NOT_NOW, actor, now)
        elif offer.ended_how != Ended.NOT_NOW:
            raise OfferOver
    return None


def take_me_off(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> Waiting:
    """They do not need it any more. For half an hour they can say otherwise, so their words stay as long; then who is
    kept on file for nothing else is forgotten. Raises NotOnTheList.
    """
    with transaction() as session:
        row = _mine(session, guest_id)
        end_offers_of(session, row.id, Ended.NOT_NOW, actor, now)
        let_go_all(session, open_for(session, row.house_id, WAITING, row.id), actor, now)
        row.ended_at, row.ended_how = now, "taken-off"
        session.flush()
        forget_later(session, row.house_id, row.guest_id, now)
        tell_ended(session, row, actor, now)
    return row


def put_me_back(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> Waiting:
    """It was a mistake: they have the place they had, and what they were promised.

    Raises NotOnTheList once the half hour is over.
    """
    with transaction() as session:
        row = lately_off(session, guest_id, now)
        if row is None:
            raise NotOnTheList
        lock_stream(session, row.house_id)
        if place_of(session, guest_id) is not None:
            raise AlreadyWaiting
        session.refresh(row)
        if row.ended_at is not None:
            open_again_all(session, row.house_id, WAITING, row.id, row.ended_at, actor, now)
        row.ended_at = row.ended_how = None
        session.flush()
        record(
            session, row.house_id, events.UNDONE, subject=row.id, actor=actor, at=now, parts=WAITING_PARTS,
            what=events.WAITING_ENDED.replace(".", "-"),
        )  # fmt: skip
    return row


def lately_off(session: Session, guest_id: uuid.UUID, now: datetime) -> Waiting | None:
    """The place that somebody gave up so little ago that they can have it again."""
    return session.scalar(
        sa.select(Waiting)
        .where(
            Waiting.guest_id == guest_id,
            Waiting.ended_how == "taken-off",
            Waiting.ended_at > now - KEPT_FOR,
        )
        .order_by(Waiting.ended_at.desc())
        .limit(1)
    )


def _mine(session: Session, guest_id: uuid.UUID) -> Waiting:
    """Their place, behind the house's lock. Raises NotOnTheList."""
    row = place_of(session, guest_id)
    if row is None:
        raise NotOnTheList
    lock_stream(session, row.house_id)
    session.refresh(row)
    if row.ended_at is not None:
        raise NotOnTheList
    return row
