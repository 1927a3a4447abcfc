"""Who a stay is for: a chosen name, somebody known by it, or nobody's name at all."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.audit.service import Acts
from respite.core.crypto import ring
from respite.core.errors import Invalid, NotFound
from respite.guests.errors import NamelessNotOffered
from respite.guests.models import Guest
from respite.guests.service.earlier import keeping_earlier
from respite.guests.service.in_step import keep_in_step
from respite.guests.service.names import name_mark
from respite.houses.models import HouseRules

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Named:
    """A guest by the name they chose; a phone number tells two of one name apart."""

    name: str
    phone: str | None = None
    pronouns: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A guest whom the house knows. A number they gave just now takes the place of the one kept."""

    guest_id: uuid.UUID
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Nameless:
    """A stay without a name: door and nights only, nothing that links two stays."""


Who = Named | Known | Nameless


def guest_of(
    session: Session, actor: Acts, who: Who, rules: HouseRules, house_id: uuid.UUID, now: datetime
) -> tuple[Guest | None, bool]:
    """The guest, and whether they are new to the house; a number that is replaced stands under Earlier.

    Raises Invalid, NamelessNotOffered or NotFound.
    """
    match who:
        case Nameless():
            if not rules.nameless_stays:
                raise NamelessNotOffered
            return None, False
        case Known(guest_id, phone):
            guest = session.get(Guest, guest_id)
            if guest is None or guest.house_id != house_id:
                raise NotFound
            if phone and (number := phone_as_kept(phone)) != guest.heard_phone:
                with keeping_earlier(session, guest, actor, now):
                    put_phone(guest, number)
                    keep_in_step(session, guest, now)
            return guest, False
        case Named():
            return _named(session, who, house_id, now)


def _named(session: Session, who: Named, house_id: uuid.UUID, now: datetime) -> tuple[Guest, bool]:
    name = named_or_wrong(who.name)
    phone = phone_as_kept(who.phone) if who.phone else None
    if phone is not None:
        known = session.scalar(
            sa.select(Guest).where(
                Guest.house_id == house_id,
                Guest.phone_index == ring().blind(f"phone:{house_id}", phone),
                Guest.name_index == name_mark(house_id, name),
            )
        )
        if known is not None:
            return known, False
    guest = Guest(house_id=house_id, made_at=now)
    put_name(guest, name)
    guest.pronouns = (who.pronouns or "").strip() or None
    put_phone(guest, phone)
    session.add(guest)
    session.flush()
    keep_in_step(session, guest, now)
    return guest, True


def named_or_wrong(name: str) -> str:
    """The name as it is kept. Raises Invalid with what is expected."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        sentence = _("Please give a name of up to %(most)s letters; any chosen name is fine.", most=LONGEST_NAME)
        raise Invalid(fields={"name": sentence})
    return name


def put_name(guest: Guest, name: str) -> None:
    guest.name = name
    guest.name_index = name_mark(guest.house_id, name)


def put_phone(guest: Guest, phone: str | None, *, heard: bool = True) -> None:
    """Keep the number. One that nobody here `heard` is kept to be shown, and stands for nobody yet."""
    guest.phone = phone
    known = phone is not None and heard
    guest.phone_index = ring().blind(f"phone:{guest.house_id}", phone) if known and phone is not None else None


def known_by_name(session: Session, house_id: uuid.UUID, name: str) -> list[Guest]:
    """Guests of the house by this exact name, so that a peer can ask "have you been here before?"."""
    found = session.scalars(
        sa.select(Guest).where(Guest.house_id == house_id, Guest.name_index == name_mark(house_id, name))
    )
    return list(found)


def phone_as_kept(text: str, region: str = "US") -> str:
    """The number in E.164. Raises Invalid with what is expected."""
    sentence = _("Please give a phone number with its area code, such as 303 555 0142.")
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise Invalid(fields={"phone": sentence}) from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid(fields={"phone": sentence})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
