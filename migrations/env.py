"""Runs migrations one at a time, each in its own transaction, under a lock.

On SQLite a batch rebuild drops and renames a table, and with foreign keys on that would delete the rows that
point at it: so they are off on the migrations' own connection, and `foreign_key_check` speaks before commit.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

MIGRATION_LOCK = 7_265_737  # "res": the advisory lock that two starting processes meet at on PostgreSQL

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _autogen: Any) -> Any:
    """Migrations import nothing of the product: its own types are written as what they are in the database."""
    if kind == "type" and type(item).__module__.startswith("respite."):
        return f"sa.{item.impl!r}"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """The words of the directory are kept as each database searches them best, which no model describes."""
    return kind != "table" or name is None or not name.startswith("directory_words")


def run() -> None:
    engine = database.engine
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        connection = connection.execution_options(respite_write=True)
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            include_name=include_name,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            if not sqlite:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            context.run_migrations()
            if sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"{len(broken)} rows would point at nothing; nothing was changed")
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
