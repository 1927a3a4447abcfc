"""Writing a line into the shift's log, with the time it happened, and taking it off again."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.handoff import events
from respite.handoff.errors import NotYours
from respite.handoff.models import LogEntry
from respite.handoff.policy import LATEST_ENTRY, LONGEST_ENTRY
from respite.wording.counting import count_note, uncount_note

PARTS = ("people",)  # of the board: where the desk says that a handoff waits
TAKEN_OFF_WITHIN = timedelta(hours=1)


def write_entry(
    actor: Actor, house_id: uuid.UUID, words: str, *, at: datetime | None = None, now: datetime
) -> LogEntry:
    """Keep a line for those who come next; `at` is when it happened, now where it is not said. Raises Invalid."""
    text, happened = words.strip(), at or now
    wrong: dict[str, str] = {}
    if not 1 <= len(text) <= LONGEST_ENTRY:
        wrong["words"] = _("Please write up to %(most)s letters.", most=LONGEST_ENTRY)
    if not now - LATEST_ENTRY <= happened <= now:
        wrong["at"] = _("Please give a time of the last two days, and not one that is still to come.")
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        entry = LogEntry(house_id=house_id, at=happened, written_at=now, written_by=actor.ref)
        entry.words = text
        session.add(entry)
        session.flush()
        count_note(session, actor, house_id, text, now)
        record(session, house_id, events.ENTRY_WRITTEN, subject=entry.id, actor=actor, at=happened, parts=PARTS)
    return entry


def take_off(actor: Actor, entry_id: uuid.UUID, *, now: datetime) -> None:
    """Whoever wrote a line takes it off, within the hour: its words are gone. Raises NotYours."""
    with transaction() as session:
        entry = locked_row(session, actor, LogEntry, entry_id, May.KEEP_BEDS)
        if entry.written_by != actor.ref or now - entry.written_at > TAKEN_OFF_WITHIN:
            raise NotYours
        uncount_note(session, actor, entry.house_id, entry.words, entry.written_at, now)
        session.delete(entry)
        record(session, entry.house_id, events.ENTRY_TAKEN_OFF, subject=entry_id, actor=actor, at=now, parts=PARTS)
