"""What a guest changes themselves. Each act is theirs: behind the house's lock, and only while the page is open.

A guest has no role in the house, so no right of a role is asked: what is asked is whether their page is still open.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.db import transaction
from respite.core.errors import NotFound, StaleVersion
from respite.guest_page.errors import NotHere, NumberUnheard, StoppedNumber
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import acting_guest
from respite.guests.models import EarlierWord, Guest, Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service import staying
from respite.guests.service.earlier import keeping_earlier
from respite.guests.service.in_step import keep_in_step
from respite.guests.service.people import phone_as_kept, put_name, put_phone
from respite.guests.service.texting import as_correspondent
from respite.messaging.errors import NoContactWanted, NumberOptedOut, NumberUnusable
from respite.messaging.purposes import Purpose
from respite.messaging.service.consent import Method, no, yes
from respite.messaging.service.correspondents import Wishes, correspondent_of, put_wishes


@dataclass(frozen=True, slots=True)
class Contact:
    """How the house may reach them, as their page sends it. No number: the house has none."""

    phone: str | None
    safe_to_text: bool
    may_be_shared: bool
    hours_from: time
    hours_until: time
    language: str
    sign_off: str | None


def own_record(session: Session, page: Page, now: datetime, version_seen: int | None = None) -> Guest:
    """The guest, as `acting_guest` finds them. Raises StaleVersion over a newer version, too."""
    guest = acting_guest(session, page.actor, now)
    if version_seen is not None and version_seen != guest.version:
        raise StaleVersion
    return guest


def change_name(page: Page, *, name: str, pronouns: str | None, version_seen: int | None = None, now: datetime) -> None:
    """What to call them. Raises Invalid by field, StaleVersion."""
    staying.must_fit(name, pronouns)
    with transaction() as session:
        guest = own_record(session, page, now, version_seen)
        with keeping_earlier(session, guest, page.actor, now):
            put_name(guest, name.strip())
            guest.pronouns = (pronouns or "").strip() or None
            keep_in_step(session, guest, now, page.actor)
        staying.tell_guest_changed(session, guest, page.actor, now)


def choose_for_wall(
    page: Page, choice: str, picture: str | None, *, version_seen: int | None = None, now: datetime
) -> None:
    """What the wall shows beside their door. Raises Invalid by field, WallChoiceTooOpen, StaleVersion."""
    with transaction() as session:
        guest = own_record(session, page, now, version_seen)
        staying.put_wall_choice(session, guest, choice, picture, now)


def say_company(page: Page, words: str | None, *, now: datetime) -> None:
    """When somebody may look in on them; none: nobody needs to. Raises NotHere, Invalid by field."""
    with transaction() as session:
        guest = own_record(session, page, now)
        stay = stay_here(session, guest.id)
        if stay is None:
            raise NotHere
        staying.put_check_in(session, stay, words, now)


def stay_here(session: Session, guest_id: uuid.UUID) -> Stay | None:
    """Their stay, while they are in the house."""
    here = sa.select(Stay).where(Stay.guest_id == guest_id, Stay.state == StayState.HERE)
    return session.scalars(here.limit(1)).unique().one_or_none()


def change_contact(
    page: Page,
    contact: Contact,
    *,
    version_seen: int | None = None,
    texts_version_seen: int | None = None,
    now: datetime,
) -> None:
    """How they may be reached. A number that is new is shown and called; texts wait until one of us heard it.

    Raises Invalid by field, StaleVersion.
    """
    number = phone_as_kept(contact.phone) if contact.phone else None
    with transaction() as session:
        guest = own_record(session, page, now, version_seen)
        known = correspondent_of(session, guest.house_id, guest.id)
        if texts_version_seen is not None and texts_version_seen != (known.version if known is not None else 0):
            raise StaleVersion
        person = as_correspondent(session, guest, now)
        with keeping_earlier(session, guest, page.actor, now):
            if number != guest.phone:
                put_phone(guest, number, heard=False)
                keep_in_step(session, guest, now, page.actor)
            put_wishes(session, page.actor, person, _wishes(contact, person.timezone), now)
        staying.tell_guest_changed(session, guest, page.actor, now)


def _wishes(contact: Contact, timezone: str | None) -> Wishes:
    return Wishes(
        safe_to_text=contact.safe_to_text,
        language=contact.language,
        hours_from=contact.hours_from,
        hours_until=contact.hours_until,
        timezone=timezone,
        sign_off=contact.sign_off,
        may_be_shared=contact.may_be_shared,
    )


def answer_texts(page: Page, purpose: Purpose, wanted: bool, *, now: datetime) -> None:
    """Yes or no to texts for one purpose. Raises NumberUnheard, StoppedNumber."""
    with transaction() as session:
        guest = own_record(session, page, now)
        person = as_correspondent(session, guest, now)
        if not wanted:
            no(session, page.actor, person, purpose, now)
            return
        if guest.heard_phone is None:
            raise NumberUnheard
        try:
            yes(session, page.actor, person, purpose, guest.heard_phone, Method.WEB, now)
        except (NumberOptedOut, NumberUnusable, NoContactWanted) as refusal:
            raise StoppedNumber from refusal


def take_away_earlier(page: Page, earlier_id: uuid.UUID, *, now: datetime) -> None:
    """Words that stood there before go for good. Raises NotFound for what is not theirs."""
    with transaction() as session:
        guest = own_record(session, page, now)
        row = session.get(EarlierWord, earlier_id)
        if row is None or row.guest_id != guest.id:
            raise NotFound
        session.delete(row)
        session.flush()
        staying.tell_guest_changed(session, guest, page.actor, now)
