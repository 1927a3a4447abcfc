"""Rows that are joined to nobody lie in their table in an order that says nothing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session


def write_anew(session: Session, *some: tuple[Any, sa.ColumnElement[bool]]) -> None:
    """Of each model the rows that are meant, in the order of their ids, which are drawn by chance; parents come first.

    Otherwise the place of a row in its table, and on PostgreSQL the number of the transaction that wrote it, would tell
    beside what it was written. Who changes such rows elsewhere does it behind the lock that the caller has.
    """
    kept: list[tuple[Any, sa.ColumnElement[bool], list[dict[str, Any]]]] = []
    for model, meant in some:
        table = sa.inspect(model).local_table
        rows = session.execute(sa.select(table).where(meant).order_by(*table.primary_key)).mappings().all()
        kept.append((table, meant, [{**row} for row in rows]))
    session.expunge_all()
    for table, meant, _rows in reversed(kept):
        session.execute(sa.delete(table).where(meant))
    for table, _meant, anew in kept:
        if anew:
            session.execute(sa.insert(table), anew)
