"""The one place that commits, and where reading ends.

Writers on SQLite queue at a lock of this process before `BEGIN IMMEDIATE`, because SQLite's own waiters poll and are
unfair. See docs/architecture.md, "One transaction".
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from respite.core.db import waits
from respite.core.db.models import db
from respite.core.errors import Busy, Refusal


class DirtySession(RuntimeError):
    """Rows were changed outside a use case's transaction; they would be lost or slip into another's."""


class NestedTransaction(RuntimeError):
    """A use case called another inside its transaction. One act is one transaction."""


_write_lock = threading.Lock()


def _own_lock() -> None:
    global _write_lock
    _write_lock = threading.Lock()


# A child of a fork has no thread of its parent's: a lock that one of them held there would never be let go.
os.register_at_fork(after_in_child=_own_lock)


@contextmanager
def transaction() -> Iterator[Session]:
    """The only place that commits.

    Ends the request's read transaction, opens a write one, commits at the end or rolls back whole. Inside
    `joinable()` it joins the transaction that is open there. Raises Busy when the database cannot be had.
    """
    session = db.session()
    if session.info.get("joinable"):
        yield session
        session.flush()
        return
    with _opened(session):
        yield session


@contextmanager
def joinable() -> Iterator[Session]:
    """A transaction that the use case called inside joins, so that an edge can keep its answer with the act.

    Inside another one it joins that.
    """
    session = db.session()
    if session.info.get("joinable"):
        yield session
        return
    with _opened(session), _joined(session):
        yield session


@contextmanager
def _opened(session: Session) -> Iterator[None]:
    if session.info.get("writing"):
        raise NestedTransaction
    if session.new or session.dirty or session.deleted:
        raise DirtySession(f"{len(session.new)} new, {len(session.dirty)} changed, {len(session.deleted)} deleted")
    session.rollback()
    session.expire_all()
    sqlite, patience = session.get_bind().dialect.name == "sqlite", waits.patience.get()
    if sqlite and not _write_lock.acquire(timeout=patience or waits.SQLITE_WAIT_SECONDS):
        raise Busy
    session.info["writing"] = True
    given_up = False
    try:
        session.connection(execution_options={"respite_write": True})
        if patience is not None and not sqlite:
            session.execute(sa.text(f"SET LOCAL lock_timeout = {patience * 1000}"))
        yield
        with _guarded(session):
            session.commit()
    except OperationalError as error:
        session.rollback()
        if _could_not_lock(error):
            raise Busy from error
        raise
    except BaseException:
        session.rollback()
        given_up = True
        raise
    finally:
        session.info.pop("writing", None)
        session.info.pop("guards", None)
        then = session.info.pop("when_rolled_back", ())
        if sqlite:
            _write_lock.release()
        for act in then if given_up else ():
            act()
    for heard in tuple(_after_commit):
        heard()


def when_rolled_back(session: Session, act: Callable[[], None]) -> None:
    """Have `act` run, in a transaction of its own, if the one that is open is given up.

    So a refusal that asks somebody for something can keep what it asks.
    """
    if not session.info.get("writing"):
        raise LookupError("no transaction is open here")
    session.info.setdefault("when_rolled_back", []).append(act)


@contextmanager
def part_of(session: Session) -> Iterator[None]:
    """A part of an act that may be refused while the rest goes on and is kept.

    What was to be done `when_rolled_back` is done in the act that goes on, since that itself is not given up; and once
    more in its own transaction, should the whole be given up after all.
    """
    asked: list[Callable[[], None]] = session.info.setdefault("when_rolled_back", [])
    before = len(asked)
    try:
        with session.begin_nested():
            yield
    except Refusal:
        with _joined(session):
            for act in asked[before:]:
                act()
        raise


@contextmanager
def _joined(session: Session) -> Iterator[None]:
    """Use cases called inside join the transaction that is open."""
    before = session.info.get("joinable")
    session.info["joinable"] = True
    try:
        yield
    finally:
        session.info["joinable"] = before


Guard = Callable[[], AbstractContextManager[None]]


def guard_commit(session: Session, name: str, guard: Guard) -> None:
    """Have `guard` around the commit of the transaction that is open: entered when all else is done.

    Several are entered in the order of their names, and the same name is entered once.
    """
    if not session.info.get("writing"):
        raise LookupError("no transaction is open here")
    session.info.setdefault("guards", {})[name] = guard


@contextmanager
def _guarded(session: Session) -> Iterator[None]:
    guards: dict[str, Guard] = session.info.get("guards", {})
    with ExitStack() as entered:
        if guards:
            session.flush()  # whatever waits for a row waits before
        for name in sorted(guards):
            entered.enter_context(guards[name]())
        yield


_after_commit: list[Callable[[], None]] = []


def after_commit(heard: Callable[[], None]) -> Callable[[], None]:
    """Call `heard` after each commit of this process: a wake-up only, nothing may depend on it.

    Returns what stops it again.
    """
    _after_commit.append(heard)
    return lambda: _after_commit.remove(heard)


def _could_not_lock(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlstate", None)
    # Deadlock, serialization failure, lock timeout: the database chose to end this one.
    return code in ("40P01", "40001", "55P03") or "locked" in str(error.orig) or "busy" in str(error.orig)


def end_read() -> None:
    """End the request's read transaction, so that nothing is held while a page is drawn."""
    if not db.session().info.get("writing"):
        db.session.rollback()


def finish_reading() -> None:
    """End the request's read transaction with what was read still at hand.

    Rows that were read become plain values that nothing loads again; one that had expired is read anew when
    somebody asks.
    """
    session = db.session()
    if session.info.get("writing"):
        return
    for row in list(session):
        # What belongs to a row went with it.
        if row in session and not sa.inspect(row).expired_attributes:
            session.expunge(row)
    session.rollback()
