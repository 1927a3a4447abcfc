"""Whom promises are for: upper features that know them say their names and where their pages are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from respite.promises.queries import PromiseRow


@dataclass(frozen=True, slots=True)
class Subject:
    name: str | None
    page: str | None = None


Subjects = dict[uuid.UUID, Subject]
#: By kind of subject: called with (session, house id, ids). Filled in the wiring of the feature that knows them.
known: dict[str, Callable[[Session, uuid.UUID, Collection[uuid.UUID]], Subjects]] = {}


def subjects_of(session: Session, house_id: uuid.UUID, rows: Iterable[PromiseRow]) -> Subjects:
    """Everybody whom these promises of one house are for."""
    ids: dict[str, set[uuid.UUID]] = {}
    for row in rows:
        if row.subject is not None:
            ids.setdefault(row.subject[0], set()).add(row.subject[1])
    found: Subjects = {}
    for kind, some in ids.items():
        if kind in known:
            found |= known[kind](session, house_id, some)
    return found


def with_names(rows: Iterable[PromiseRow], subjects: Subjects) -> list[PromiseRow]:
    named = []
    for row in rows:
        subject = subjects.get(row.subject[1]) if row.subject else None
        named.append(replace(row, for_whom=subject.name) if subject else row)
    return named
