"""What the rows of a package point to, found among its own rows and those that its source brought before."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.resources.hsds.reading import Read, columns_of
from respite.resources.hsds.rows import Report, Row
from respite.resources.hsds.said import Words
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.tables import KINDS, Kind
from respite.resources.hsds.values import quoted


def row_id(source_id: uuid.UUID, kind_name: str, external_id: str) -> uuid.UUID:
    return uuid.uuid5(source_id, f"{kind_name}:{external_id}")


@dataclass(slots=True)
class Settled:
    """A row whose pointers are found, ready to be written. Without a `row` it was made to be pointed to."""

    id: uuid.UUID
    external_id: str
    values: dict[str, Any]
    row: Row | None


@dataclass(slots=True)
class Taken:
    """All rows of a package, read. They are loaded once, or looked at once: what is said of them is in `report`."""

    report: Report
    lists: set[str]
    found: dict[str, list[Read]] = field(default_factory=lambda: defaultdict(list))
    met: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class Pointing:
    """Settles one kind after another, in the order of KINDS."""

    def __init__(
        self,
        session: Session,
        source_id: uuid.UUID,
        taken: Taken,
    ) -> None:
        self._session, self._source_id, self._report = session, source_id, taken.report
        self._found, self._met, self._lists = taken.found, taken.met, taken.lists
        self._known: dict[str, set[str]] = {}
        #: The ids here of everything that its source still lists, whether it could be loaded or not.
        self.seen: dict[str, set[uuid.UUID]] = defaultdict(set)
        self._missing = self._organizations_without_a_row()

    def settled(self, kind: Kind) -> list[Settled]:
        first: dict[str, Read] = {}
        for each in self._found.get(kind.name, ()):
            if self._report.went_with(each.row):
                self._met[kind.name].add(each.external_id)  # what was brought before stays as it was
                continue
            before = first.setdefault(each.external_id, each)
            if before is not each and each.row.counted:
                same = before.values == each.values and before.points == each.points
                if same and each.row.shared:
                    self._report.of(each.row).again += 1
                    continue
                other: Words = before.row.place
                if before.row.file != each.row.file:
                    other = _l("%(file)s, %(place)s", file=before.row.file, place=before.row.place)
                says = (
                    _l("it says the same as %(other)s", other=other)
                    if same
                    else _l("its id %(id)s is already that of %(other)s", id=quoted(each.external_id), other=other)
                )
                self._report.leave_out(each.row, says)
        self._known[kind.name] = first.keys() | self._there(kind)
        made = [self._stand_in(each) for each in sorted(self._missing)] if kind.name == "organization" else []
        self._known[kind.name] |= {each.external_id for each in made}
        good = [found for each in first.values() if (found := self._settle(kind, each)) is not None]
        self._known[kind.name] -= first.keys() - {each.external_id for each in good}
        self.seen[kind.name] |= {self._id(kind.name, each) for each in (*first, *self._met.get(kind.name, ()))}
        self.seen[kind.name] |= {each.id for each in made}
        return [*made, *good]

    def _id(self, kind_name: str, external_id: str) -> uuid.UUID:
        return row_id(self._source_id, kind_name, external_id)

    def _there(self, kind: Kind) -> set[str]:
        """What may be pointed to without standing in the package: all that is kept, where it has no such table."""
        theirs = sa.select(kind.model.external_id).where(kind.model.source_id == self._source_id)
        if kind.name in self._lists:
            met = self._met.get(kind.name, set())
            return set(self._session.scalars(theirs)) & met if met else set()
        return set(self._session.scalars(theirs))

    def _settle(self, kind: Kind, each: Read) -> Settled | None:
        values = dict(each.values) | dict.fromkeys(kind.links)
        for column, external_id in each.points.items():
            target = kind.links[column]
            if external_id in self._known[target]:
                values[column] = self._id(target, external_id)
                continue
            says = _l(
                "%(column)s %(value)s is none of the %(kind)s rows that were loaded",
                column=column,
                value=quoted(external_id),
                kind=KINDS[target].name,
            )
            if column in kind.needs:
                self._report.leave_out(each.row, says)
                return None
            self._report.note(each.row, _l("%(what)s; it was left empty", what=says))
        if kind.belongs and not any(values[column] for column in kind.links if column != "term_id"):
            self._report.leave_out(each.row, _l("it belongs to nothing that was loaded"))
            return None
        return Settled(self._id(kind.name, each.external_id), each.external_id, values, each.row)

    def _organizations_without_a_row(self) -> set[str]:
        """Organisations that services name by an id that stands nowhere: the services are of use without them."""
        have = {each.external_id for each in self._found.get("organization", ())} | self._met.get("organization", set())
        if "organization" not in self._lists:
            have |= self._there(KINDS["organization"])
        rows: Iterable[Read] = (*self._found.get("program", ()), *self._found.get("service", ()))
        return {each.points["organization_id"] for each in rows} - have

    def _stand_in(self, external_id: str) -> Settled:
        """An organisation of which its source gives the id alone. The row is filled once it gives more."""
        organization = KINDS["organization"]
        values = dict.fromkeys((*columns_of(organization), *organization.links))
        values["name"] = f"Organization {external_id}"[:300]
        return Settled(self._id("organization", external_id), external_id, values, None)
