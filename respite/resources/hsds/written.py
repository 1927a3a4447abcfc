"""Tables of HSDS 3 as files: CSV in a zip or a folder, or full organisations as JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from respite.resources.hsds.schema import FIELDS, FILE_OF

Tables = dict[str, list[dict[str, Any]]]


def write_to(path: Path, tables: Tables) -> list[str]:
    """Write what the name of the path asks for: `….zip`, `….json`, or else a folder.

    Returns in words what does not fit into it: in JSON everything is held by an organization.
    """
    if path.suffix.lower() == ".json":
        nest = Nest(tables)
        path.write_text(json.dumps(page_of(nest.organizations()), indent=1, ensure_ascii=False) + "\n", "utf-8")
        return nest.left_out()
    elif path.suffix.lower() == ".zip":
        path.write_bytes(zipped(tables))
    else:
        path.mkdir(parents=True, exist_ok=True)
        for name, content in csv_files(tables).items():
            (path / name).write_bytes(content)
    return []


def zipped(tables: Tables) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in csv_files(tables).items():
            archive.writestr(name, content)
    return out.getvalue()


def csv_files(tables: Tables) -> dict[str, bytes]:
    """Each table that has rows. No cell is marked for spreadsheets: other systems read these, and +1 is a number."""
    files = {}
    for kind, rows in tables.items():
        if not rows:
            continue
        used = [name for name in FIELDS[kind] if any(row.get(name) is not None for row in rows)]
        out = io.StringIO()
        writer = csv.DictWriter(out, used, extrasaction="raise", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: row.get(name) for name in used} for row in rows)
        files[FILE_OF[kind]] = out.getvalue().encode()
    return files


def page_of(things: list[dict[str, Any]]) -> dict[str, Any]:
    """A list as the API of HSDS 3 answers with it, all on one page."""
    return {
        "total_items": len(things), "total_pages": 1, "page_number": 1, "size": len(things), "first_page": True,
        "last_page": True, "empty": not things, "contents": things,
    }  # fmt: skip


class Nest:
    """Every organisation with all that belongs to it. Where a column names an owner, its place says so instead."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._by_id = {kind: {row["id"]: row for row in rows} for kind, rows in tables.items()}
        self._of: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for kind, rows in tables.items():
            for row in rows:
                for column, value in row.items():
                    if column.endswith("_id") and value:
                        self._of[kind, column][value].append(row)

    def organizations(self) -> list[dict[str, Any]]:
        return [self._organization(row) for row in self._tables.get("organization", ())]

    def left_out(self) -> list[str]:
        """What nothing holds: places that are nobody's, and terms that are said of nothing."""
        places, terms = self._of["service_at_location", "location_id"], self._of["attribute", "taxonomy_term_id"]
        rows = (row for row in self._tables.get("location", ()) if not row.get("organization_id"))
        said = [f"location {row['id']}: nobody's" for row in rows if row["id"] not in places]
        unused = sum(1 for row in self._tables.get("taxonomy_term", ()) if row["id"] not in terms)
        return [*said, *([f"{unused} terms that are said of nothing"] if unused else [])]

    def _organization(self, row: dict[str, Any]) -> dict[str, Any]:
        own = row["id"]
        thing = self._bare(row) | self._held("organization", own, "contact phone")
        inside = {
            "locations": [self._location(each) for each in self._of["location", "organization_id"][own]],
            "programs": [self._bare(each) for each in self._of["program", "organization_id"][own]],
            "services": [self._service(each) for each in self._of["service", "organization_id"][own]],
        }
        return thing | self._attributes("organization", own) | {name: each for name, each in inside.items() if each}

    def _service(self, row: dict[str, Any]) -> dict[str, Any]:
        thing = self._bare(row)
        if row.get("program_id"):
            thing["program"] = self._bare(self._by_id["program"][row["program_id"]])
        thing |= self._held(
            "service", row["id"], "contact phone schedule service_area language cost_option required_document"
        )
        places = [
            self._bare(at)
            | self._held("service_at_location", at["id"], "contact phone schedule")
            | {"location": self._location(self._by_id["location"][at["location_id"]])}
            for at in self._of["service_at_location", "service_id"][row["id"]]
        ]
        return thing | self._attributes("service", row["id"]) | ({"service_at_locations": places} if places else {})

    def _location(self, row: dict[str, Any]) -> dict[str, Any]:
        inside = self._held("location", row["id"], "contact phone schedule language address accessibility")
        return self._bare(row) | inside | self._attributes("location", row["id"])

    def _held(self, kind: str, own: str, inner: str) -> dict[str, Any]:
        found = {}
        for each in inner.split():
            rows = [self._detail(each, row) for row in self._of[each, f"{kind}_id"][own]]
            if rows:
                name = "accessibility" if each == "accessibility" else "addresses" if each == "address" else f"{each}s"
                found[name] = rows
        return found

    def _detail(self, kind: str, row: dict[str, Any]) -> dict[str, Any]:
        if kind == "contact":
            return self._bare(row) | self._held("contact", row["id"], "phone")
        return self._bare(row) | (self._held("phone", row["id"], "language") if kind == "phone" else {})

    def _attributes(self, kind: str, own: str) -> dict[str, Any]:
        said = [row for row in self._of["attribute", "link_id"][own] if row["link_entity"] == kind]
        return {"attributes": [self._attribute(row) for row in said]} if said else {}

    def _attribute(self, row: dict[str, Any]) -> dict[str, Any]:
        term = self._by_id["taxonomy_term"][row["taxonomy_term_id"]]
        full = {key: value for key, value in term.items() if value is not None and key != "taxonomy_id"}
        if term.get("taxonomy_id"):
            full["taxonomy_detail"] = self._bare(self._by_id["taxonomy"][term["taxonomy_id"]])
        return {key: row[key] for key in ("id", "link_type", "value") if row.get(key)} | {"taxonomy_term": full}

    def _bare(self, row: dict[str, Any]) -> dict[str, Any]:
        keep = ("id", "parent_organization_id")
        return {
            key: value for key, value in row.items() if value is not None and (key in keep or not key.endswith("_id"))
        }
