"""Pressing the database's file together, so that nothing that was forgotten lies about in it.

SQLite overwrites what is deleted (`secure_delete`), but where it splits a page in two it leaves a copy behind of what
it moved: rarely, and with the words sealed, yet whoever has the key ring could open it. VACUUM writes the file anew
from what is there. PostgreSQL looks after its own pages.
"""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from respite.core.db import db, transaction
from respite.core.due import DueRow, handles, set_due, take

PRESS = "core.file.press"
_FILE = uuid.UUID(int=0)  # there is one
WAIT_SECONDS = 5
LATER = timedelta(days=1)


def press_soon(session: Session, now: datetime) -> None:
    """Have the file pressed by the next sweep, written in the transaction that forgets."""
    if session.get_bind().dialect.name == "sqlite":
        set_due(session, PRESS, _FILE, now, None)


@handles(PRESS)
def press_when_due(row: DueRow, now: datetime) -> None:
    """First pressed, then done: a sweep that dies in between presses once more."""
    if db.session().info.get("writing"):  # many acts are made in one transaction, which holds the file
        press_soon(db.session(), now + LATER)
        return
    db.session.remove()
    press(Path(str(db.engine.url.database)))
    with transaction() as session:
        take(session, row)


def press(file: Path) -> None:
    """Raises sqlite3.OperationalError where somebody reads for too long; the next sweep tries again."""
    with closing(sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # nothing where the journal is the plain one
