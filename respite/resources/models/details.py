"""What belongs to an organisation, a service or a place: how it is reached, when it is open, for whom, at what cost."""

from __future__ import annotations

import uuid
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr

from respite.core.db import Base, Kept, kept, to
from respite.resources.models.listed import MAIL, NAME, WEB
from respite.resources.models.sources import Detail

_ORGANIZATION, _SERVICE, _LOCATION = "directory_organization.id", "directory_service.id", "directory_location.id"
_AT_LOCATION = "directory_service_at_location.id"


class _OfServiceOrPlace(Detail):
    @declared_attr
    def service_id(cls) -> Mapped[uuid.UUID | None]:  # noqa: N805
        return to(_SERVICE)

    @declared_attr
    def location_id(cls) -> Mapped[uuid.UUID | None]:  # noqa: N805
        return to(_LOCATION)


class _OfAny(_OfServiceOrPlace):
    @declared_attr
    def organization_id(cls) -> Mapped[uuid.UUID | None]:  # noqa: N805
        return to(_ORGANIZATION)

    @declared_attr
    def service_at_location_id(cls) -> Mapped[uuid.UUID | None]:  # noqa: N805
        return to(_AT_LOCATION)


class Contact(_OfAny, Base):
    __tablename__ = "directory_contact"

    name: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    title: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    department: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    email: Mapped[str | None] = kept(Kept.HOUSE, MAIL)


class Phone(_OfAny, Base):
    """A number as its source writes it, which may be in letters, and as it is dialled where clear."""

    __tablename__ = "directory_phone"

    contact_id: Mapped[uuid.UUID | None] = to("directory_contact.id")
    number: Mapped[str] = kept(Kept.HOUSE, sa.String(60))
    dialled: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))  # E.164
    extension: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
    type: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))  # policy.PhoneType
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)


class Address(Detail, Base):
    """Of a place, or where an organisation gets its post."""

    __tablename__ = "directory_address"

    location_id: Mapped[uuid.UUID | None] = to(_LOCATION)
    organization_id: Mapped[uuid.UUID | None] = to(_ORGANIZATION)
    attention: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    address_1: Mapped[str] = kept(Kept.HOUSE, NAME)
    address_2: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    city: Mapped[str | None] = kept(Kept.HOUSE, sa.String(120), index=True)
    region: Mapped[str | None] = kept(Kept.HOUSE, sa.String(120))
    state_province: Mapped[str | None] = kept(Kept.HOUSE, sa.String(120))
    postal_code: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20), index=True)
    country: Mapped[str | None] = kept(Kept.HOUSE, sa.String(2))
    address_type: Mapped[str] = kept(Kept.HOUSE, sa.String(20))  # policy.LocationType


class Schedule(_OfServiceOrPlace, Base):
    """When it is open, as RFC 5545 writes it, by the wall clock there; or `closed` on those days."""

    __tablename__ = "directory_schedule"

    service_at_location_id: Mapped[uuid.UUID | None] = to(_AT_LOCATION)
    valid_from: Mapped[date | None] = kept(Kept.HOUSE)
    valid_to: Mapped[date | None] = kept(Kept.HOUSE)  # the last day
    dtstart: Mapped[date | None] = kept(Kept.HOUSE)
    timezone: Mapped[float | None] = kept(Kept.HOUSE)  # hours ahead of UTC, where its source says
    until: Mapped[date | None] = kept(Kept.HOUSE)
    count: Mapped[int | None] = kept(Kept.HOUSE)
    wkst: Mapped[str | None] = kept(Kept.HOUSE, sa.String(2))
    freq: Mapped[str | None] = kept(Kept.HOUSE, sa.String(10))  # WEEKLY, MONTHLY; none: the days from valid_from on
    interval: Mapped[int | None] = kept(Kept.HOUSE)
    byday: Mapped[str | None] = kept(Kept.HOUSE, sa.String(60))  # "MO,WE", "2TU"
    byweekno: Mapped[str | None] = kept(Kept.HOUSE, sa.String(200))
    bymonthday: Mapped[str | None] = kept(Kept.HOUSE, sa.String(200))
    byyearday: Mapped[str | None] = kept(Kept.HOUSE, sa.String(200))
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    opens_at: Mapped[time | None] = kept(Kept.HOUSE, sa.Time)
    closes_at: Mapped[time | None] = kept(Kept.HOUSE, sa.Time)  # not after opens_at: the next day
    closed: Mapped[bool] = kept(Kept.HOUSE, default=False)
    schedule_link: Mapped[str | None] = kept(Kept.HOUSE, WEB)
    attending_type: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    notes: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)


class Language(_OfServiceOrPlace, Base):
    __tablename__ = "directory_language"

    phone_id: Mapped[uuid.UUID | None] = to("directory_phone.id")
    name: Mapped[str | None] = kept(Kept.HOUSE, sa.String(120))
    code: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20), index=True)
    note: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)


class Accessibility(Detail, Base):
    __tablename__ = "directory_accessibility"

    location_id: Mapped[uuid.UUID] = to(_LOCATION)
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    details: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    url: Mapped[str | None] = kept(Kept.HOUSE, WEB)


class _OfService(Detail):
    @declared_attr
    def service_id(cls) -> Mapped[uuid.UUID]:  # noqa: N805
        return to(_SERVICE)


class CostOption(_OfService, Base):
    __tablename__ = "directory_cost_option"

    valid_from: Mapped[date | None] = kept(Kept.HOUSE)
    valid_to: Mapped[date | None] = kept(Kept.HOUSE)
    option: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    currency: Mapped[str | None] = kept(Kept.HOUSE, sa.String(3))
    amount: Mapped[float | None] = kept(Kept.HOUSE)
    amount_description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)


class RequiredDocument(_OfService, Base):
    __tablename__ = "directory_required_document"

    document: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    uri: Mapped[str | None] = kept(Kept.HOUSE, WEB)


class ServiceArea(_OfService, Base):
    __tablename__ = "directory_service_area"

    name: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)


class Attribute(_OfServiceOrPlace, Base):
    """A term said of an organisation, a service or a place."""

    __tablename__ = "directory_attribute"

    organization_id: Mapped[uuid.UUID | None] = to(_ORGANIZATION)
    term_id: Mapped[uuid.UUID] = to("directory_term.id")
    link_type: Mapped[str | None] = kept(Kept.HOUSE, sa.String(120))
    value: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
