"""Which services look different because of what hangs on them: their numbers, hours and places, and who offers them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.resources.hsds.tables import Kind
from respite.resources.models import Service, ServiceAtLocation

_OWNERS = ("organization", "service", "location", "service_at_location")
#: What is said of these is of their own, and not of all that they point to.
_OWN_POINTERS = {"service": (), "program": (), "organization": (), "service_at_location": ("service_id",)}


class Touched:
    """Gathers what was added to, changed of and taken from each owner; at the end their services are of a new version.

    Who looked at an older one cannot say of this one that it is right.
    """

    def __init__(self) -> None:
        self._changed: dict[str, set[uuid.UUID]] = {each: set() for each in _OWNERS}
        self._new: dict[str, set[uuid.UUID]] = {each: set() for each in _OWNERS}
        self._raised: set[uuid.UUID] = set()

    def added(self, kind: Kind, row: Mapping[Any, Any]) -> None:
        self._point(kind, row)
        if kind.name in _OWNERS:
            self._new[kind.name].add(row["id"])

    def changed(self, kind: Kind, *rows: Mapping[Any, Any]) -> None:
        """As it was and as it is, or as it was alone where it is gone."""
        for row in rows:
            self._point(kind, row)
            if kind.name == "service":  # its own version is raised with it
                self._raised.add(row["id"])
            elif kind.name in _OWNERS:
                self._changed[kind.name].add(row["id"])

    def _point(self, kind: Kind, row: Mapping[Any, Any]) -> None:
        for column in _OWN_POINTERS.get(kind.name, kind.links):
            owner = self._changed.get(kind.links[column])
            if owner is not None and row.get(column) is not None:
                owner.add(row[column])

    def raise_versions(self, session: Session, at_once: int) -> None:
        others = self._services(session, at_once) - self._new["service"] - self._raised
        for ids in _batched(others, at_once):
            session.execute(
                sa.update(Service).where(Service.id.in_(ids)).values(version=Service.version + 1),
                execution_options={"synchronize_session": False},
            )

    def _services(self, session: Session, at_once: int) -> set[uuid.UUID]:
        found = set(self._changed["service"])
        at = ServiceAtLocation
        for owner, shown in (
            ("organization", sa.select(Service.id).where(Service.organization_id.in_(_ids()))),
            ("location", sa.select(at.service_id).where(at.location_id.in_(_ids()))),
            ("service_at_location", sa.select(at.service_id).where(at.id.in_(_ids()))),
        ):
            for ids in _batched(self._changed[owner] - self._new[owner], at_once):
                found |= set(session.scalars(shown, {"ids": ids}))
        return found


def _batched(ids: Iterable[uuid.UUID], at_once: int) -> Iterator[list[uuid.UUID]]:
    each = sorted(ids)
    return (each[start : start + at_once] for start in range(0, len(each), at_once))


def _ids() -> sa.BindParameter[Any]:
    return sa.bindparam("ids", expanding=True)
