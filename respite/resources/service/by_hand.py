"""An entry that somebody writes, corrects, publishes or takes off by hand.

Who corrects a loaded entry makes it the house's own: its source changes nothing of it any more, until it is given back.
What was written by hand stands under a source of its own, also where it hangs on a loaded entry.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.audit.models import INSTALLATION
from respite.audit.service import record
from respite.core.crypto import folded
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.resources import events
from respite.resources.finding.index import refresh
from respite.resources.finding.reading import places_of, rows_by
from respite.resources.hsds import values as v
from respite.resources.hsds.said import said as _l
from respite.resources.models import (
    Accessibility,
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
    Taxonomy,
    Term,
)
from respite.resources.policy import OWN_SOURCE, OWN_TAXONOMY, PEER_RUN, LocationType, Status
from respite.resources.service.access import lock_directory
from respite.resources.service.terms import mark_peer_run


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is. Without a street the town is told alone."""

    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    access: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.street, self.city, self.state, self.postal_code, self.access))


@dataclass(frozen=True, slots=True)
class Written:
    """What an entry says, as the form has it."""

    name: str
    organization: str
    description: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    url: str = ""
    place: Place = field(default_factory=Place)
    hours: str = ""
    languages: tuple[str, ...] = ()
    cost: str = ""
    eligibility: str = ""
    how: str = ""
    kinds: tuple[str, ...] = ()
    peer_run: bool = False


def written_of(session: Session, service: Service) -> Written:
    """What stands of a service, as the form has it."""
    location, address = _first_place(session, service)
    access = rows_by(session, Accessibility, Accessibility.location_id, [location.id] if location else [])
    phones = rows_by(session, Phone, Phone.service_id, [service.id])[service.id]
    terms = _terms_of(session, service.id)
    organization = session.get_one(Organization, service.organization_id)
    spoken = rows_by(session, Language, Language.service_id, [service.id])[service.id]
    return Written(
        name=service.name,
        organization=organization.name,
        description=service.description or "",
        phones=tuple(_phone_words(each) for each in phones),
        email=service.email or "",
        url=service.url or "",
        place=Place(
            address.address_1 if address else "",
            (address.city or "") if address else "",
            (address.state_province or "") if address else "",
            (address.postal_code or "") if address else "",
            tuple(each.description for each in access[location.id if location else None] if each.description),
        ),
        hours="\n".join(each.description for each in _timetable(session, service.id) if each.description),
        languages=tuple(name for each in spoken if (name := each.name or each.code)),
        cost=service.fees_description or "",
        eligibility=service.eligibility_description or "",
        how=service.application_process or "",
        kinds=tuple(term.name for term, ours in terms if not ours),
        peer_run=any(ours for _term, ours in terms),
    )


def add(actor: Actor, written: Written, *, publish: bool, now: datetime) -> Service:
    """A new entry, as a draft or found from now on. Raises NotFound and Invalid."""
    _check(written)
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        by_hand = _ByHand(session, now)
        service: Service = by_hand.row(
            Service,
            organization_id=by_hand.organization(written.organization),
            name=written.name,
            status=Status.ACTIVE if publish else Status.DRAFT,
        )
        by_hand.write(service, Written(written.name, written.organization), written)
        _done(session, service)
        record(session, INSTALLATION, events.ADDED, subject=service.id, actor=actor, at=now)
    return service


def correct(actor: Actor, service_id: uuid.UUID, written: Written, *, version_seen: int | None, now: datetime) -> None:
    """What stands there is other than it was. Raises NotFound, StaleVersion and Invalid."""
    _check(written)
    with transaction() as session:
        service = _locked(session, actor, service_id, version_seen)
        stands = written_of(session, service)
        if written == stands:
            return
        _make_ours(session, service, now)
        _ByHand(session, now).write(service, stands, written)
        service.changed_at = now
        flag_modified(service, "changed_at")  # a new version, also where only what hangs on it is other
        _done(session, service)
        record(session, INSTALLATION, events.CORRECTED, subject=service.id, actor=actor, at=now)


def publish(actor: Actor, service_id: uuid.UUID, *, version_seen: int | None, now: datetime) -> None:
    """A draft is found from now on. Raises NotFound and StaleVersion."""
    _change(actor, service_id, version_seen, (Status.DRAFT,), Status.ACTIVE, events.PUBLISHED, now)


def retire(actor: Actor, service_id: uuid.UUID, *, version_seen: int | None, now: datetime) -> None:
    """It is not offered any more. Raises NotFound and StaleVersion."""
    _change(actor, service_id, version_seen, (Status.ACTIVE,), Status.INACTIVE, events.RETIRED, now)


def offer_again(actor: Actor, service_id: uuid.UUID, *, version_seen: int | None, now: datetime) -> None:
    """It is offered after all. Raises NotFound and StaleVersion."""
    closed = (Status.INACTIVE, Status.DEFUNCT, Status.TEMPORARILY_CLOSED)
    _change(actor, service_id, version_seen, closed, Status.ACTIVE, events.OFFERED_AGAIN, now)


def give_back(actor: Actor, service_id: uuid.UUID, *, version_seen: int | None, now: datetime) -> None:
    """It is its source's again, which says the next time it is loaded how it stands. Raises NotFound, StaleVersion."""
    with transaction() as session:
        service = _locked(session, actor, service_id, version_seen)
        if service.ours_since is None:
            raise NotFound
        service.ours_since = None
        session.flush()
        record(session, INSTALLATION, events.GIVEN_BACK, subject=service.id, actor=actor, at=now)


def _change(
    actor: Actor,
    service_id: uuid.UUID,
    version_seen: int | None,
    stands: Collection[str],
    to: Status,
    kind: str,
    now: datetime,
) -> None:
    with transaction() as session:
        service = _locked(session, actor, service_id, version_seen)
        if service.status not in stands:
            raise NotFound
        _make_ours(session, service, now)
        service.status, service.changed_at = to, now
        _done(session, service)
        record(session, INSTALLATION, kind, subject=service.id, actor=actor, at=now)


def _locked(session: Session, actor: Actor, service_id: uuid.UUID, version_seen: int | None) -> Service:
    lock_directory(session, actor, May.KEEP_DIRECTORY)
    service = session.get(Service, service_id, populate_existing=True)
    if service is None or service.gone_at is not None:
        raise NotFound
    if version_seen is not None and version_seen != service.version:
        raise StaleVersion
    return service


def _make_ours(session: Session, service: Service, now: datetime) -> None:
    own = session.scalar(sa.select(Source.id).where(Source.name == OWN_SOURCE))
    if service.source_id != own and service.ours_since is None:
        service.ours_since = now


def _done(session: Session, service: Service) -> None:
    session.flush()
    mark_peer_run(session)
    session.refresh(service)
    refresh(session, [service.id])


def _check(written: Written) -> None:
    wrong = {}
    for name, read, told, sentence in (
        ("phones", v.a_phone, written.phones, _l("This is no telephone number: %(value)s")),
        ("email", v.mail, (written.email,), _l("This is no e-mail address: %(value)s")),
        ("url", v.an_address, (written.url,), _l("This is no web address: %(value)s")),
    ):
        for each in told:
            try:
                if each:
                    read(each)
            except v.Unreadable:
                wrong[name] = str(sentence.of(value=each[:60]))
    if wrong:
        raise Invalid(fields=wrong)


def _phone_words(phone: Phone) -> str:
    if not phone.extension or phone.extension in phone.number:
        return phone.number
    return f"{phone.number} x{phone.extension}"


def _timetable(session: Session, service_id: uuid.UUID) -> list[Schedule]:
    return rows_by(session, Schedule, Schedule.service_id, [service_id])[service_id]


def _first_place(session: Session, service: Service) -> tuple[Location | None, Address | None]:
    found = [(place, at) for place, at in places_of(session, [service])[service.id] if at is not None]
    if not found:
        return None, None
    place = found[0][0]
    addresses = rows_by(session, Address, Address.location_id, [place.id])[place.id]
    return place, addresses[0] if addresses else None


def _terms_of(session: Session, service_id: uuid.UUID) -> list[tuple[Term, bool]]:
    """The terms of a service, and whether it is the one by which peers run it."""
    rows = session.execute(
        sa.select(Term, Taxonomy.name)
        .join(Attribute, Attribute.term_id == Term.id)
        .outerjoin(Taxonomy, Taxonomy.id == Term.taxonomy_id)
        .where(Attribute.service_id == service_id)
        .order_by(Term.name, Term.id)
    )
    return [(term, term.code == PEER_RUN and OWN_TAXONOMY in (taxonomy, term.taxonomy)) for term, taxonomy in rows]


#: What may hang on a place; the first two also on a service at a place.
_AT_PLACES: tuple[type[Any], ...] = (Schedule, Phone, Language)


class _ByHand:
    """Writes rows under the source of what is written by hand."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        source = session.scalar(sa.select(Source).where(Source.name == OWN_SOURCE))
        if source is None:
            source = Source(id=uuid.uuid4(), name=OWN_SOURCE)
            session.add(source)
            session.flush()
        self._source_id = source.id

    def row(self, model: type[Any], own: uuid.UUID | None = None, **values: Any) -> Any:
        own = own or uuid.uuid4()
        if "changed_at" in model.__table__.columns:
            values["changed_at"] = self._now
        row = model(id=own, external_id=str(own), source_id=self._source_id, **values)
        self._session.add(row)
        self._session.flush()
        return row

    def rows(self, model: type[Any], told: Iterable[dict[str, Any]]) -> None:
        """Several, read again in the order in which they are told, which is that of their ids."""
        each = list(told)
        for own, values in zip(sorted(uuid.uuid4() for _one in each), each, strict=True):
            self.row(model, own, **values)

    def organization(self, name: str) -> uuid.UUID:
        """The one of this name that was written by hand, or a new one."""
        mine = sa.select(Organization).where(Organization.source_id == self._source_id, Organization.gone_at.is_(None))
        same = next((each for each in self._session.scalars(mine) if folded(each.name) == folded(name)), None)
        found: uuid.UUID = same.id if same is not None else self.row(Organization, name=name).id
        return found

    def write(self, service: Service, stands: Written, written: Written) -> None:
        """What differs, and nothing else."""
        if written.organization != stands.organization:
            service.organization_id = self.organization(written.organization)
        service.name = written.name
        for column, attribute in (
            ("description", "description"), ("email", "email"), ("url", "url"), ("fees_description", "cost"),
            ("eligibility_description", "eligibility"), ("application_process", "how"),
        ):  # fmt: skip
            if getattr(written, attribute) != getattr(stands, attribute):
                setattr(service, column, getattr(written, attribute) or None)
        if service.url and written.url != stands.url:
            service.url = v.an_address(service.url)
        if written.phones != stands.phones:
            self._phones(service, written.phones)
        if written.hours != stands.hours:
            self._take(Schedule, Schedule.service_id == service.id)
            if written.hours:
                self.row(Schedule, service_id=service.id, description=written.hours)
        if written.languages != stands.languages:
            self._take(Language, Language.service_id == service.id)
            self.rows(Language, ({"service_id": service.id, "name": name} for name in written.languages))
        if (written.kinds, written.peer_run) != (stands.kinds, stands.peer_run):
            self._terms(service, written)
        if written.place != stands.place:
            self._place(service, stands.place, written.place)

    def _phones(self, service: Service, numbers: Iterable[str]) -> None:
        old = sa.select(Phone.id).where(Phone.service_id == service.id)
        self._take(Language, Language.phone_id.in_(old))
        self._take(Phone, Phone.service_id == service.id)
        dialled = ((told, *v.dialled(told)) for told in numbers)
        self.rows(
            Phone,
            (
                {"service_id": service.id, "number": v.a_phone(told), "dialled": number, "extension": extension}
                for told, number, extension in dialled
            ),
        )

    def _terms(self, service: Service, written: Written) -> None:
        self._take(Attribute, Attribute.service_id == service.id)
        for name in written.kinds:
            self.row(Attribute, service_id=service.id, term_id=self._term(folded(name), name, None))
        if written.peer_run:
            term = self._term(PEER_RUN, "Run by peers", OWN_TAXONOMY)
            self.row(Attribute, service_id=service.id, term_id=term)

    def _term(self, code: str, name: str, taxonomy: str | None) -> uuid.UUID:
        same = Term.taxonomy.is_(None) if taxonomy is None else Term.taxonomy == taxonomy
        mine = sa.select(Term.id).where(Term.source_id == self._source_id, Term.code == code[:120], same)
        found: uuid.UUID = (
            self._session.scalar(mine.limit(1)) or self.row(Term, code=code[:120], name=name, taxonomy=taxonomy).id
        )
        return found

    def _place(self, service: Service, stands: Place, place: Place) -> None:
        """A place of its own: the one it had may be that of others."""
        old, address = _first_place(self._session, service)
        left: list[uuid.UUID] = []
        if old is not None:
            here = (ServiceAtLocation.service_id == service.id, ServiceAtLocation.location_id == old.id)
            for at in self._session.scalars(sa.select(ServiceAtLocation).where(*here)):
                at.gone_at = self._now
                left.append(at.id)
            self._session.flush()
        if not place:
            return
        same_spot = (place.street, place.city, place.postal_code) == (stands.street, stands.city, stands.postal_code)
        kept: dict[str, Any] = {}
        if old is not None and same_spot:
            kept = {each: getattr(old, each) for each in ("name", "transportation", "latitude", "longitude")}
        new = self.row(Location, location_type=LocationType.PHYSICAL, **kept)
        at_new = self.row(ServiceAtLocation, service_id=service.id, location_id=new.id)
        if old is not None:  # when it is open there, and how it is reached, is as it was
            for model in _AT_PLACES[:2]:
                self._again(model, model.service_at_location_id.in_(left), service_at_location_id=at_new.id)
            for model in _AT_PLACES:
                self._again(model, model.location_id == old.id, location_id=new.id)
        if place.street or place.city or place.state or place.postal_code:
            self.row(
                Address,
                location_id=new.id,
                address_1=place.street,
                address_2=address.address_2 if address is not None and same_spot else None,
                city=place.city or None,
                state_province=place.state or None,
                postal_code=place.postal_code or None,
                country=address.country if address is not None else "US",
                address_type=LocationType.PHYSICAL,
            )
        self.rows(Accessibility, ({"location_id": new.id, "description": each} for each in place.access))

    def _again(self, model: type[Any], which: sa.ColumnElement[bool], **of: uuid.UUID) -> None:
        """The same rows once more, of something else."""
        links = {"service_id", "location_id", "organization_id", "service_at_location_id", "contact_id", "phone_id"}
        for row in self._session.execute(sa.select(model.__table__).where(which)).mappings().all():
            own = links | {"id", "external_id", "source_id"}
            same = {name: value for name, value in row.items() if name not in own}
            self.row(model, **same, **of)

    def _take(self, model: type[Any], *which: sa.ColumnElement[bool]) -> None:
        self._session.execute(sa.delete(model).where(*which), execution_options={"synchronize_session": False})
