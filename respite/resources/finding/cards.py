"""What is told of services that were found, read for all of them at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.policy.house_time import local
from respite.resources.finding.hours import Closing, Hours, open_until, opens_next, wall
from respite.resources.finding.languages import code_of
from respite.resources.finding.reading import Line, hours_of, is_free, places_of, rows_by
from respite.resources.models import (
    Accessibility,
    Address,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
)
from respite.resources.policy import PhoneType, Status, Trust, last_checked, trust_of


@dataclass(frozen=True, slots=True)
class Place:
    location: Location
    address: Address | None
    access: tuple[Accessibility, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One service with all that hangs on it."""

    service: Service
    organization: Organization
    places: tuple[Place, ...]
    phones: tuple[Phone, ...]
    hours: tuple[Line, ...]
    timetable: tuple[Schedule, ...]
    languages: tuple[str, ...]
    documents: tuple[RequiredDocument, ...]
    costs: tuple[CostOption, ...]
    free: bool
    trust: Trust
    checked_on: date | None
    offered: bool

    def closing(self, now: datetime, zone: str) -> Closing | None:
        """When it closes, where it is open now, on any of the clocks that its lines go by."""
        found = [open_until(lines, *wall(now, zone, ahead)) for ahead, lines in self._by_clock()]
        return next((each for each in found if each is not None), None)

    def opens(self, now: datetime, zone: str) -> tuple[date, int] | None:
        found = [opens_next(lines, *wall(now, zone, ahead)) for ahead, lines in self._by_clock()]
        return min((each for each in found if each is not None), default=None)

    def _by_clock(self) -> Iterable[tuple[float | None, list[Hours]]]:
        for clock in dict.fromkeys(ahead for ahead, _line in self.hours):
            yield clock, [line for ahead, line in self.hours if ahead == clock]


def cards_of(session: Session, ids: Sequence[uuid.UUID], now: datetime, zone: str) -> list[Card]:
    """The services with these ids, in that order; one that is not there is left out."""
    rows = session.execute(
        sa.select(Service, Organization)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id.in_(ids))
    ).all()
    found = {row[0].id: (row[0], row[1]) for row in rows}
    services = [service for service, _organization in found.values()]
    where = places_of(session, services)
    lines = hours_of(session, services, where)
    place_ids = {place.id for each in where.values() for place, _at in each}
    addresses = rows_by(session, Address, Address.location_id, place_ids)
    access = rows_by(session, Accessibility, Accessibility.location_id, place_ids)
    spoken_there = rows_by(session, Language, Language.location_id, place_ids)
    timetables = rows_by(session, Schedule, Schedule.service_id, found)
    spoken = rows_by(session, Language, Language.service_id, found)
    costs = rows_by(session, CostOption, CostOption.service_id, found)
    documents = rows_by(session, RequiredDocument, RequiredDocument.service_id, found)
    phones = _Phones(session, services, place_ids)
    today = local(now, zone).date()
    cards = []
    for service, organization in (found[each] for each in ids if each in found):
        here = [place for place, _at in where[service.id]]
        own_day = None if service.checked_at is None else local(service.checked_at, zone).date()
        cards.append(
            Card(
                service=service,
                organization=organization,
                places=tuple(Place(p, _first(addresses[p.id]), tuple(access[p.id])) for p in here),
                phones=tuple(phones.of(service, here)),
                hours=tuple(lines[service.id]),
                timetable=tuple(timetables[service.id]),
                languages=_codes([*spoken[service.id], *(each for place in here for each in spoken_there[place.id])]),
                documents=tuple(documents[service.id]),
                costs=tuple(costs[service.id]),
                free=is_free(service, costs[service.id]),
                trust=trust_of(service.assured_date, own_day, today),
                checked_on=_until(today, service.assured_date, own_day),
                offered=service.gone_at is None and service.status == Status.ACTIVE,
            )
        )
    return cards


def _until(today: date, *days: date | None) -> date | None:
    """The last of the days that have come: on one that is still to come nobody can have checked."""
    return last_checked(*(day if day is not None and day <= today else None for day in days))


def _first(addresses: Sequence[Address]) -> Address | None:
    return addresses[0] if addresses else None


def _codes(languages: Iterable[Language]) -> tuple[str, ...]:
    told = (code_of(each.code or "") or code_of(each.name or "") for each in languages)
    return tuple(dict.fromkeys(code for code in told if code))


class _Phones:
    """The numbers of a service, else of its places, else of its organisation; no fax."""

    def __init__(self, session: Session, services: Iterable[Service], place_ids: set[uuid.UUID]) -> None:
        services = list(services)
        self.own = rows_by(session, Phone, Phone.service_id, [each.id for each in services])
        self.there = rows_by(session, Phone, Phone.location_id, place_ids)
        self.theirs = rows_by(session, Phone, Phone.organization_id, {each.organization_id for each in services})

    def of(self, service: Service, places: Iterable[Location]) -> list[Phone]:
        there = [phone for place in places for phone in self.there[place.id]]
        for numbers in (self.own[service.id], there, self.theirs[service.organization_id]):
            spoken = [each for each in numbers if each.type not in (PhoneType.FAX, PhoneType.PAGER)]
            if spoken:
                return list({each.number: each for each in spoken}.values())
        return []
