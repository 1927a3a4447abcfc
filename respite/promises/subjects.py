"""Whom promises are for: upper features that know them say their names and where their pages are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.unseen import who_may_read
from respite.promises.queries import PromiseRow


@dataclass(frozen=True, slots=True)
class Subject:
    name: str | None
    page: str | None = None


Subjects = dict[uuid.UUID, Subject]
#: By kind of subject: called with (session, house id, ids). Filled in the wiring of the feature that knows them.
known: dict[str, Callable[[Session, uuid.UUID, Collection[uuid.UUID]], Subjects]] = {}

#: By kind of subject, too: the guests of one, so that nobody is given a promise to somebody who keeps from them what is
#: theirs. Called with (session, subject id).
guests_of: dict[str, Callable[[Session, uuid.UUID], Collection[uuid.UUID]]] = {}
#: Called with (session, guest id, now): whether a guest can open their own page. Filled by the feature that keeps it.
opens_page: list[Callable[[Session, uuid.UUID, datetime], bool]] = []


def _guests(session: Session, subject: tuple[str, uuid.UUID]) -> Collection[uuid.UUID]:
    kind, subject_id = subject
    return guests_of[kind](session, subject_id) if kind in guests_of else ()


def reads_it(session: Session, subject: tuple[str, uuid.UUID], now: datetime) -> bool:
    """Whether whom a promise is for can read it on their own page now."""
    return any(opens(session, guest_id, now) for guest_id in _guests(session, subject) for opens in opens_page)


def may_be_told(session: Session, subject: tuple[str, uuid.UUID], person_id: uuid.UUID) -> bool:
    """Whether somebody who works here may read of whom a promise is for."""
    guests = _guests(session, subject)
    return not guests or bool(who_may_read(session, [person_id], guests))


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
