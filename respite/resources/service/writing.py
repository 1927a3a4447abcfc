"""Writing settled rows: new ones in bulk, changed ones alone, and nothing where nothing is different."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.resources.hsds.rows import Report, Row
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.tables import KINDS, Kind
from respite.resources.models import Service, ServiceAtLocation
from respite.resources.service.pointing import Settled
from respite.resources.service.touching import Touched

_AT_ONCE = 500  # ids in one statement
_OURS = (Service.ours_since.is_not(None),)
_OURS_OF = sa.select(Service.id).where(*_OURS)


class Writing:
    def __init__(self, session: Session, source_id: uuid.UUID, report: Report, now: datetime) -> None:
        self._session, self._source_id, self._report, self._now = session, source_id, report, now
        self._touched = Touched()
        #: What is ours by now, and what hangs on it: its source changes nothing of it.
        self._ours = set(session.scalars(sa.select(Service.id).where(*_OURS, Service.source_id == source_id)))
        at = ServiceAtLocation
        self._ours |= set(
            session.scalars(sa.select(at.id).where(at.service_id.in_(_OURS_OF), at.source_id == source_id))
        )

    def write(self, kind: Kind, rows: list[Settled]) -> None:
        if not rows:
            return
        table = kind.model.__table__
        mine = sa.select(table).where(table.c.source_id == self._source_id)
        there = {row["id"]: row for row in self._session.execute(mine).mappings()}
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for each in rows:
            before = there.get(each.id)
            if self._is_ours(kind, each.id, each.values):
                if kind.name == "service" and each.row is not None:
                    self._report.note(
                        each.row, _l("it was corrected by hand, and stays as it is here until it is given back")
                    )
                self._ours.add(each.id)
                self._count(each.row, "same")
            elif before is None:
                new.append(self._new(kind, each))
                self._touched.added(kind, new[-1])
                self._count(each.row, "added")
            elif each.row is not None and self._differs(before, each.values):
                changed.append(self._changed(kind, each, before))
                self._touched.changed(kind, before, changed[-1])
                self._count(each.row, "changed")
            else:
                self._count(each.row, "same")
        self._keep(kind, new, changed)

    def _keep(self, kind: Kind, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
        self._insert(kind, new)
        self._update(kind.model.__table__, changed)

    def let_go(self, kind: Kind, seen: set[uuid.UUID]) -> None:
        """What its source no longer lists: marked, or deleted where nothing outside the directory can point to it."""
        model = kind.model
        here = sa.select(model.__table__).where(model.source_id == self._source_id)
        if kind.listed:
            here = here.where(model.gone_at.is_(None))
        rows = self._session.execute(here).mappings()
        gone = sorted(row["id"] for row in rows if row["id"] not in seen and not self._is_ours(kind, row["id"], row))
        self._report.gone += len(gone)
        self._take_away(kind, gone)

    def _take_away(self, kind: Kind, gone: list[uuid.UUID]) -> None:
        model = kind.model
        for start in range(0, len(gone), _AT_ONCE):
            ids = gone[start : start + _AT_ONCE]
            table = model.__table__
            before = self._session.execute(sa.select(table).where(table.c.id.in_(ids))).mappings()
            self._touched.changed(kind, *before)
            if kind.listed:
                self._session.execute(sa.update(model).where(model.id.in_(ids)).values(gone_at=self._now))
                continue
            for other in KINDS.values():
                for column in (each for each, target in other.links.items() if target == kind.name):
                    points = getattr(other.model, column)
                    self._session.execute(sa.update(other.model).where(points.in_(ids)).values({column: None}))
            self._session.execute(sa.delete(model).where(model.id.in_(ids)))

    def raise_versions(self) -> None:
        """Of each service that looks different by now because of what hangs on it."""
        self._touched.raise_versions(self._session, _AT_ONCE)

    def let_ours_go(self, own_source_id: uuid.UUID, services: set[uuid.UUID], lists: set[str]) -> None:
        """What was written by hand on these services, where they were given back since: they are as this says again.

        Of kinds that the package does not list, what was written by hand is all there is, and stays.
        """
        theirs = sa.select(Service.id).where(Service.source_id == self._source_id, Service.ours_since.is_(None))
        for kind in (each for each in KINDS.values() if each.name in lists and "service_id" in each.links):
            table = kind.model.__table__
            by_hand = [table.c.source_id == own_source_id, table.c.service_id.in_(theirs)]
            if kind.listed:
                by_hand.append(table.c.gone_at.is_(None))
            found = self._session.execute(sa.select(table).where(*by_hand)).mappings()
            rows = [row for row in found if row["service_id"] in services]
            self._take_away(kind, [row["id"] for row in rows])

    def _is_ours(self, kind: Kind, own: uuid.UUID, row: Mapping[Any, Any]) -> bool:
        return own in self._ours or any(row[column] in self._ours for column in kind.links if row[column] is not None)

    def _count(self, row: Row | None, what: str) -> None:
        if row is None or not row.counted:
            self._report.made += 1
            return
        counts = self._report.of(row)
        setattr(counts, what, getattr(counts, what) + 1)

    def _differs(self, before: sa.RowMapping, values: dict[str, Any]) -> bool:
        back = before.get("gone_at") is not None
        return back or any(before[column] != value for column, value in values.items())

    def _new(self, kind: Kind, each: Settled) -> dict[str, Any]:
        row = {"id": each.id, "external_id": each.external_id, "source_id": self._source_id, **each.values}
        if kind.listed:
            row |= {"changed_at": self._now, "gone_at": None}
        columns = kind.model.__table__.columns
        for column, value in (("peer_run", False), ("version", 1)):
            if column in columns and column not in row:
                row[column] = value
        return row

    def _changed(self, kind: Kind, each: Settled, before: sa.RowMapping) -> dict[str, Any]:
        row = {"id": each.id, **each.values}
        if kind.listed:
            row |= {"changed_at": self._now, "gone_at": None}
        if "version" in before:
            row["version"] = before["version"] + 1
        return row

    def _insert(self, kind: Kind, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        own = next((column for column, target in kind.links.items() if target == kind.name), None)
        later: list[dict[str, Any]] = []
        if own is not None:
            # Those that point to one another are written first, and point afterwards.
            later = [{"id": row["id"], own: row[own]} for row in rows if row[own] is not None]
            rows = [row | {own: None} for row in rows]
        self._session.execute(sa.insert(kind.model.__table__), rows)
        self._update(kind.model.__table__, later)

    def _update(self, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
        rows = [{f"to_{column}": value for column, value in row.items()} for row in rows]
        if not rows:
            return
        columns = [name.removeprefix("to_") for name in rows[0] if name != "to_id"]
        change = sa.update(table).where(table.c.id == sa.bindparam("to_id"))
        statement = change.values({column: sa.bindparam(f"to_{column}") for column in columns})
        self._session.connection().execute(statement, rows)


class Counting(Writing):
    """The same, and nothing is written: what would come of it."""

    def _keep(self, kind: Kind, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
        pass

    def _take_away(self, kind: Kind, gone: list[uuid.UUID]) -> None:
        pass
