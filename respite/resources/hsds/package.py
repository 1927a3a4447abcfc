"""A package as rows: which of its files are which tables, in what version, and what of it nothing is kept of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from respite.resources.hsds import files, nested, older
from respite.resources.hsds.files import File, TooMany, Unusable
from respite.resources.hsds.rows import Package, Problem, Report, Row
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.tables import FILES, KINDS, NOT_KEPT


class NotHsds(Unusable):
    """Sheets of somebody's own: which column is which field has to be said first."""


def package_at(path: Path) -> Package:
    """Open an HSDS package. Raises Unusable where there is none."""
    return package_of(files.opened(path))


def package_of(found: list[File]) -> Package:
    """The package that these files are. Raises NotHsds."""
    sheets = [each for each in found if each.ending != ".json"]
    if any(each.stem in FILES for each in sheets):
        lists = {FILES[each.stem] for each in sheets if each.stem in FILES}
        return Package(lambda report: _of_sheets(found, report), lists | _made_of(lists))
    if sheets:
        raise NotHsds(_l("None of these files is a table of HSDS. A sheet of your own needs a mapping of its columns."))
    return Package(lambda report: _of_json(found, report), set(KINDS))


def _made_of(lists: set[str]) -> set[str]:
    """Version 1 says a service's place and languages in its own row; they come and go with it."""
    made = {"service_at_location", "language", "service_area", "required_document"} if "service" in lists else set()
    return made | ({"accessibility", "language"} if "location" in lists else set())


def _of_sheets(found: list[File], report: Report) -> Iterator[Row]:
    organizations = _organizations_of_places(found)
    for file in found:
        if file.ending == ".json":
            if file.stem != "datapackage" and not file.stem.endswith(".datapackage"):
                report.keep_nothing_of(file.name, "")
            continue
        if file.stem not in FILES:
            report.keep_nothing_of(file.name, "", _rows_in(file, report))
            if file.stem not in NOT_KEPT:
                report.problems.append(Problem(file.name, "", _l("this is no table of HSDS; nothing of it was loaded")))
            continue
        try:
            yield from _of_sheet(file, report, organizations)
        except TooMany:
            raise
        except Unusable as refused:
            report.problems.append(Problem(file.name, "", refused.says))
            report.incomplete |= {FILES[file.stem], *_made_of({FILES[file.stem]})}


def _rows_in(file: File, report: Report) -> int:
    try:
        return sum(1 for _row in files.sheet_of(file).rows)
    except Unusable:
        return 1


def _organizations_of_places(found: list[File]) -> dict[str, str]:
    """Whose a place is, for packages in which a service names its place and not its organisation."""
    places: dict[str, str] = {}
    for file in found:
        if file.stem == "locations" and file.ending != ".json":
            with suppress(Unusable):
                sheet = files.sheet_of(file)
                at = {name.lower(): index for index, name in enumerate(sheet.columns)}
                if {"id", "organization_id"} <= at.keys():
                    last = max(at["id"], at["organization_id"])
                    rows = (cells for _line, cells in sheet.rows if len(cells) > last)
                    places |= {cells[at["id"]].strip(): cells[at["organization_id"]].strip() for cells in rows}
    return places


def _of_sheet(file: File, report: Report, organizations: dict[str, str]) -> Iterator[Row]:
    sheet = files.sheet_of(file)
    columns = [each.lower().replace(" ", "_") for each in sheet.columns]
    kind = KINDS[older.kind_name_of(file.stem, FILES[file.stem], columns)]
    for guess in sheet.guessed:
        report.problems.append(Problem(file.name, "", guess))
    for line, cells in sheet.rows:
        row = Row(kind, file.name, _l("line %(line)s", line=line), dict(zip(columns, cells, strict=False)))
        report.read_one(row)
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            report.leave_out(
                row,
                _l("it has %(cells)s cells, and there are %(columns)s columns", cells=len(cells), columns=len(columns)),
            )
            continue
        if kind.name == "service" and not row.values.get("organization_id") and row.values.get("location_id"):
            row.values["organization_id"] = organizations.get(row.values["location_id"].strip())
        yield from older.brought_up(row, file.stem, report)


def _of_json(found: list[File], report: Report) -> Iterator[Row]:
    flat = nested.Flat(report)
    for file in found:
        try:
            data = files.json_of(file)
        except Unusable as refused:
            report.problems.append(Problem(file.name, "", refused.says))
            report.incomplete |= set(KINDS)
            continue
        if _is_tables(data):
            yield from _of_tables(file, data, report)
        else:
            _take_apart(file, data, flat, report)
    for row in flat.in_order():
        report.read_one(row)
        yield row


def _is_tables(data: Any) -> bool:
    return isinstance(data, dict) and any(key.endswith(".csv") for key in data)


def _of_tables(file: File, data: dict[str, Any], report: Report) -> Iterator[Row]:
    """All tables in one file, each under the name of its CSV file."""
    for name, rows in data.items():
        stem = name.lower().removesuffix(".csv")
        where = f"{file.name}: {name}"
        if stem not in FILES:
            report.keep_nothing_of(where, "", len(rows) if isinstance(rows, list) else 1)
            continue
        for number, values in enumerate(rows if isinstance(rows, list) else []):
            row = Row(
                KINDS[FILES[stem]], where, _l("row %(row)s", row=number + 1), values if isinstance(values, dict) else {}
            )
            report.read_one(row)
            if not isinstance(values, dict):
                report.leave_out(row, _l("it is no object"))
                continue
            yield from older.brought_up(row, stem, report)


def _take_apart(file: File, data: Any, flat: nested.Flat, report: Report) -> None:
    flat.file = file.name
    known = 0
    for number, thing in enumerate(nested.things_in(data)):
        name = nested.kind_of(thing)
        if name is not None:
            known += 1
            try:
                flat.add(name, thing, f"[{number}]")
            except RecursionError:
                raise Unusable(
                    _l("%(name)s holds objects within objects too deep to follow.", name=file.name)
                ) from None
    if not known:
        report.keep_nothing_of(file.name, "")
        report.problems.append(Problem(file.name, "", _l("nothing in it is of HSDS; nothing of it was loaded")))
