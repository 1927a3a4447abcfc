"""What keeps a guest on file. When nothing does any more, they are forgotten once it can no longer be undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.due import set_due
from respite.guests import due_kinds
from respite.guests.models import LeftLine, Stay, Visit, Waiting
from respite.guests.service.undo_rows import KEPT_FOR

#: Called with (session, guest id, now); a feature that keeps somebody on file adds what says so. Whoever ends the
#: last thing that kept them calls `forget_later`.
also_keeps: list[Callable[[Session, uuid.UUID, datetime], bool]] = []


def is_on_file(session: Session, guest_id: uuid.UUID, now: datetime) -> bool:
    """Whether there is a reason to know the guest: they stayed, visited, wait, left a line, or a feature says so."""
    reasons = (
        sa.select(Stay.id).where(Stay.guest_id == guest_id),
        sa.select(Visit.id).where(Visit.guest_id == guest_id),
        sa.select(Waiting.id).where(Waiting.guest_id == guest_id, Waiting.ended_at.is_(None)),
        sa.select(LeftLine.id).where(LeftLine.guest_id == guest_id),
    )
    if any(session.scalar(reason.limit(1)) is not None for reason in reasons):
        return True
    return any(keeps(session, guest_id, now) for keeps in also_keeps)


def forget_later(session: Session, house_id: uuid.UUID, guest_id: uuid.UUID | None, now: datetime) -> None:
    """Have it looked at, when the act of now can no longer be undone, whether anything still keeps the guest."""
    if guest_id is not None:
        set_due(session, due_kinds.GUEST_ON_FILE, guest_id, now + KEPT_FOR, house_id)
