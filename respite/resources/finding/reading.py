"""What an entry is made of, read from the directory's own tables for many services at once."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.resources.finding.hours import DAY, WEEKDAYS, Hours, minutes, spread
from respite.resources.models import (
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    Organization,
    Program,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Term,
)
from respite.resources.policy import Status

_FREE = re.compile(r"\b(free|no (cost|charge|fee)s?|none|gratis|gratuit[oa]s?|sin costo)\b", re.IGNORECASE)
_NOT_FREE = re.compile(r"[$€£]|\b(not free|sliding|except|vary|varies|eligible|consultation)\b", re.IGNORECASE)
#: A span with an end that is no longer than this tells of special days; a longer one is a season.
_LONGEST_SPECIAL = 31

Line = tuple[float | None, Hours]


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees, with the address it has."""

    latitude: float
    longitude: float
    address: Address | None


@dataclass(slots=True)
class Material:
    """What one offered service says, gathered."""

    id: uuid.UUID
    name: str
    alternate_name: str | None
    description: str | None
    organization: str
    program: str | None
    peer_run: bool
    free: bool
    about: list[str] = field(default_factory=list)  # for whom, how, where
    terms: list[str] = field(default_factory=list)
    term_ids: set[uuid.UUID] = field(default_factory=set)  # with those above them
    languages: list[str] = field(default_factory=list)
    places: list[Point] = field(default_factory=list)
    hours: list[Line] = field(default_factory=list)


def material_of(session: Session, ids: Sequence[uuid.UUID]) -> list[Material]:
    """Those of the services that are offered: active, and still in their source."""
    rows = session.execute(
        sa.select(Service, Organization, Program.name)
        .join(Organization, Organization.id == Service.organization_id)
        .outerjoin(Program, Program.id == Service.program_id)
        .where(Service.id.in_(ids), Service.gone_at.is_(None), Service.status == Status.ACTIVE)
        .order_by(Service.id)
    ).all()
    services = [service for service, _organization, _program in rows]
    where = places_of(session, services)
    places = {place.id: place for each in where.values() for place, _at in each}
    lines = hours_of(session, services, where)
    terms = _terms(session, services)
    of_service = {
        model: rows_by(session, model, model.service_id, [each.id for each in services])
        for model in (CostOption, Language, ServiceArea)
    }
    spoken_there = rows_by(session, Language, Language.location_id, places)
    addresses = rows_by(session, Address, Address.location_id, places)
    found = []
    for service, organization, program in rows:
        here = [place for place, _at in where[service.id]]
        there = [address for place in here for address in addresses[place.id]]
        found.append(
            Material(
                id=service.id,
                name=service.name,
                alternate_name=service.alternate_name,
                description=service.description,
                organization=f"{organization.name} {organization.alternate_name or ''}",
                program=program,
                peer_run=service.peer_run,
                free=is_free(service, of_service[CostOption][service.id]),
                about=[
                    text
                    for text in (
                        service.eligibility_description,
                        service.application_process,
                        service.fees_description,
                        *(area.name for area in of_service[ServiceArea][service.id]),
                        *(part for each in there for part in (each.city, each.region, each.postal_code)),
                        *(place.name for place in here),
                    )
                    if text
                ],
                terms=[term.name for term in terms[service.id][0]],
                term_ids=terms[service.id][1],
                languages=[
                    name
                    for each in (*of_service[Language][service.id], *(s for p in here for s in spoken_there[p.id]))
                    for name in (each.code, each.name)
                    if name
                ],
                places=[point for place in here if (point := _point(place, addresses[place.id])) is not None],
                hours=lines[service.id],
            )
        )
    return found


def _point(place: Location, addresses: Sequence[Address]) -> Point | None:
    north, east = place.latitude, place.longitude
    if north is None or east is None or not (-90 <= north <= 90 and -180 <= east <= 180):
        return None
    return Point(north, east, addresses[0] if addresses else None)


def is_free(service: Service, costs: Iterable[CostOption]) -> bool:
    """Whether it says that nobody pays. What says nothing, or "free to eligible persons", is not known to be free."""
    amounts = [cost.amount for cost in costs if cost.amount is not None]
    if amounts:
        return not any(amounts)
    fees = service.fees_description or ""
    return bool(_FREE.search(fees)) and not _NOT_FREE.search(fees)


def places_of(
    session: Session, services: Iterable[Service]
) -> dict[uuid.UUID, list[tuple[Location, ServiceAtLocation | None]]]:
    """Where each service is. One that names no place is at its organisation's, if that has one place alone."""
    found: dict[uuid.UUID, list[tuple[Location, ServiceAtLocation | None]]] = defaultdict(list)
    services = list(services)
    # Not joined: PostgreSQL knows nothing yet of rows that were just loaded, and would go through all for each.
    ats = list(
        session.scalars(
            sa.select(ServiceAtLocation)
            .where(
                ServiceAtLocation.service_id.in_([each.id for each in services]), ServiceAtLocation.gone_at.is_(None)
            )
            .order_by(ServiceAtLocation.id)
        )
    )
    there = rows_by(session, Location, Location.id, (at.location_id for at in ats), Location.gone_at.is_(None))
    for at in ats:
        found[at.service_id] += [(location, at) for location in there.get(at.location_id, ())]
    without = [each for each in services if not found[each.id]]
    organizations = rows_by(
        session,
        Location,
        Location.organization_id,
        [each.organization_id for each in without],
        Location.gone_at.is_(None),
    )
    for service in without:
        theirs = organizations[service.organization_id]
        if len(theirs) == 1:
            found[service.id].append((theirs[0], None))
    return found


def hours_of(
    session: Session,
    services: Iterable[Service],
    where: dict[uuid.UUID, list[tuple[Location, ServiceAtLocation | None]]],
) -> dict[uuid.UUID, list[Line]]:
    """The timetable of each service: its own, else that of it at its places, else that of the places."""
    ids = [each.id for each in services]
    own = rows_by(session, Schedule, Schedule.service_id, ids)
    ats = {at.id for each in where.values() for _place, at in each if at is not None}
    at_place = rows_by(session, Schedule, Schedule.service_at_location_id, ats)
    of_place = rows_by(
        session, Schedule, Schedule.location_id, {place.id for each in where.values() for place, _at in each}
    )
    found: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for service_id in ids:
        rows = own[service_id]
        if not rows:
            for place, at in where[service_id]:
                rows = [*rows, *((at_place[at.id] if at is not None else []) or of_place[place.id])]
        found[service_id] = [(row.timezone, line) for row in rows for line in lines_of(row)]
    return found


def lines_of(row: Schedule) -> list[Hours]:
    """What a row of a timetable says, as lines of hours; none where it names no time and no day."""
    opens, closes = minutes(row.opens_at, row.closes_at)
    if row.closed:
        opens, closes = 0, DAY
    elif row.opens_at is None and row.closes_at is None and row.freq is None and not row.byday:
        return []
    first, last = row.valid_from or row.dtstart, _earlier(row.valid_to, row.until)
    line = Hours(opens=opens, closes=closes, first=first, last=last, instead=row.closed, closed=row.closed)
    if not row.freq and not row.byday:
        special = first is not None and last is not None and (last - first).days <= _LONGEST_SPECIAL
        return [_with(line, instead=row.closed or special)]
    if _is_plain_week(row):
        names = [name.strip() for name in (row.byday or "").upper().split(",") if name.strip()]
        weekdays = [WEEKDAYS.index(name) for name in names if name in WEEKDAYS]
        if weekdays:
            return spread(line, dict.fromkeys(weekdays))
        if not names and row.dtstart is not None:
            return spread(line, [row.dtstart.weekday()])
        return []
    if row.freq == "DAILY" and _is_every_time(row) and not row.byday:
        return [line]
    begin = row.dtstart or row.valid_from
    if begin is None:
        return []
    later = row.valid_from if row.valid_from is not None and row.valid_from > begin else None
    return [_with(line, rule=_rule(row, begin if later else None), first=later or begin)]


def _with(line: Hours, **more: Any) -> Hours:
    return Hours(**{name: more.get(name, getattr(line, name)) for name in Hours.__slots__})


def _earlier(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _is_every_time(row: Schedule) -> bool:
    return row.interval in (None, 0, 1) and not (row.count or row.byweekno or row.bymonthday or row.byyearday)


def _is_plain_week(row: Schedule) -> bool:
    return row.freq in (None, "WEEKLY") and _is_every_time(row) and not re.search(r"\d", row.byday or "")


def _rule(row: Schedule, counts_from: date | None) -> str:
    """The rule, with the day from which it counts where it holds only from a later one on."""
    parts = {
        "FREQ": row.freq or "WEEKLY",
        "INTERVAL": row.interval,
        "COUNT": row.count,
        "WKST": row.wkst,
        "BYDAY": row.byday,
        "BYWEEKNO": row.byweekno if row.freq == "YEARLY" else None,  # of no meaning in any other
        "BYMONTHDAY": row.bymonthday if row.freq != "WEEKLY" else None,
        "BYYEARDAY": row.byyearday if row.freq in ("YEARLY", "DAILY") else None,
    }
    rule = ";".join(f"{name}={value}" for name, value in parts.items() if value)
    return f"DTSTART:{counts_from:%Y%m%d}T000000\nRRULE:{rule}" if counts_from is not None else rule


def _terms(session: Session, services: Sequence[Service]) -> dict[uuid.UUID, tuple[list[Term], set[uuid.UUID]]]:
    """The terms of each service and its organisation, and the ids of those with all that stand above them."""
    all_terms = {term.id: term for term in session.scalars(sa.select(Term).where(Term.gone_at.is_(None)))}
    of_service = rows_by(session, Attribute, Attribute.service_id, [each.id for each in services])
    of_organization = rows_by(
        session, Attribute, Attribute.organization_id, {each.organization_id for each in services}
    )
    found = {}
    for service in services:
        said = [*of_service[service.id], *of_organization[service.organization_id]]
        own = [all_terms[each.term_id] for each in said if each.term_id in all_terms]
        found[service.id] = (own, {above.id for term in own for above in _up(term, all_terms)})
    return found


def _up(term: Term, all_terms: dict[uuid.UUID, Term]) -> Iterator[Term]:
    seen: set[uuid.UUID] = set()
    at: Term | None = term
    while at is not None and at.id not in seen:  # a source may have made a ring of them
        seen.add(at.id)
        yield at
        at = all_terms.get(at.parent_id) if at.parent_id is not None else None


def rows_by(
    session: Session, model: type[Any], column: Any, ids: Iterable[uuid.UUID], *more: Any
) -> dict[uuid.UUID | None, list[Any]]:
    found: dict[uuid.UUID | None, list[Any]] = defaultdict(list)
    wanted = list(dict.fromkeys(ids))
    if wanted:
        for row in session.scalars(sa.select(model).where(column.in_(wanted), *more).order_by(model.id)):
            found[getattr(row, column.key)].append(row)
    return found
