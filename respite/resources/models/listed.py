"""Organisations, services and places, and the terms they are found by."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, to
from respite.resources.models.sources import Listed

NAME, WEB, MAIL = sa.String(300), sa.String(500), sa.String(254)


class Organization(Listed, Base):
    __tablename__ = "directory_organization"

    name: Mapped[str] = kept(Kept.HOUSE, NAME, index=True)
    alternate_name: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    email: Mapped[str | None] = kept(Kept.HOUSE, MAIL)
    website: Mapped[str | None] = kept(Kept.HOUSE, WEB)
    legal_status: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    parent_organization_id: Mapped[uuid.UUID | None] = to("directory_organization.id")
    peer_run: Mapped[bool] = kept(Kept.HOUSE, default=False)  # from its terms, see policy.PEER_RUN


class Program(Listed, Base):
    __tablename__ = "directory_program"

    organization_id: Mapped[uuid.UUID] = to("directory_organization.id")
    name: Mapped[str] = kept(Kept.HOUSE, NAME)
    alternate_name: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)


class Service(Versioned, Listed, Base):
    """What is offered. `assured_…` is what its source says; `checked_…` is that somebody of a house asked there."""

    __tablename__ = "directory_service"

    organization_id: Mapped[uuid.UUID] = to("directory_organization.id")
    program_id: Mapped[uuid.UUID | None] = to("directory_program.id")
    name: Mapped[str] = kept(Kept.HOUSE, NAME, index=True)
    alternate_name: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    url: Mapped[str | None] = kept(Kept.HOUSE, WEB)
    email: Mapped[str | None] = kept(Kept.HOUSE, MAIL)
    status: Mapped[str] = kept(Kept.HOUSE, sa.String(20))  # policy.Status
    interpretation_services: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    application_process: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    fees_description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    accreditations: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    eligibility_description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    minimum_age: Mapped[float | None] = kept(Kept.HOUSE)
    maximum_age: Mapped[float | None] = kept(Kept.HOUSE)
    assured_date: Mapped[date | None] = kept(Kept.HOUSE)
    assurer_email: Mapped[str | None] = kept(Kept.HOUSE, MAIL)
    alert: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    last_modified: Mapped[datetime | None] = kept(Kept.HOUSE)  # as its source says
    peer_run: Mapped[bool] = kept(Kept.HOUSE, default=False)  # its own terms or its organisation's say so
    checked_at: Mapped[datetime | None] = kept(Kept.WORKING)
    checked_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    ours_since: Mapped[datetime | None] = kept(Kept.WORKING)  # corrected by hand: its source changes nothing of it


class Location(Listed, Base):
    __tablename__ = "directory_location"

    organization_id: Mapped[uuid.UUID | None] = to("directory_organization.id")
    location_type: Mapped[str] = kept(Kept.HOUSE, sa.String(20))  # policy.LocationType
    url: Mapped[str | None] = kept(Kept.HOUSE, WEB)
    name: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    alternate_name: Mapped[str | None] = kept(Kept.HOUSE, NAME)
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    transportation: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    latitude: Mapped[float | None] = kept(Kept.HOUSE)
    longitude: Mapped[float | None] = kept(Kept.HOUSE)


class ServiceAtLocation(Listed, Base):
    __tablename__ = "directory_service_at_location"

    service_id: Mapped[uuid.UUID] = to("directory_service.id")
    location_id: Mapped[uuid.UUID] = to("directory_location.id")
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)


class Taxonomy(Listed, Base):
    __tablename__ = "directory_taxonomy"

    name: Mapped[str] = kept(Kept.HOUSE, NAME)
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    uri: Mapped[str | None] = kept(Kept.HOUSE, WEB)
    # The column `version` of HSDS; `version` means an editor's version elsewhere here.
    edition: Mapped[str | None] = kept(Kept.HOUSE, sa.String(60))


class Term(Listed, Base):
    """A word of a taxonomy, such as a need or a kind of help."""

    __tablename__ = "directory_term"

    taxonomy_id: Mapped[uuid.UUID | None] = to("directory_taxonomy.id")
    parent_id: Mapped[uuid.UUID | None] = to("directory_term.id")
    code: Mapped[str | None] = kept(Kept.HOUSE, sa.String(120))
    name: Mapped[str] = kept(Kept.HOUSE, NAME, index=True)
    description: Mapped[str | None] = kept(Kept.HOUSE, sa.Text)
    taxonomy: Mapped[str | None] = kept(Kept.HOUSE, NAME)  # its name, where the source gives no more than that
    language: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
    term_uri: Mapped[str | None] = kept(Kept.HOUSE, WEB)
