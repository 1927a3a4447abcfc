"""Due rows: whatever happens later is a row with `due_at`, written with its cause and moved with it.

The clock only says "sweep now". A handler runs in its own transaction, claims its row there by a
conditional update, and so a second sweep, a restart or a clock jump neither loses nor repeats anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from respite.core.db import Base, Kept, db, kept, key
from respite.core.logs import log


class Due(Base):
    __tablename__ = "due"
    __table_args__ = (
        sa.UniqueConstraint("kind", "subject"),
        sa.Index("ix_due_due_at_waiting", "due_at"),
    )

    id: Mapped[uuid.UUID] = key()
    kind: Mapped[str] = kept(Kept.WORKING, sa.String(60))
    subject: Mapped[uuid.UUID] = kept(Kept.KEY)
    house_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, index=True)
    due_at: Mapped[datetime] = kept(Kept.WORKING)


@dataclass(frozen=True, slots=True)
class DueRow:
    id: uuid.UUID
    kind: str
    subject: uuid.UUID
    house_id: uuid.UUID | None
    due_at: datetime


class Source(Protocol):
    """Rows of a feature's own that become due by the house clock too, such as texts. It has its own sweep; what walks
    the demo's clock goes by these as well."""

    def next_at(self) -> datetime | None:
        """When its next row is due, past or to come; none while nothing waits."""
        ...

    def run(self, now: datetime) -> int:
        """Do what is due at `now`, each in its own transaction; how much was done."""
        ...


#: Filled by features in their wiring, once each.
also_due: list[Source] = []

Handler = Callable[[DueRow, datetime], None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that runs when a row of this kind is due: `(row, now)`, one use case inside.

    The use case calls `take(session, row)` first in its transaction and stops when it answers False.
    """

    def declare(handler: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"{kind} has two handlers")
        _handlers[kind] = handler
        return handler

    return declare


def handled_kinds() -> frozenset[str]:
    return frozenset(_handlers)


def set_due(session: Session, kind: str, subject: uuid.UUID, due_at: datetime, house_id: uuid.UUID | None) -> None:
    """Write the row, or move it where it stands already."""
    if kind not in _handlers:
        raise ValueError(f"nobody handles {kind}")
    row = session.scalar(sa.select(Due).where(Due.kind == kind, Due.subject == subject))
    if row is None:
        session.add(Due(kind=kind, subject=subject, due_at=due_at, house_id=house_id))
    else:
        row.due_at = due_at
    session.flush()


def clear_due(session: Session, subject: uuid.UUID, *kinds: str) -> None:
    session.execute(sa.delete(Due).where(Due.subject == subject, Due.kind.in_(kinds)))


def take(session: Session, row: DueRow) -> bool:
    """Claim a due row inside the act's transaction. False: it moved, went, or another sweep has it."""
    gone = session.execute(sa.delete(Due).where(Due.id == row.id, Due.due_at == row.due_at))
    return cast("sa.CursorResult[tuple[()]]", gone).rowcount == 1


def due_rows(now: datetime, most: int = 500) -> list[DueRow]:
    found = db.session.scalars(sa.select(Due).where(Due.due_at <= now).order_by(Due.due_at, Due.id).limit(most)).all()
    rows = [DueRow(d.id, d.kind, d.subject, d.house_id, d.due_at) for d in found]
    db.session.rollback()
    return rows


def next_due_at() -> datetime | None:
    at = db.session.scalar(sa.select(sa.func.min(Due.due_at)))
    db.session.rollback()
    return at


def sweep(now: datetime) -> int:
    """Run what is due. One row that fails is logged and stays for the next sweep; the others go on."""
    return sum(run(row, now) for row in due_rows(now))


def run(row: DueRow, now: datetime) -> bool:
    """Run one row. False: it failed, was logged, and stays."""
    try:
        _handlers[row.kind](row, now)
    except Exception as error:
        db.session.rollback()
        log.error("due.failed", kind=row.kind, error=type(error).__name__)
        return False
    return True
