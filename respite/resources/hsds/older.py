"""What HSDS 1 and its relatives say in their own way, said in the way of version 3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from respite.resources.hsds.rows import Report, Row
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.tables import KINDS, POSTAL

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
#: Files beside another of the same kind, which count their ids anew.
_OF_THEIR_OWN = (*POSTAL, "physical_addresses", "regular_schedules", "holiday_schedules")
_SHORT = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def kind_name_of(stem: str, name: str, columns: list[str]) -> str:
    """`taxonomy.csv` holds terms in version 1."""
    terms = {"parent_id", "taxonomy_id", "vocabulary", "parent_name"} & set(columns)
    return "taxonomy_term" if stem == "taxonomy" and terms else name


def brought_up(row: Row, stem: str, report: Report) -> Iterator[Row]:
    """The row in the way of version 3, and the rows that its columns hold within them. Nothing: it was left out."""
    values = row.values
    name = row.kind.name
    if stem in _OF_THEIR_OWN and values.get("id"):
        values["id"] = f"{stem}/{values['id']}"
    if name == "schedule" and not _schedule(row, stem, report):
        return
    if name == "address" and not values.get("address_type"):
        values["address_type"] = "postal" if stem in POSTAL else "physical"
    if name == "location" and "virtual" in values:
        said = str(values.pop("virtual") or "").lower()
        values.setdefault("location_type", "virtual" if said in ("true", "1", "t", "yes") else "physical")
    if name == "taxonomy_term":
        values.pop("parent_name", None)  # said again by the parent's own row
        if "taxonomy_id" in values and "id" not in values:
            values["id"] = values.pop("taxonomy_id")
        values.setdefault("code", values.get("id"))
    if name == "phone" and values.get("department") and not values.get("description"):
        values["description"] = values.pop("department")
    parts = list(_parts(row))
    yield row
    yield from parts


def _schedule(row: Row, stem: str, report: Report) -> bool:
    values = row.values
    weekday = str(values.pop("weekday", "") or "").strip().lower()
    if weekday:
        # By name, by its beginning, or by number from Monday on.
        found = [n for n, name in enumerate(_WEEKDAYS) if name.startswith(weekday[:3]) or weekday == str(n + 1)]
        if len(found) != 1 or (len(weekday) > 1 and not _WEEKDAYS[found[0]].startswith(weekday)):
            short = f"“{weekday[:20]}”"
            report.leave_out(
                row, _l("%(column)s is %(value)s, which is no day of the week", column="weekday", value=short)
            )
            return False
        values.update(freq="WEEKLY", byday=_SHORT[found[0]])
        if not values.get("opens_at") and not values.get("closes_at"):
            report.leave_out(row, _l("opens_at and closes_at are missing: a day without hours"))
            return False
    elif stem == "regular_schedules":
        report.leave_out(row, _l("%(column)s is missing", column="weekday"))
        return False
    values["closed"] = str(values.get("closed") or "").lower() in ("true", "1", "t", "yes")
    return True


def _parts(row: Row) -> Iterator[Row]:
    """Lists in one column, and a place in a service's own row."""
    values, name, own = row.values, row.kind.name, row.values.get("id")
    if name not in ("service", "location") or not own:
        return

    def part(kind_name: str, **said: Any) -> Row:
        return Row(KINDS[kind_name], row.file, row.place, said, counted=False)

    def words(column: str) -> list[str]:
        found = [each.strip() for each in str(values.pop(column, None) or "").split(",")]
        return list(dict.fromkeys(each for each in found if each))

    to_it = {f"{name}_id": own}
    for language in words("languages"):
        yield part("language", name=language, **to_it)
    if name == "location":
        for feature in words("accessibility"):
            yield part("accessibility", description=feature.replace("_", " "), **to_it)
        return
    place = values.pop("location_id", None)
    if place:
        yield part("service_at_location", id=f"{own}@{place}", location_id=place, **to_it)
    for area in words("service_areas"):
        yield part("service_area", name=area, **to_it)
    for document in words("required_documents"):
        yield part("required_document", document=document, **to_it)
    for term in words("taxonomy_ids"):
        yield part("attribute", taxonomy_term_id=term, **to_it)
