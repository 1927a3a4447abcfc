"""How far the house clock stands ahead in demo mode, kept in the database: server and commands share it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Mapped

from respite.core.clock import MovableClock
from respite.core.db import Base, Kept, db, kept, transaction


class ClockAhead(Base):
    __tablename__ = "clock_ahead"

    id: Mapped[int] = kept(Kept.KEY, primary_key=True)
    seconds: Mapped[int] = kept(Kept.WORKING, sa.BigInteger, default=0)


def reader(app: Flask) -> Callable[[], timedelta]:
    """Reads how far ahead, on a connection of its own; none before the first migration.

    Never one of the app's pool: whoever asks the time holds one of those already, and when all of them are held
    by people who ask, nobody would get a second.
    """
    engine = sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.pool.NullPool)

    known = 0

    def read() -> timedelta:
        nonlocal known
        try:
            with engine.connect() as connection:
                known = connection.scalar(sa.select(ClockAhead.seconds)) or 0
        except (OperationalError, ProgrammingError):
            pass  # while the database is busy the clock goes on where it stood, and never back to the machine's
        return timedelta(seconds=known)

    return read


def put_ahead(ahead: timedelta) -> None:
    """Put the demo clock so far ahead of the machine's. Only demo mode has a clock that moves."""
    seconds = int(ahead.total_seconds())
    with transaction() as session:
        row = session.get(ClockAhead, 1) or ClockAhead(id=1)
        row.seconds = seconds
        session.add(row)
    clock = current_app.extensions["respite.clock"]
    if isinstance(clock, MovableClock):
        clock.stands(timedelta(seconds=seconds))


def ahead() -> timedelta:
    return timedelta(seconds=db.session.scalar(sa.select(ClockAhead.seconds)) or 0)
