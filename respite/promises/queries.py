"""Promises as they are read: values, the soonest first."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import ActorKind
from respite.accounts.models import Person
from respite.promises.models import Promise
from respite.promises.policy import State

MOST_LATELY = 30


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise with the names that belong to it. `for_whom` and `page` come from the feature that knows them."""

    id: uuid.UUID
    house_id: uuid.UUID
    version: int
    kind: str
    way: str | None
    words: str | None
    subject: tuple[str, uuid.UUID] | None
    due_at: datetime | None
    by_day: bool
    owner_id: uuid.UUID | None
    owner: str | None
    state: str
    outcome: str | None
    made_at: datetime
    ended_at: datetime | None
    word: str | None = None
    for_whom: str | None = None


def row_of(promise: Promise, owner: str | None, for_whom: str | None = None) -> PromiseRow:
    subject = None
    if promise.subject_kind is not None and promise.subject_id is not None:
        subject = (promise.subject_kind, promise.subject_id)
    return PromiseRow(
        id=promise.id,
        house_id=promise.house_id,
        version=promise.version,
        kind=promise.kind,
        way=promise.way,
        words=promise.words,
        subject=subject,
        due_at=promise.due_at,
        by_day=promise.by_day,
        owner_id=promise.owner_id,
        owner=owner,
        state=promise.state,
        outcome=promise.outcome,
        made_at=promise.made_at,
        ended_at=promise.ended_at,
        word=promise.word,
        for_whom=for_whom,
    )


def soonest_first(rows: Iterable[PromiseRow]) -> list[PromiseRow]:
    """By time, so that what is late comes first; what has no hurry last."""
    return sorted(rows, key=lambda row: (row.due_at is None, row.due_at or row.made_at, row.made_at, row.id))


def open_promises(session: Session, house_id: uuid.UUID) -> list[PromiseRow]:
    return soonest_first(_rows(session, Promise.house_id == house_id, Promise.state == State.OPEN))


def promises_for(session: Session, house_id: uuid.UUID, kind: str, ids: Collection[uuid.UUID]) -> list[PromiseRow]:
    """Every promise to these guests or people waiting, the open ones first."""
    if not ids:
        return []
    found = _rows(session, Promise.house_id == house_id, Promise.subject_kind == kind, Promise.subject_id.in_(ids))
    ended = sorted(found, key=lambda row: (row.ended_at or row.made_at, row.id), reverse=True)
    return soonest_first(row for row in found if row.state == State.OPEN) + [row for row in ended if row.ended_at]


def lately_ended(session: Session, house_id: uuid.UUID, since: datetime) -> list[PromiseRow]:
    """What was kept or let go since then, the newest first."""
    return _rows(session, Promise.house_id == house_id, Promise.ended_at >= since, newest=MOST_LATELY)


def own_promises(session: Session, person_id: uuid.UUID, house_ids: Collection[uuid.UUID]) -> list[PromiseRow]:
    """What somebody has said they would do in these houses, and has not yet."""
    if not house_ids:
        return []
    return soonest_first(
        _rows(session, Promise.owner_id == person_id, Promise.house_id.in_(house_ids), Promise.state == State.OPEN)
    )


def one_promise(session: Session, promise_id: uuid.UUID) -> PromiseRow | None:
    return next(iter(_rows(session, Promise.id == promise_id)), None)


def names_of_refs(session: Session, refs: Collection[str | None]) -> dict[str, str]:
    """The names of people among those who acted, by their refs in rows and events."""
    ids = {uuid.UUID(ref.partition(":")[2]) for ref in refs if ref and ref.startswith(f"{ActorKind.PERSON}:")}
    if not ids:
        return {}
    found = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {f"{ActorKind.PERSON}:{person_id}": name for person_id, name in found}


def _rows(session: Session, *where: sa.ColumnElement[bool], newest: int | None = None) -> list[PromiseRow]:
    asked = sa.select(Promise, Person.name).outerjoin(Person, Person.id == Promise.owner_id).where(*where)
    if newest is not None:
        asked = asked.order_by(Promise.ended_at.desc(), Promise.id).limit(newest)
    return [row_of(promise, owner) for promise, owner in session.execute(asked)]
