"""A spreadsheet of somebody's own: each line is a service, and a mapping says which column is which field.

A mapping is `{"Agency": "organization.name", "Phone": "phone.number", …}`: the column's name, and a field of HSDS. Two
columns may be the same kind of number, language or word. Lines that name the same organisation or place share it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from respite.core.crypto import folded
from respite.resources.hsds import files
from respite.resources.hsds.files import Unusable
from respite.resources.hsds.reading import columns_of
from respite.resources.hsds.rows import Package, Problem, Report, Row
from respite.resources.hsds.said import Words
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.tables import KINDS
from respite.resources.policy import OWN_TAXONOMY, PEER_RUN, Status

#: What a column may be, besides the columns of a kind's own table.
_KINDS = (
    "organization", "service", "location", "address", "phone", "schedule", "language", "accessibility",
    "cost_option", "required_document", "service_area", "contact",
)  # fmt: skip
PEERS, WORDS = "service.peer_run", "taxonomy_term.name"
_WITH_ID = ("organization", "service", "location")
#: One cell of these may hold several.
_SEVERAL = ("language.name", WORDS, "accessibility.description", "required_document.document", "service_area.name")
#: Of these several columns of a line are kept; of any other field the first that says something is.
_MANY = (*_SEVERAL, "phone.number")
_YES = ("yes", "y", "true", "1", "x", "sí", "si")
_LISTS = set(KINDS) - {"program", "taxonomy"}


def fields() -> list[str]:
    """Everything that a column can be mapped to."""
    found = [f"{kind}.{column}" for kind in _KINDS for column in columns_of(KINDS[kind])]
    return sorted([*found, *(f"{kind}.id" for kind in _WITH_ID), PEERS, WORDS])


def checked(mapping: Mapping[str, Any]) -> dict[str, str]:
    """The mapping, if every field of it is one. Raises Unusable."""
    known = set(fields())
    for column, field in mapping.items():
        if not isinstance(field, str) or field not in known:
            kind = str(field).partition(".")[0]
            near = [each for each in sorted(known) if each.startswith(f"{kind}.")] or sorted(
                {f"{each.partition('.')[0]}.…" for each in known}
            )
            raise Unusable(
                _l(
                    "%(column)s is mapped to %(field)s, which is no field. There are: %(fields)s",
                    column=column,
                    field=field,
                    fields=", ".join(near),
                )
            )
    if not {"service.name", "organization.name"} & set(mapping.values()):
        raise Unusable(_l("One column must be mapped to service.name or to organization.name."))
    return {" ".join(str(column).split()): str(field) for column, field in mapping.items()}


def sheet_at(path: Path, mapping: Mapping[str, Any]) -> Package:
    """Open a spreadsheet by its mapping. Raises Unusable."""
    return sheet_of(files.opened(path), mapping)


def sheet_of(found: Iterable[files.File], mapping: Mapping[str, Any]) -> Package:
    """The spreadsheet among these files, by its mapping. Raises Unusable."""
    columns, file = checked(mapping), the_sheet(found)
    missing = [name for name in columns if name not in files.sheet_of(file).columns]
    if missing:
        raise Unusable(_l("The mapping names a column that is not there: %(names)s.", names=", ".join(missing)))
    return Package(lambda report: _rows(file, columns, report), _LISTS)


def the_sheet(found: Iterable[files.File]) -> files.File:
    """The one CSV file among these. Raises Unusable."""
    sheets = [each for each in found if each.ending != ".json"]
    if len(sheets) != 1:
        raise Unusable(_l("A mapping is for one CSV file."))
    return sheets[0]


def _rows(file: files.File, columns: dict[str, str], report: Report) -> Iterator[Row]:
    sheet = files.sheet_of(file)
    for guess in sheet.guessed:
        report.problems.append(Problem(file.name, "", guess))
    for line, cells in sheet.rows:
        place = _l("line %(line)s", line=line)
        said: list[tuple[str, str]] = []
        for name, cell in zip(sheet.columns, cells, strict=False):
            text = cell.strip()
            field = columns.get(name)
            if text and field is not None and (field in _MANY or field not in dict(said)):
                said.append((field, text))
            elif text:
                report.keep_nothing_of(file.name, name)
        service = Row(KINDS["service"], file.name, place, {}, shared=True)
        report.read_one(service)
        if len(cells) > len(sheet.columns) and any(cells[len(sheet.columns) :]):
            report.leave_out(
                service,
                _l(
                    "it has %(cells)s cells, and there are %(columns)s columns",
                    cells=len(cells),
                    columns=len(sheet.columns),
                ),
            )
            continue
        yield from _Line(file.name, place, said, service).rows()


class _Line:
    """One line, taken apart."""

    def __init__(self, file: str, place: Words, said: list[tuple[str, str]], service: Row) -> None:
        self._file, self._place, self._service = file, place, service
        self._one: dict[str, dict[str, str]] = {}
        self._many: list[tuple[str, str]] = []
        for field, text in said:
            kind, _dot, column = field.partition(".")
            if field in _SEVERAL:
                self._many += [(field, each.strip()) for each in re.split(r"[,;\n]", text) if each.strip()]
            elif field == "phone.number" and "number" in self._one.get("phone", {}):
                self._many.append((field, text))
            else:
                self._one.setdefault(kind, {}).setdefault(column, text)

    def rows(self) -> Iterator[Row]:
        organization, service = self._one.get("organization", {}), self._one.get("service", {})
        peers = folded(service.pop("peer_run", "")) in _YES
        name = organization.get("name") or service.get("name", "")
        whose = organization.get("id") or folded(name)
        own = service.get("id") or f"{whose}/{folded(service.get('name', name))}"
        self._service.values = {"name": name, "status": Status.ACTIVE, **service, "id": own, "organization_id": whose}
        yield self._service  # first, so that what it is left out for is said of the line and not of a part
        yield self._part("organization", {**organization, "name": name, "id": whose})
        place = yield from self._place_of(whose, own)
        for kind in ("phone", "contact", "schedule", "cost_option"):
            if self._one.get(kind):
                yield self._part(kind, {**self._one[kind], "service_id": own})
        for field, text in self._many:
            yield from self._each(field, text, own, place)
        if peers:
            yield from self._term(PEER_RUN, "Run by peers", own, OWN_TAXONOMY)

    def _part(self, kind: str, values: dict[str, str]) -> Row:
        return Row(KINDS[kind], self._file, self._place, dict(values), counted=False)

    def _place_of(self, whose: str, own: str) -> Generator[Row, None, str]:
        location, address = self._one.get("location", {}), self._one.get("address", {})
        if not location and not address:
            return ""
        where = ", ".join((*address.values(), *location.values()))
        place = location.get("id") or f"{whose}@{folded(where)}"
        yield self._part("location", {**location, "id": place, "organization_id": whose})
        yield self._part("service_at_location", {"id": f"{own}@{place}", "service_id": own, "location_id": place})
        if address:
            yield self._part("address", {**address, "location_id": place})
        return place

    def _each(self, field: str, text: str, own: str, place: str) -> Iterator[Row]:
        kind, _dot, column = field.partition(".")
        if field == WORDS:
            yield from self._term(folded(text), text, own, "")
        elif kind != "accessibility":
            yield self._part(kind, {column: text, "service_id": own})
        elif place:
            yield self._part(kind, {column: text, "location_id": place})

    def _term(self, code: str, name: str, own: str, taxonomy: str) -> Iterator[Row]:
        own_id = f"{taxonomy}:{code}"
        yield self._part("taxonomy_term", {"id": own_id, "code": code, "name": name, "taxonomy": taxonomy})
        yield self._part("attribute", {"taxonomy_term_id": own_id, "service_id": own})
