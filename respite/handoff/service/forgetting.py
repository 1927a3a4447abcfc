"""After a week the words of the log and of handoffs go. Promises live on by themselves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from respite.core.db import transaction
from respite.handoff.models import Handoff, LogEntry
from respite.handoff.policy import FORGOTTEN_AFTER, READ_FOR


def forget_old(now: datetime) -> int:
    """Entries and handoffs older than a week; returns how many.

    Of each house's newest handoff its place in the log stays, without a word or a name, so that the next begins there.
    One that nobody took stays whole, and one that was taken late for a day.
    """
    before = now - FORGOTTEN_AFTER
    with transaction() as session:
        entries = session.scalars(sa.select(LogEntry).where(LogEntry.written_at < before)).all()
        for entry in entries:
            session.delete(entry)
        later = aliased(Handoff)
        is_newest = ~sa.exists().where(later.house_id == Handoff.house_id, later.log_until > Handoff.log_until)
        rows = session.execute(
            sa.select(Handoff, is_newest).where(Handoff.given_at < before, Handoff.taken_at < now - READ_FOR)
        )
        forgotten = 0
        for handoff, newest in rows.unique().all():
            if newest and handoff.forgotten:
                continue
            forgotten += 1
            if newest:
                handoff.words, handoff.given_by = None, None
                handoff.taken.clear()
            else:
                session.delete(handoff)
        return len(entries) + forgotten
