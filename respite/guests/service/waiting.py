"""Who would like a bed when one is free."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests import events
from respite.guests.errors import AlreadyWaiting, NotOnTheList
from respite.guests.models import Guest, Reach, Waiting
from respite.guests.policy.offers import Ended
from respite.guests.service.contacts import becomes_request, open_contact
from respite.guests.service.earlier import keeping_earlier
from respite.guests.service.ground import every_door
from respite.guests.service.in_step import consents_elsewhere, keep_in_step
from respite.guests.service.offer_ends import end_offers_of
from respite.guests.service.on_file import forget_later
from respite.guests.service.people import Known, Named, guest_of, named_or_wrong, phone_as_kept, put_name, put_phone
from respite.guests.service.promised import WAITING
from respite.guests.service.undo import undoing
from respite.houses.queries import rules_now
from respite.promises.events import PARTS as PROMISE_PARTS
from respite.promises.service.ends import let_go_all, open_for

WAITING_PARTS = ("waiting", "summary")
ENDINGS = ("saved", "taken-off")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody who waits would like, how they would like to hear, and in which hours they can answer."""

    wish: str | None = None
    nights: int | None = None
    reach: str | None = None  # Reach; none: not said
    answer_from: time | None = None
    answer_until: time | None = None


def add_waiting(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    who: Named | Known,
    asked: Asked = Asked(),
    since: datetime | None = None,
    contact_id: uuid.UUID | None = None,
    now: datetime,
) -> Waiting:
    """Somebody asked; their place is the time they asked.

    `contact_id` is the contact they asked in, which is marked as having led to a request, and no more.
    Raises AlreadyWaiting, ContactAnswered, NotFound, Invalid by field.
    """
    _check(asked)
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        contact = open_contact(session, house_id, contact_id) if contact_id else None
        guest, is_new = guest_of(session, actor, who, rules_now(session, house_id), house_id, now)
        assert guest is not None, "who is named or known is somebody"
        _must_have_number(guest, asked)
        if place_of(session, guest.id) is not None:
            raise AlreadyWaiting
        with undoing(session, actor, house_id, events.WAITING_ADDED, contact) as undo:
            if contact is not None:
                becomes_request(contact)
                since = since or contact.at
            row = Waiting(house_id=house_id, guest_id=guest.id, guest=guest, since=min(since or now, now))
            _put(row, asked)
            session.add(row)
            undo.made = [row, guest] if is_new else [row]
            undo.parts = WAITING_PARTS
        record(
            session,
            house_id,
            events.WAITING_ADDED,
            subject=row.id,
            actor=actor,
            at=now,
            parts=WAITING_PARTS,
            nights=asked.nights,
        )
    return row


def change_waiting(
    actor: Actor,
    waiting_id: uuid.UUID,
    *,
    name: str,
    phone: str | None,
    asked: Asked,
    version_seen: int | None = None,
    guest_version_seen: int | None = None,
    now: datetime,
) -> Waiting:
    """What to call them, how to reach them, what they would like. Their place stays where it is.

    Raises NotOnTheList, StaleVersion, Invalid by field.
    """
    _check(asked)
    name, number = named_or_wrong(name), phone_as_kept(phone) if phone and phone.strip() else None
    with transaction() as session:
        row = locked_row(session, actor, Waiting, waiting_id, May.KEEP_BEDS, version_seen)
        must_be_waiting(row, row.house_id)
        guest = session.get_one(Guest, row.guest_id, populate_existing=True)
        if guest_version_seen is not None and guest_version_seen != guest.version:
            raise StaleVersion
        differs = (guest.name, guest.phone) != (name, number)
        ending = consents_elsewhere(session, guest, number) if differs else []
        parts = (*WAITING_PARTS, *(every_door(session, row.house_id) if differs else ()), "chairs")
        with undoing(session, actor, row.house_id, events.WAITING_CHANGED, row, guest, *ending) as undo:
            undo.parts = parts
            _put(row, asked)
            if differs:
                with keeping_earlier(session, guest, actor, now) as earlier:
                    put_name(guest, name)
                    if number != guest.phone:
                        put_phone(guest, number)
                    keep_in_step(session, guest, now, actor)
                undo.along = list(earlier)
            _must_have_number(guest, asked)
        record(session, row.house_id, events.WAITING_CHANGED, subject=row.id, actor=actor, at=now, parts=parts)
    return row


def end_waiting(
    actor: Actor, waiting_id: uuid.UUID, how: str, *, version_seen: int | None = None, now: datetime
) -> Waiting:
    """A bed was saved for them, or they asked to be taken off the list.

    Who is kept on file for no other reason is forgotten once this can no longer be undone.
    """
    if how not in ENDINGS:
        raise Invalid
    with transaction() as session:
        row = locked_row(session, actor, Waiting, waiting_id, May.KEEP_BEDS, version_seen)
        must_be_waiting(row, row.house_id)
        callbacks = open_for(session, row.house_id, WAITING, row.id)
        with undoing(session, actor, row.house_id, events.WAITING_ENDED, row, *callbacks) as undo:
            undo.parts = (*WAITING_PARTS, *PROMISE_PARTS)
            end_offers_of(session, row.id, Ended.WITHDRAWN, actor, now)
            close(row, how, now)
            let_go_all(session, callbacks, actor, now)
        forget_later(session, row.house_id, row.guest_id, now)
        tell_ended(session, row, actor, now)
    return row


def place_of(session: Session, guest_id: uuid.UUID) -> Waiting | None:
    """The guest's place on the list, while they wait."""
    return session.scalar(sa.select(Waiting).where(Waiting.guest_id == guest_id, Waiting.ended_at.is_(None)))


def must_be_waiting(row: Waiting | None, house_id: uuid.UUID) -> Waiting:
    """Raises NotFound, or NotOnTheList where the waiting has ended."""
    if row is None or row.house_id != house_id:
        raise NotFound
    if row.ended_at is not None:
        raise NotOnTheList
    return row


def close(row: Waiting, how: str, now: datetime) -> None:
    """The waiting ends, and what they wished for goes. Who waited is known as long as something else keeps them."""
    row.ended_at, row.ended_how = now, how
    _blank(row)


def blank_over(session: Session, guest_id: uuid.UUID) -> None:
    """What somebody wished for who took themselves off the list goes once they cannot be put back."""
    for row in session.scalars(sa.select(Waiting).where(Waiting.guest_id == guest_id, Waiting.ended_at.is_not(None))):
        _blank(row)


def _blank(row: Waiting) -> None:
    row.wish, row.tell_if = None, []


def tell_ended(session: Session, row: Waiting, actor: Actor | None, now: datetime) -> None:
    record(
        session,
        row.house_id,
        events.WAITING_ENDED,
        subject=row.id,
        actor=actor,
        at=now,
        parts=WAITING_PARTS,
        how=row.ended_how,
    )


def _put(row: Waiting, asked: Asked) -> None:
    wish = (asked.wish or "").strip() or None
    if row.wish != wish:
        row.wish = wish
    row.nights, row.reach = asked.nights, asked.reach
    row.answer_from, row.answer_until = asked.answer_from, asked.answer_until


def _check(asked: Asked) -> None:
    wrong: dict[str, str] = {}
    if asked.wish and len(asked.wish.strip()) > 120:
        wrong["wish"] = _("Please keep this to 120 letters.")
    if asked.nights is not None and not 1 <= asked.nights <= 366:
        wrong["nights"] = _("Please give a number of nights from 1 to 366.")
    if asked.reach is not None and asked.reach not in set(Reach):
        wrong["reach"] = _("Please choose one of the answers shown.")
    if (asked.answer_from is None) != (asked.answer_until is None):
        missing = "answer_from" if asked.answer_from is None else "answer_until"
        wrong[missing] = _("Please give both hours, or none.")
    if wrong:
        raise Invalid(fields=wrong)


def _must_have_number(guest: Guest, asked: Asked) -> None:
    if asked.reach in (Reach.CALL, Reach.TEXT) and guest.phone is None:
        raise Invalid(fields={"phone": _("To call or text them, the house needs a number.")})
