"""Rows that are joined to nobody lie in their table in an order that says nothing."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session


def write_anew(session: Session, model: Any, house_id: uuid.UUID) -> None:
    """All rows of the house in the order of their ids, which are drawn by chance.

    Otherwise the place of a row in its table, and on PostgreSQL the number of the transaction that wrote it, would tell
    beside what it was written.
    """
    mine = model.house_id == house_id
    columns = sa.inspect(model).columns
    rows = session.execute(sa.select(*columns).where(mine).order_by(model.id)).mappings().all()
    session.expunge_all()
    session.execute(sa.delete(model).where(mine).execution_options(synchronize_session=False))
    session.execute(sa.insert(model), [dict(row) for row in rows])
