"""A small directory for tests: entries planted with what a test needs of them, and found like any others."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.db import Base, db, transaction
from respite.resources.finding.index import refresh
from respite.resources.models import (
    Address,
    Attribute,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    Source,
    Term,
)
from respite.resources.policy import LocationType, Status
from tests.places import SUNDAY

#: Denver's middle, and what is a mile of its degrees.
DENVER = (39.7392, -104.9903)
WEEK = "MO,TU,WE,TH,FR,SA,SU"


class Directory:
    """One source whose rows are planted by hand."""

    def __init__(self, name: str = "planted") -> None:
        with transaction() as session:
            self.source = Source(name=name, loaded_at=SUNDAY)
            session.add(self.source)
        self.organizations: dict[str, uuid.UUID] = {}
        self.terms: dict[str, uuid.UUID] = {}

    def plant(
        self,
        name: str,
        *,
        organization: str = "Front Range Help",
        at: tuple[float, float] | None = None,
        town: str = "Denver",
        postal_code: str = "80203",
        state: str = "CO",
        hours: Iterable[dict[str, Any]] = (),
        languages: Iterable[str] = (),
        terms: Iterable[str] = (),
        phone: str | None = None,
        **facts: Any,
    ) -> uuid.UUID:
        with transaction() as session:
            values = {"status": Status.ACTIVE, **facts}
            service = self.row(
                session, Service, organization_id=self.organization(session, organization), name=name, **values
            )
            if at is not None:
                place = self.row(
                    session,
                    Location,
                    location_type=LocationType.PHYSICAL,
                    latitude=at[0],
                    longitude=at[1],
                    name="House",
                )
                self.row(session, ServiceAtLocation, service_id=service.id, location_id=place.id)
                self.row(
                    session,
                    Address,
                    location_id=place.id,
                    address_1="1 Elm Street",
                    city=town,
                    state_province=state,
                    postal_code=postal_code,
                    country="US",
                    address_type=LocationType.PHYSICAL,
                )
            for each in hours:
                self.row(session, Schedule, service_id=service.id, **each)
            for code in languages:
                self.row(session, Language, service_id=service.id, code=code)
            for term in terms:
                self.row(session, Attribute, service_id=service.id, term_id=self.terms[term])
            if phone:
                self.row(session, Phone, service_id=service.id, number=phone, dialled=phone)
            refresh(session, [service.id])
        return service.id

    def term(self, name: str, under: str | None = None, code: str | None = None) -> uuid.UUID:
        with transaction() as session:
            row = self.row(session, Term, name=name, code=code, parent_id=self.terms[under] if under else None)
            self.terms[name] = row.id
        return row.id

    def organization(self, session: Session, name: str) -> uuid.UUID:
        if name not in self.organizations:
            self.organizations[name] = self.row(session, Organization, name=name).id
        return self.organizations[name]

    def row(self, session: Session, model: type[Base], **values: Any) -> Any:
        if "changed_at" in model.__table__.c:
            values["changed_at"] = SUNDAY
        row = model(source_id=self.source.id, external_id=uuid.uuid4().hex, **values)
        session.add(row)
        session.flush()
        return row


def weekly(days: str, opens: tuple[int, int] | None, closes: tuple[int, int] | None, **more: Any) -> dict[str, Any]:
    return {
        "freq": "WEEKLY",
        "byday": days,
        "opens_at": time(*opens) if opens else None,
        "closes_at": time(*closes) if closes else None,
        **more,
    }


def shut(first: date, last: date) -> dict[str, Any]:
    return {"valid_from": first, "valid_to": last, "closed": True}


def names(ids: Iterable[uuid.UUID]) -> list[str]:
    wanted = list(ids)
    found = db.session.execute(sa.select(Service.id, Service.name).where(Service.id.in_(wanted)))
    rows = {row.id: row.name for row in found}
    return [rows[each] for each in wanted]
