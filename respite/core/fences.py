"""Fences: what is done outside the database, and must not be begun any more once a commit has said so.

Whoever acts (hands a text over) passes the fence of a key, from its last look until it has acted. Whoever commits
what that look would have found has the fence shut around the commit: the commit waits for all who looked before, and
who comes later sees what was committed. One who acts waits for no lock under a fence, and a fence is shut when nothing
but the commit is left, so nobody waits in a circle. It holds between processes, and ends with one that dies.

On PostgreSQL these are advisory locks, one for each key. On SQLite all keys share the locks of two small files beside
the database: one commit at a time is made there anyway.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from respite.core import fence_files
from respite.core.db import db, dialect, guard_commit
from respite.core.fence_line import Line
from respite.core.logs import log

#: How long one who acts waits for a commit at the fence; then it does not act, and comes again.
PASS_SECONDS = 1.0
#: How long after the fence was passed an act may still begin. Who stood still for longer does not begin.
BEGIN_SECONDS = 2.0
#: How long a commit waits: longer than anybody needs who began in time (`twilio_sockets`), and shorter than a provider
#: waits for us.
SHUT_SECONDS = 6
_POLL = 0.002
_SPACE = 0x7E57  # of PostgreSQL's advisory locks

#: Raises Shut where the act must not begin any more; asked right before it does.
Still = Callable[[], None]


class Shut(Exception):
    """The fence cannot be passed now, or was passed too long ago: nothing may be begun."""


@contextmanager
def passing(key: bytes) -> Iterator[Still]:
    """Inside, no commit that has this key's fence shut comes about. For moments. Raises Shut."""
    with _passing_postgres(key) if dialect() == "postgresql" else _passing_sqlite() as holds:
        passed = time.monotonic()

        def still() -> None:
            if time.monotonic() - passed > BEGIN_SECONDS or not holds():
                raise Shut

        yield still


@contextmanager
def many_pass() -> Iterator[None]:
    """What one who passes needs is kept for the next one, and let go at the end."""
    with _line().open():
        yield


def shut(session: Session, key: bytes) -> None:
    """Have the fence shut around the commit of the transaction that is open here.

    The commit is never lost over it: after `SHUT_SECONDS` it is made all the same, and the log says so.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = _number(key)
        guard_commit(session, f"fence {number}", lambda: _shut_postgres(session, number))
    else:
        guard_commit(session, "fence", _shut_sqlite)


def _number(key: bytes) -> int:
    return int.from_bytes(key[:4], "big", signed=True)


@contextmanager
def _passing_postgres(key: bytes) -> Iterator[Callable[[], bool]]:
    number, line = _number(key), _line()
    with line.open():
        until = time.monotonic() + PASS_SECONDS
        while (connection := line.take(_SPACE, number)) is None:
            if time.monotonic() > until:
                raise Shut
            time.sleep(_POLL)
        try:
            yield lambda: line.holds(connection)
        finally:
            line.give_back(connection, _SPACE, number)


def _line() -> Line:
    found: Line | None = current_app.extensions.get("respite.fences")
    return found or current_app.extensions.setdefault("respite.fences", Line(db.engine.url, Shut))


@contextmanager
def _shut_postgres(session: Session, number: int) -> Iterator[None]:
    connection = session.connection()
    try:
        with connection.begin_nested():
            connection.execute(sa.text(f"SET LOCAL lock_timeout = {SHUT_SECONDS * 1000}"))
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:space, :key)"), {"space": _SPACE, "key": number})
    except OperationalError:
        log.warning("fence.not-shut")
    yield  # given back by the commit itself, when everybody can see what it wrote


@contextmanager
def _passing_sqlite() -> Iterator[Callable[[], bool]]:
    try:
        room = fence_files.enter(str(db.engine.url.database), PASS_SECONDS)
    except (OSError, TimeoutError) as error:
        raise Shut from error
    try:
        yield lambda: True
    finally:
        fence_files.leave(room)


@contextmanager
def _shut_sqlite() -> Iterator[None]:
    held: list[int] = []
    try:
        fence_files.empty(str(db.engine.url.database), SHUT_SECONDS, held)
    except (OSError, TimeoutError):
        log.warning("fence.not-shut")
    try:
        yield
    finally:
        for each in held:
            fence_files.leave(each)
