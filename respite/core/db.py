"""The database: one typed base, two engines, and the one place that commits.

SQLite is the default, PostgreSQL serves networks of houses; the same code runs on both. Writers on SQLite
queue at a lock of this process before `BEGIN IMMEDIATE`, because SQLite's own waiters poll and are unfair.
See docs/architecture.md, "One transaction".
"""

from __future__ import annotations

import os
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from respite.core.errors import Busy

# From this version SQLite's write-ahead log cannot be corrupted by two connections that reset it at once.
SAFE_WAL = (3, 51, 3)
# How long an act waits for its turn. Four hundred people at one bed are answered within it on a slow, busy machine.
SQLITE_WAIT_SECONDS = 60
POSTGRES_LOCK_WAIT_MS = 60_000


class Kept(StrEnum):
    """The data class of a column: whose it is and how it is kept. Every column has one."""

    KEY = "key"  # ids and what ties rows together
    WORKING = "working"  # states, times, counts, versions
    HOUSE = "house"  # what the house says of itself
    STAFF = "staff"  # about someone who works here
    GUEST = "guest"  # about a guest, short of words: dates, choices
    GUEST_WORDS = "guest-words"  # words by or about a guest, names, numbers: sealed
    SECRET = "secret"  # digests of tokens and passwords, sealed answers  # noqa: S105


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime. A naive one is refused: nobody could say which zone it meant."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Typed models. Primary keys are UUIDs set in the constructor, so a row has its id before it is written."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        uuid.UUID: sa.Uuid(),
        datetime: Instant(),
        str: sa.String(),
        bytes: sa.LargeBinary(),
        dict[str, Any]: sa.JSON(),
        list[Any]: sa.JSON(),
    }

    def __init__(self, **values: Any) -> None:
        if "id" in type(self).__mapper__.columns and "id" not in values:
            values["id"] = uuid.uuid4()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": True})


def kept(kind: Kept, *args: Any, **kwargs: Any) -> Any:
    """A mapped column that says its data class."""
    return mapped_column(*args, info={"kept": kind}, **kwargs)


def key() -> Any:
    return mapped_column(sa.Uuid(), primary_key=True, info={"kept": Kept.KEY})


def to(target: str, *, kind: Kept = Kept.KEY, **kwargs: Any) -> Any:
    """A foreign key column, indexed, such as `to("house.id")`."""
    ondelete = kwargs.pop("ondelete", None)
    kwargs.setdefault("index", True)
    return mapped_column(sa.ForeignKey(target, ondelete=ondelete), info={"kept": kind}, **kwargs)


class Versioned:
    """A row that names the version an editor saw; SQLAlchemy refuses a write over a newer one."""

    version: Mapped[int] = mapped_column(default=1, info={"kept": Kept.WORKING})

    @sa.orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


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
    with _opened(session):
        session.info["joinable"] = True
        try:
            yield session
        finally:
            session.info.pop("joinable", None)


#: How many seconds an act waits for its turn, where that is not as long as usual.
_patience: ContextVar[int | None] = ContextVar("patience", default=None)


@contextmanager
def waiting_at_most(seconds: int) -> Iterator[None]:
    """For who will ask again anyway: what is inside gives up with Busy after so many seconds."""
    before = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(before)


@contextmanager
def _opened(session: Session) -> Iterator[None]:
    if session.info.get("writing"):
        raise NestedTransaction
    if session.new or session.dirty or session.deleted:
        raise DirtySession(f"{len(session.new)} new, {len(session.dirty)} changed, {len(session.deleted)} deleted")
    session.rollback()
    session.expire_all()
    sqlite, patience = session.get_bind().dialect.name == "sqlite", _patience.get()
    if sqlite and not _write_lock.acquire(timeout=patience or SQLITE_WAIT_SECONDS):
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


_hurries: ContextVar[bool] = ContextVar("hurries", default=False)


@contextmanager
def not_waiting_for_the_disk() -> Iterator[None]:
    """Inside, SQLite commits of this thread are written and not flushed; the first commit after it flushes them all.

    For many acts that are answered together. A process that is killed loses nothing; a machine that loses its power
    in between may be left with a broken file, so this is for the demo's clock alone.
    """
    token = _hurries.set(True)
    try:
        yield
    finally:
        _hurries.reset(token)


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
        if not sa.inspect(row).expired_attributes:
            session.expunge(row)
    session.rollback()


def install(engine: sa.Engine) -> None:
    """Set a fresh engine's connections up; called once for each engine."""
    if engine.dialect.name == "sqlite":
        _install_sqlite(engine)
    else:
        event.listen(engine, "connect", _set_up_postgres)


def _install_sqlite(engine: sa.Engine) -> None:
    journal = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "DELETE"

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, record: Any) -> None:
        # The driver's own BEGIN comes too late and is never IMMEDIATE; `begin` below sends ours.
        connection.isolation_level = None
        cursor = connection.cursor()
        record.info["waits"] = _patience.get() or SQLITE_WAIT_SECONDS
        for pragma in (
            f"busy_timeout={record.info['waits'] * 1000}",
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        seconds = _patience.get() or SQLITE_WAIT_SECONDS
        if connection.info.get("waits") != seconds:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={seconds * 1000}")
            connection.info["waits"] = seconds
        write = connection.get_execution_options().get("respite_write")
        synchronous = "OFF" if _hurries.get() else "FULL"
        if write and connection.info.get("synchronous", "FULL") != synchronous:
            connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
            connection.info["synchronous"] = synchronous
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _set_up_postgres(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = {POSTGRES_LOCK_WAIT_MS}")
    connection.execute("SET idle_in_transaction_session_timeout = 60000")
    connection.commit()


def engine_options(url: str) -> dict[str, Any]:
    """The engine settings for a database address."""
    if url.startswith("sqlite"):
        return {
            "connect_args": {"timeout": SQLITE_WAIT_SECONDS, "check_same_thread": False},
            "poolclass": sa.pool.QueuePool,
            "pool_size": 20,
            "max_overflow": 200,
        }
    return {
        "pool_pre_ping": True,
        # Forty of the hundred that PostgreSQL has unless told otherwise, so that two processes fit beside a backup.
        "pool_size": 10,
        "max_overflow": 30,
        "pool_timeout": 60,
        "connect_args": {"connect_timeout": 5, "prepare_threshold": None},
    }


def dialect() -> str:
    return current_app.extensions["sqlalchemy"].engine.dialect.name
