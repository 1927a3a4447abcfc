"""A row of a package as what is kept of it: values read, what it points to by the ids of its source."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from respite.resources.hsds import values as v
from respite.resources.hsds.rows import Report, Row
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.tables import Kind
from respite.resources.policy import Status

#: Set here and never by a package.
_OWN = {
    "id", "external_id", "source_id", "changed_at", "gone_at", "version", "peer_run", "checked_at", "checked_by",
    "ours_since", "dialled",
}  # fmt: skip
LONGEST_ID = 200
#: With this the description of a schedule begins, where nobody is there then.
CLOSED = "Closed"
#: Without these a schedule still says when. Without any other it would say something else.
_OF_NO_HOUR = frozenset(("description", "notes", "schedule_link", "attending_type", "wkst", "timezone"))
_DEFAULTS = {"status": "active", "location_type": "physical", "address_type": "physical"}


@dataclass(slots=True)
class Read:
    row: Row
    external_id: str
    values: dict[str, Any]
    points: dict[str, str]


@cache
def columns_of(kind: Kind) -> dict[str, Any]:
    """The columns that a package may fill, without those that point elsewhere, and how each is read."""
    table = kind.model.__table__
    return {column.name: v.reader(column) for column in table.columns if column.name not in _OWN | kind.links.keys()}


def read(row: Row, report: Report) -> Read | None:
    """What is kept of a row; nothing where it is left out, which the report then says."""
    kind = row.kind
    said = _named(row)
    try:
        own = v.plain(said.pop("id", None))
    except v.Unreadable as why:
        report.leave_out(row, why.of("id"))
        return None
    own = own if own and len(own) <= LONGEST_ID else _known_by(said, own)
    if kind.name == "attribute" and not _linked(row, said, report):
        return None
    points: dict[str, str] = {}
    values: dict[str, Any] = dict.fromkeys(columns_of(kind))
    for column, value in said.items():
        if value is None or value == "":
            continue
        try:
            text = v.plain(value)
            if column in kind.links:
                points[column] = text
            elif column in values:
                values[column] = columns_of(kind)[column](text) if text else None
            elif text:
                report.keep_nothing_of(row.file, column)
        except v.Unreadable as why:
            if column in kind.needs or (kind.name == "schedule" and column not in _OF_NO_HOUR):
                report.leave_out(row, why.of(column))
                return None
            if column == "status":  # whoever writes "closed" there does not mean that it is offered
                values[column] = Status.INACTIVE
                report.note(row, _l("%(what)s; it was taken as inactive", what=why.of(column)))
            else:
                report.note(row, _l("%(what)s; it was left empty", what=why.of(column)))
    missing = [each for each in kind.needs if not (points.get(each) or values.get(each))]
    if missing:
        report.leave_out(row, _l("%(column)s is missing", column=missing[0]))
        return None
    _complete(row, values, report)
    return Read(row, own, values, {column: each for column, each in points.items() if each})


def _named(row: Row) -> dict[str, Any]:
    """The row's values under the names of the columns here."""
    said = dict(row.values)
    for old, new in row.kind.also.items():
        if said.get(old) not in (None, "") and said.get(new) in (None, ""):
            said[new] = said.pop(old)
    return said


def _known_by(said: dict[str, Any], own: str) -> str:
    """An id made of what a row says, where its source gives none (or one too long to keep)."""
    whole = own or "\n".join(f"{key}={said[key]}" for key in sorted(said) if said[key] not in (None, ""))
    return f"~{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def _linked(row: Row, said: dict[str, Any], report: Report) -> bool:
    entity, link = str(said.pop("link_entity", "") or ""), said.pop("link_id", None)
    if not link:
        return True
    if f"{entity}_id" not in row.kind.links:
        report.leave_out(
            row,
            _l(
                "it is of %(value)s; only terms of organizations, services and locations are kept",
                value=v.quoted(entity),
            ),
        )
        return False
    said[f"{entity}_id"] = link
    return True


def _complete(row: Row, values: dict[str, Any], report: Report) -> None:
    """What follows from the values, and what is kept although it looks odd."""
    for column, value in _DEFAULTS.items():
        if column in values and values[column] is None:
            values[column] = value
            if column == "status":
                report.note(row, _l("status is missing; it was taken as active"))
    if "latitude" in values:
        latitude, longitude = values["latitude"], values["longitude"]
        if (latitude is None) != (longitude is None) or abs(latitude or 0) > 90 or abs(longitude or 0) > 180:
            report.note(
                row,
                _l(
                    "%(latitude)s, %(longitude)s is no place on earth; both were left empty",
                    latitude=latitude,
                    longitude=longitude,
                ),
            )
            values["latitude"] = values["longitude"] = None
    if row.kind.name == "phone":
        number, extension = v.dialled(values["number"])
        values["dialled"] = number
        values["extension"] = values["extension"] or extension
        if number is None:
            report.note(
                row,
                _l(
                    "number is %(value)s, which is not one that can be dialled as it stands",
                    value=v.quoted(values["number"]),
                ),
            )
    if row.kind.name == "schedule":
        opens, closes = values["opens_at"], values["closes_at"]
        values["closed"], values["description"] = _closed(values)
        if opens and closes and closes <= opens:
            says = _l(
                "it closes at %(closes)s, not after it opens at %(opens)s: taken as the next day", **_clock(values)
            )
            report.note(row, says)


def _closed(values: dict[str, Any]) -> tuple[bool, str | None]:
    """Whether it is closed then, and what else is said of it: HSDS 3 has no other place for it than the description."""
    description = values["description"]
    if values["closed"] or values["opens_at"] or values["closes_at"] or not description:
        return bool(values["closed"]), description
    first, _colon, rest = description.partition(":")
    return (True, rest.strip() or None) if first.strip().lower() == CLOSED.lower() else (False, description)


def _clock(values: dict[str, Any]) -> dict[str, str]:
    return {each.removesuffix("_at"): f"{values[each]:%H:%M}" for each in ("opens_at", "closes_at")}
