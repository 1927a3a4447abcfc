"""Giving the directory out as HSDS 3, looked over before it leaves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.audit.models import INSTALLATION
from respite.audit.service import record
from respite.core.db import transaction
from respite.resources import events
from respite.resources.hsds.reading import CLOSED
from respite.resources.hsds.schema import FIELDS, wrong_in_tables
from respite.resources.hsds.tables import KINDS, Kind
from respite.resources.hsds.written import Tables
from respite.resources.models import Location, Organization, Service, ServiceAtLocation, Source
from respite.resources.policy import OWN_SOURCE, Status, last_checked
from respite.resources.service.access import lock_directory


class NotValid(RuntimeError):
    """What would be given out is not HSDS 3: a fault of the program, and nothing leaves."""


@dataclass(slots=True)
class Exported:
    tables: Tables = field(default_factory=dict)
    #: What cannot be said in HSDS 3, in words.
    left_out: list[str] = field(default_factory=list)


def export(actor: Actor, *, now: datetime) -> Exported:
    """All that is in the directory and still in its source. Raises NotFound, NotValid."""
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        exported = _Export(session).exported
        services = len(exported.tables["service"])
        record(session, INSTALLATION, events.EXPORTED, subject=None, actor=actor, at=now, services=services)
    wrong = list(wrong_in_tables(exported.tables))
    if wrong:
        raise NotValid("; ".join(wrong[:10]))
    return exported


def _without_drafts() -> dict[str, list[sa.ColumnElement[bool]]]:
    """A draft is not given out, and neither is what is there for drafts alone."""
    at, own = ServiceAtLocation, sa.select(Source.id).where(Source.name == OWN_SOURCE)
    public = sa.select(Service.organization_id).where(Service.status != Status.DRAFT)
    places = sa.select(at.location_id).join(Service, Service.id == at.service_id).where(Service.status != Status.DRAFT)
    return {
        "service": [Service.status != Status.DRAFT],
        "organization": [sa.or_(Organization.source_id.not_in(own), Organization.id.in_(public))],
        "location": [sa.or_(Location.source_id.not_in(own), Location.id.in_(places))],
    }


class _Export:
    def __init__(self, session: Session) -> None:
        self._session = session
        self.exported = Exported()
        self._ids: dict[str, dict[uuid.UUID, str]] = {kind: {} for kind in KINDS}
        self._needed = self._organizations_pointed_to()
        self._drafts = _without_drafts()
        for kind in KINDS.values():
            self.exported.tables[kind.name] = list(self._rows(kind))
        self._post_of_organizations()

    def _organizations_pointed_to(self) -> set[uuid.UUID]:
        """Gone from their source, but of use to something that is not."""
        found: set[uuid.UUID] = set()
        for name in ("service", "program"):
            model = KINDS[name].model
            here = [model.gone_at.is_(None), *([model.status != Status.DRAFT] if name == "service" else [])]
            found |= set(self._session.scalars(sa.select(model.organization_id).where(*here)))
        return found

    def _rows(self, kind: Kind) -> Iterable[dict[str, Any]]:
        table = kind.model.__table__
        statement = sa.select(table).order_by(table.c.id)
        if kind.listed:
            here = table.c.gone_at.is_(None)
            statement = statement.where(
                sa.or_(here, table.c.id.in_(self._needed)) if kind.name == "organization" else here
            )
            for hidden in self._drafts.get(kind.name, ()):
                statement = statement.where(hidden)
        rows = self._session.execute(statement).mappings().all()
        self._give_ids(kind, rows)
        for row in rows:
            made = self._row(kind, row)
            if made is not None:
                yield made
            else:
                del self._ids[kind.name][row["id"]]

    def _give_ids(self, kind: Kind, rows: Sequence[sa.RowMapping]) -> None:
        """The id that a row has in its source, where HSDS 3 can say it and nothing else here has it."""
        ids, taken = self._ids[kind.name], {str(row["id"]) for row in rows}
        for row in rows:
            own = str(row["id"])
            try:
                theirs = str(uuid.UUID(row["external_id"]))
            except ValueError:
                theirs = own
            ids[row["id"]] = own if theirs in taken else theirs
            taken.add(theirs)

    def _row(self, kind: Kind, row: sa.RowMapping) -> dict[str, Any] | None:
        made: dict[str, Any] = {"id": self._ids[kind.name][row["id"]]}
        for column, target in kind.links.items():
            value = row[column]
            made[column] = self._ids[target].get(value) if value is not None else None
            if column in kind.needs and made[column] is None:
                return None
        if kind.belongs and not any(made[column] for column in kind.links if column != "term_id"):
            return None
        for column in FIELDS[kind.name].keys() & row.keys() - made.keys() - {"version"}:
            made[column] = _said(row[column])
        return self._as_hsds(kind, row, made)

    def _as_hsds(self, kind: Kind, row: sa.RowMapping, made: dict[str, Any]) -> dict[str, Any] | None:
        """What HSDS 3 says in its own way, or asks for."""
        if kind.name in ("organization", "program", "taxonomy", "taxonomy_term"):
            made["description"] = made["description"] or made["name"]
        if kind.name == "taxonomy":
            made["version"] = row["edition"]
        if kind.name == "service":
            checked = row["checked_at"].date() if row["checked_at"] else None
            day = last_checked(row["assured_date"], checked)
            made["assured_date"] = _said(day)
            if day != row["assured_date"]:
                made["assurer_email"] = None  # somebody of a house made sure, and not whom the source names
        if kind.name == "phone" and made["extension"] is not None:
            made["extension"] = self._number(made)
        if kind.name == "schedule" and row["closed"]:
            made["description"] = ": ".join(filter(None, (CLOSED, made["description"])))
        if kind.name == "attribute":
            made["taxonomy_term_id"] = made.pop("term_id")
            of = next(each for each in ("service", "organization", "location") if made[f"{each}_id"])
            made |= {"link_id": made[f"{of}_id"], "link_entity": of}
            for each in ("service", "organization", "location"):
                del made[f"{each}_id"]
        return self._whole_address(made) if kind.name == "address" else made

    def _number(self, made: dict[str, Any]) -> int | None:
        text = str(made["extension"])
        if text.isascii() and text.isdigit():
            return int(text)
        self.exported.left_out.append(f"phone {made['id']}: its extension {text} is no number")
        return None

    def _whole_address(self, made: dict[str, Any]) -> dict[str, Any] | None:
        missing = [each for each in ("address_1", "city", "state_province", "postal_code", "country") if not made[each]]
        if missing:
            self.exported.left_out.append(f"address {made['id']}: HSDS 3 wants its {' and '.join(missing)}")
            return None
        return made

    def _post_of_organizations(self) -> None:
        """In HSDS 3 an address is of a place: where an organisation gets its post becomes one."""
        names = {row["id"]: row["name"] for row in self.exported.tables["organization"]}
        for address in self.exported.tables["address"]:
            organization = address.pop("organization_id")
            if address["location_id"] is None:
                place = str(uuid.uuid5(uuid.UUID(address["id"]), "location"))
                self.exported.tables["location"].append(
                    {
                        "id": place,
                        "location_type": "postal",
                        "organization_id": organization,
                        "name": names[organization],
                    }
                )
                address["location_id"] = place


def _said(value: Any) -> Any:
    """A value as JSON and CSV say it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
