"""HSDS 3 as JSON: full objects that hold one another, made into the rows of tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from respite.resources.hsds.rows import Counts, Report, Row
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.tables import KINDS, NOT_KEPT

#: A list or an object inside another: what its rows are.
_INSIDE = {
    "phones": "phone",
    "schedules": "schedule",
    "service_areas": "service_area",
    "service_at_locations": "service_at_location",
    "languages": "language",
    "organization": "organization",
    "cost_options": "cost_option",
    "program": "program",
    "programs": "program",
    "required_documents": "required_document",
    "contacts": "contact",
    "attributes": "attribute",
    "location": "location",
    "locations": "location",
    "addresses": "address",
    "accessibility": "accessibility",
    "taxonomy_term": "taxonomy_term",
    "taxonomy_detail": "taxonomy",
    "service": "service",
    "services": "service",
}
#: Where the outer one points to the inner one.
_POINTS = {
    ("service", "organization"): "organization_id",
    ("service", "program"): "program_id",
    ("service_at_location", "location"): "location_id",
    ("service_at_location", "service"): "service_id",
    ("attribute", "taxonomy_term"): "taxonomy_term_id",
    ("taxonomy_term", "taxonomy_detail"): "taxonomy_id",
}
_NOT_KEPT = NOT_KEPT | {"additional_urls", "additional_websites", "capacities"}


def kind_of(thing: dict[str, Any]) -> str | None:
    """What an object by itself is, by the fields it has; none where it is nothing of HSDS."""
    has = thing.keys()
    if "properties" in has or "id" not in has:
        return None
    if "status" in has:
        return "service"
    if {"location", "service", "service_id"} & has:
        return "service_at_location"
    if {"location_type", "latitude", "addresses"} & has:
        return "location"
    if {"taxonomy_detail", "taxonomy", "code", "parent_id", "term_uri"} & has:
        return "taxonomy_term"
    if {"website", "legal_status", "tax_status", "programs", "locations", "services", "parent_organization_id"} & has:
        return "organization"
    if {"uri", "version"} & has and "name" in has:
        return "taxonomy"
    return "organization" if {"name", "description"} <= has else None


class Flat:
    """The rows of files of objects. One that stands in several places is one row that points to all of them."""

    def __init__(self, report: Report) -> None:
        self.file, self.report = "", report  # the file that is being read
        self.rows: dict[tuple[str, str], Row] = {}
        self._met: set[tuple[str, str, str]] = set()

    def add(self, kind_name: str, thing: dict[str, Any], place: str, **links: Any) -> str:
        """Take an object apart; returns its id."""
        plain = {key: value for key, value in thing.items() if not isinstance(value, dict | list)} | links
        if thing.get("id"):
            own = str(thing["id"])
        elif kind_name == "organization" and "name" in plain:
            own = str(plain["name"])
        else:
            own = ""
        row = self._kept(kind_name, own or f"{self.file} {place}", plain, place)
        for key, value in thing.items():
            for number, inner in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(value, dict | list):
                    where = f"{place}.{key}[{number}]" if isinstance(value, list) else f"{place}.{key}"
                    self._inside(kind_name, own, key, inner, where, row)
        return own

    def _kept(self, kind_name: str, own: str, plain: dict[str, Any], place: str) -> Row:
        row = self.rows.get((kind_name, own))
        first_here = (self.file, kind_name, own) not in self._met
        self._met.add((self.file, kind_name, own))
        if row is None:
            row = self.rows[kind_name, own] = Row(KINDS[kind_name], self.file, place, plain)
            return row
        if first_here:
            counts = self.report.counts.setdefault((self.file, kind_name), Counts())
            counts.read += 1
            counts.again += 1
        for key, value in plain.items():
            if row.values.get(key) in (None, ""):
                row.values[key] = value
            elif value not in (None, "") and value != row.values[key] and key not in row.kind.links:
                self.report.note(
                    row,
                    _l(
                        "%(column)s is said differently in %(file)s at %(place)s; the first was kept",
                        column=key,
                        file=self.file,
                        place=place,
                    ),
                )
        return row

    def _inside(self, outer: str, own: str, key: str, inner: Any, place: str, row: Row) -> None:
        if not isinstance(inner, dict) or key not in _INSIDE:
            known = key in _NOT_KEPT or key in _INSIDE
            self.report.keep_nothing_of(self.file, key if known else f"{outer}.{key}")
            return
        kind_name = _INSIDE[key]
        if kind_name == "attribute":
            self.add(kind_name, inner, place, link_id=own, link_entity=outer)
        elif (outer, key) in _POINTS:
            links = {}
            if key == "program" and "organization_id" not in inner:
                links = {"organization_id": self._organization_of(row)}
            row.values[_POINTS[outer, key]] = self.add(kind_name, inner, place, **links)
        else:
            self.add(kind_name, inner, place, **{f"{outer}_id": own})

    def _organization_of(self, row: Row) -> Any:
        return row.values.get("organization_id")

    def in_order(self) -> Iterator[Row]:
        for kind in KINDS.values():
            yield from (row for row in self.rows.values() if row.kind is kind)


def things_in(data: Any) -> list[dict[str, Any]]:
    """The objects of a file: one, a list, or a page of a list."""
    if isinstance(data, dict) and isinstance(data.get("contents"), list):
        data = data["contents"]
    return [each for each in (data if isinstance(data, list) else [data]) if isinstance(each, dict)]
