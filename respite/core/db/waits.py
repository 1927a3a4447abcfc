"""How long an act waits for its turn, and whether it waits for the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Four hundred people at one bed are answered within it on a slow, busy machine.
SQLITE_WAIT_SECONDS = 60
POSTGRES_LOCK_WAIT_MS = 60_000

#: How many seconds an act waits for its turn, where that is not as long as usual.
patience: ContextVar[int | None] = ContextVar("patience", default=None)
hurries: ContextVar[bool] = ContextVar("hurries", default=False)


@contextmanager
def waiting_at_most(seconds: int) -> Iterator[None]:
    """For who will ask again anyway: what is inside gives up with Busy after so many seconds."""
    before = patience.set(seconds)
    try:
        yield
    finally:
        patience.reset(before)


@contextmanager
def not_waiting_for_the_disk() -> Iterator[None]:
    """Inside, SQLite commits of this thread are written and not flushed; the first commit after it flushes them all.

    For many acts that are answered together. A process that is killed loses nothing; a machine that loses its power
    in between may be left with a broken file, so this is for the demo's clock alone.
    """
    token = hurries.set(True)
    try:
        yield
    finally:
        hurries.reset(token)
