"""Writing to the event log, inside the transaction of the change."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.audit.kinds import checked
from respite.audit.models import FIRST_HASH, INSTALLATION, AccessLog, Event, Stream
from respite.core.clock import machine_now
from respite.core.db import db, transaction

LOOK_COUNTS_FOR = timedelta(hours=1)


class Acts(Protocol):
    """Whoever acts: a person, a display, a token, the clock. `ref` is `kind:id`, never a name."""

    @property
    def ref(self) -> str: ...


class NotInTransaction(RuntimeError):
    """An event belongs to the transaction of its change."""


def open_stream(session: Session, stream: uuid.UUID) -> None:
    session.add(Stream(id=stream, last_version=0, last_hash=FIRST_HASH))
    session.flush()


def lock_stream(session: Session, *streams: uuid.UUID) -> None:
    """Lock the streams' rows, in id order, before anything else is read: the order of commit is then theirs."""
    for stream in sorted(set(streams)):
        found = session.execute(sa.select(Stream.id).where(Stream.id == stream).with_for_update()).first()
        if found is None:
            raise LookupError(f"no stream {stream}")


def record(
    session: Session,
    stream: uuid.UUID,
    kind: str,
    *,
    subject: uuid.UUID | None,
    actor: Acts | None,
    at: datetime,
    parts: Iterable[str] = (),
    because_of: str | None = None,
    **data: Any,
) -> int:
    """Append an event and return its version. `parts` names what of the board looks different now."""
    if not session.info.get("writing"):
        raise NotInTransaction
    row = session.get_one(Stream, stream, with_for_update=True)
    event = Event(
        stream=stream,
        version=row.last_version + 1,
        kind=kind,
        subject=subject,
        actor=actor.ref if actor else None,
        because_of=because_of,
        at=at,
        recorded_at=machine_now(),
        data=json.dumps(checked(kind, data), sort_keys=True, separators=(",", ":")),
        parts=json.dumps(sorted(set(parts)), separators=(",", ":")),
    )
    event.hash = chained(row.last_hash, event)
    row.last_version, row.last_hash = event.version, event.hash
    session.add(event)
    session.flush()
    return event.version


def chained(previous: bytes, event: Event) -> bytes:
    """The chain's next hash: over the previous one and the row as it is stored."""
    stored = "\0".join(
        str(part)
        for part in (
            event.stream, event.version, event.kind, event.subject, event.actor, event.because_of,
            event.at.isoformat(), event.recorded_at.isoformat(), event.data, event.parts,
        )
    )  # fmt: skip
    return hmac.new(previous, stored.encode(), hashlib.sha256).digest()


def looked(session: Session, house_id: uuid.UUID, actor: Acts, subject: uuid.UUID, what: str, at: datetime) -> None:
    """Note that somebody looked at what is kept about a person."""
    session.add(AccessLog(house_id=house_id, actor=actor.ref, subject=subject, what=what, at=at))


def note_look(house_id: uuid.UUID, actor: Acts, subject: uuid.UUID, what: str, at: datetime) -> None:
    """`looked` in a transaction of its own, for pages that only read."""
    with transaction() as session:
        looked(session, house_id, actor, subject, what, at)


def note_look_hourly(house_id: uuid.UUID, actor: Acts, subject: uuid.UUID, what: str, at: datetime) -> None:
    """`note_look`, once an hour for each who looks, at whom and at what: reading on is not looking again."""
    lately = sa.select(AccessLog.id).where(
        AccessLog.subject == subject,
        AccessLog.what == what,
        AccessLog.actor == actor.ref,
        AccessLog.at > at - LOOK_COUNTS_FOR,
    )
    if db.session.scalar(lately.limit(1)) is None:
        note_look(house_id, actor, subject, what, at)


def last_version(stream: uuid.UUID) -> int:
    return db.session.scalar(sa.select(Stream.last_version).where(Stream.id == stream)) or 0


def broken_links() -> Iterator[tuple[uuid.UUID, int, str]]:
    """Walk every stream and yield (stream, version, what is wrong); nothing when the log is whole."""
    for stream in db.session.scalars(sa.select(Stream)).all():
        previous, expected = FIRST_HASH, 0
        rows = db.session.scalars(sa.select(Event).where(Event.stream == stream.id).order_by(Event.version))
        for event in rows:
            expected += 1
            if event.version != expected:
                yield stream.id, expected, "missing"
                expected = event.version
            if chained(previous, event) != event.hash:
                yield stream.id, event.version, "changed"
            previous = event.hash
        if expected != stream.last_version or previous != stream.last_hash:
            yield stream.id, stream.last_version, "cut off"


__all__ = [
    "INSTALLATION",
    "Acts",
    "broken_links",
    "last_version",
    "lock_stream",
    "looked",
    "note_look",
    "note_look_hourly",
    "open_stream",
    "record",
]
