"""When something of the line last went well: a signed webhook, a sweep, a comparison of ledgers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.db import db
from respite.messaging.models import Mark


def mark(session: Session, name: str, at: datetime, count: int | None = None, by: int = 1) -> None:
    """Note that it went well at `at`; the count goes up by `by` unless another is given."""
    values = {"at": at, "count": Mark.count + by if count is None else count}
    updated = session.execute(sa.update(Mark).where(Mark.name == name).values(**values))
    if not updated.rowcount:  # type: ignore[attr-defined]
        session.add(Mark(name=name, at=at, count=by if count is None else count))
        session.flush()


def marked(name: str) -> datetime | None:
    return db.session.scalar(sa.select(Mark.at).where(Mark.name == name))
