"""Looking for what should be gone: in every table with everything opened, in files as they lie, in what was logged."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from respite.core.crypto import CannotOpen, unseal
from respite.core.db import db

SIDE_FILES = ("", "-journal", "-wal", "-shm")


def everything_stored(engine: sa.Engine | None = None) -> Iterator[tuple[str, str]]:
    """Each value of each table as text, by `table.column`; sealed ones opened as they were sealed."""
    with (engine or db.engine).connect() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                for column, value in row.items():
                    if isinstance(value, bytes) and column.endswith("_sealed"):
                        yield f"{table.name}.{column}", _opened(value, table.name, column, row["id"])
                    elif isinstance(value, dict | list):
                        yield f"{table.name}.{column}", json.dumps(value, ensure_ascii=False)
                    elif value is not None:
                        yield f"{table.name}.{column}", str(value)


def _opened(sealed: bytes, table: str, column: str, row_id: uuid.UUID) -> str:
    for bound in ((table, column, row_id), (table, row_id)):
        try:
            return unseal(sealed, *bound)
        except CannotOpen:
            continue
    raise AssertionError(f"{table}.{column} is sealed in a way that is not known here")


def places_of(words: Iterable[str], engine: sa.Engine | None = None) -> set[str]:
    wanted = tuple(words)
    return {place for place, text in everything_stored(engine) if any(word in text for word in wanted)}


def sealed_values() -> set[bytes]:
    """Every sealed value as it is stored now, so that one that lies about afterwards is known again."""
    found: set[bytes] = set()
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name.endswith("_sealed")]
            if columns:
                rows: Any = connection.execute(sa.select(*columns))
                found.update(value for row in rows for value in row if value is not None)
    return found


def raw_bytes(database: Path) -> bytes:
    """The file as it lies on the disk, with whatever lies beside it."""
    parts = [database.with_name(database.name + side) for side in SIDE_FILES]
    return b"".join(part.read_bytes() for part in parts if part.exists())
