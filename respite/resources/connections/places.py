"""Places of the directory as connections and cards show them: a name, how to reach it, whether it was checked."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.resources.connections.models import Connection
from respite.resources.models import Address, Location, Organization, Phone, Service, ServiceAtLocation
from respite.resources.policy import PhoneType, Status, Trust, last_checked, trust_of

_SPOKEN = (PhoneType.VOICE, PhoneType.CELL, None)


@dataclass(frozen=True, slots=True)
class Place:
    """A service as a card shows it. `phone` as it is dialled where that is clear, `phone_words` as it is read."""

    id: uuid.UUID
    name: str
    organisation: str
    about: str | None
    phone: str | None
    phone_words: str | None
    address: str | None
    url: str | None
    cost: str | None
    trust: Trust
    checked: date | None
    gone: bool


def is_place(session: Session, service_id: uuid.UUID) -> bool:
    row = session.get(Service, service_id)
    return row is not None and offered_now(row)


def offered_now(row: Service) -> bool:
    return row.gone_at is None and row.status == Status.ACTIVE


def name_of(session: Session, row: Connection) -> str:
    return names_of(session, [row])[row.id]


def names_of(session: Session, rows: Iterable[Connection]) -> dict[uuid.UUID, str]:
    """What each is about, by the connection's id: the directory's name, or the one that somebody wrote."""
    rows = list(rows)
    wanted = {row.service_id for row in rows if row.service_id is not None}
    services = session.scalars(sa.select(Service).where(Service.id.in_(wanted))) if wanted else ()
    named: dict[uuid.UUID | None, str] = {service.id: service.name for service in services}
    return {row.id: named.get(row.service_id) or row.place or str(_("a place")) for row in rows}


def places(session: Session, service_ids: Collection[uuid.UUID], today: date) -> dict[uuid.UUID, Place]:
    """What a card shows of each, read at once."""
    if not service_ids:
        return {}
    rows = session.execute(
        sa.select(Service, Organization)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id.in_(service_ids))
    ).all()
    phones, addresses = _phones(session, [row.Service for row in rows]), _addresses(session, service_ids)
    found: dict[uuid.UUID, Place] = {}
    for service, organisation in rows:
        phone = phones.get(service.id)
        checked_here = _day(service.checked_at, today)
        checked = last_checked(service.assured_date, checked_here)
        found[service.id] = Place(
            id=service.id,
            name=service.name,
            organisation=organisation.name,
            about=service.description,
            phone=phone.dialled if phone is not None else None,
            phone_words=_spoken(phone) if phone is not None else None,
            address=addresses.get(service.id),
            url=service.url or organisation.website,
            cost=service.fees_description,
            trust=trust_of(service.assured_date, checked_here, today),
            checked=checked,
            gone=not offered_now(service),
        )
    return found


def _day(at: datetime | None, today: date) -> date | None:
    """The day on which somebody of a house made sure. In the evening it is tomorrow by UTC: here it is today still."""
    return min(at.date(), today) if at is not None else None


def _phones(session: Session, services: list[Service]) -> dict[uuid.UUID, Phone]:
    """A number that somebody answers: the service's own, else its organisation's."""
    ids, owners = [row.id for row in services], [row.organization_id for row in services]
    rows = session.scalars(
        sa.select(Phone).where(sa.or_(Phone.service_id.in_(ids), Phone.organization_id.in_(owners))).order_by(Phone.id)
    ).all()
    spoken = [row for row in rows if row.type in _SPOKEN]
    own = {row.service_id: row for row in reversed(spoken) if row.service_id is not None}
    shared = {row.organization_id: row for row in reversed(spoken) if row.organization_id is not None}
    found = {row.id: own.get(row.id) or shared.get(row.organization_id) for row in services}
    return {each: phone for each, phone in found.items() if phone is not None}


def _spoken(phone: Phone) -> str:
    return f"{phone.number} x{phone.extension}" if phone.extension else phone.number


def _addresses(session: Session, service_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = session.execute(
        sa.select(ServiceAtLocation.service_id, Address)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .join(Address, Address.location_id == Location.id)
        .where(ServiceAtLocation.service_id.in_(service_ids), ServiceAtLocation.gone_at.is_(None))
        .order_by(Address.id.desc())
    ).all()
    return {service_id: _line(address) for service_id, address in rows}


def _line(address: Address) -> str:
    town = " ".join(part for part in (address.state_province, address.postal_code) if part)
    return ", ".join(part for part in (address.address_1, address.address_2, address.city, town) if part)
