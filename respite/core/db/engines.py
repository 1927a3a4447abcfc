"""The two engines and how their connections are set up."""

from __future__ import annotations

import sqlite3
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event

from respite.core.db import waits

# From this version SQLite's write-ahead log cannot be corrupted by two connections that reset it at once.
SAFE_WAL = (3, 51, 3)


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
        record.info["waits"] = waits.patience.get() or waits.SQLITE_WAIT_SECONDS
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
        seconds = waits.patience.get() or waits.SQLITE_WAIT_SECONDS
        if connection.info.get("waits") != seconds:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={seconds * 1000}")
            connection.info["waits"] = seconds
        write = connection.get_execution_options().get("respite_write")
        synchronous = "OFF" if waits.hurries.get() else "FULL"
        if write and connection.info.get("synchronous", "FULL") != synchronous:
            connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
            connection.info["synchronous"] = synchronous
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _set_up_postgres(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = {waits.POSTGRES_LOCK_WAIT_MS}")
    connection.execute("SET idle_in_transaction_session_timeout = 60000")
    connection.commit()


def engine_options(url: str) -> dict[str, Any]:
    """The engine settings for a database address."""
    if url.startswith("sqlite"):
        return {
            "connect_args": {"timeout": waits.SQLITE_WAIT_SECONDS, "check_same_thread": False},
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
