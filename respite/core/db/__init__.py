"""The database: one typed base, two engines, and the one place that commits.

SQLite is the default, PostgreSQL serves networks of houses; the same code runs on both.
"""

from respite.core.db.engines import SAFE_WAL, dialect, engine_options, install
from respite.core.db.models import Base, Instant, Kept, Versioned, db, kept, key, to
from respite.core.db.transactions import (
    DirtySession,
    NestedTransaction,
    after_commit,
    end_read,
    finish_reading,
    guard_commit,
    joinable,
    part_of,
    transaction,
    when_rolled_back,
)
from respite.core.db.waits import not_waiting_for_the_disk, waiting_at_most

__all__ = [
    "SAFE_WAL",
    "Base",
    "DirtySession",
    "Instant",
    "Kept",
    "NestedTransaction",
    "Versioned",
    "after_commit",
    "db",
    "dialect",
    "end_read",
    "engine_options",
    "finish_reading",
    "guard_commit",
    "install",
    "joinable",
    "kept",
    "key",
    "not_waiting_for_the_disk",
    "part_of",
    "to",
    "transaction",
    "waiting_at_most",
    "when_rolled_back",
]
