"""What a guest asked to pass on, and the line they may leave for the next. The guest sees both."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.guests import events
from respite.guests.errors import NamelessNotOffered, NotOnTheList
from respite.guests.models import LeftLine, Note, Stay
from respite.guests.service.ground import door
from respite.guests.service.undo import undoing

LONGEST_NOTE = 1000
LONGEST_LINE = 120


def make_note(actor: Actor, stay_id: uuid.UUID, words: str, *, at: datetime | None = None, now: datetime) -> Note:
    """Keep what the guest asked to pass on, in their words."""
    text = words.strip()
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise Invalid(fields={"words": _("Please write up to %(most)s letters.", most=LONGEST_NOTE)})
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS)
        if stay.guest_id is None:
            raise NamelessNotOffered(_("A stay without a name keeps no notes."))
        with undoing(session, actor, stay.house_id, events.NOTE_MADE) as undo:
            note = Note(
                house_id=stay.house_id, stay_id=stay.id, guest_id=stay.guest_id, made_by=actor.ref, at=at or now
            )
            note.words = text
            session.add(note)
            undo.made = [note]
            undo.parts = door(stay.bed_id)
        record(
            session,
            stay.house_id,
            events.NOTE_MADE,
            subject=note.id,
            actor=actor,
            at=now,
            parts=door(stay.bed_id),
            stay_id=stay.id,
        )
    return note


def pass_on(actor: Actor, note_id: uuid.UUID, *, now: datetime) -> Note:
    """It was passed on: one tap."""
    with transaction() as session:
        note = locked_row(session, actor, Note, note_id, May.KEEP_BEDS)
        if note.passed_on_at is not None:
            raise NotOnTheList
        stay = session.get_one(Stay, note.stay_id)
        with undoing(session, actor, note.house_id, events.NOTE_PASSED_ON, note) as undo:
            undo.parts = door(stay.bed_id)
            note.passed_on_at = now
        record(
            session,
            note.house_id,
            events.NOTE_PASSED_ON,
            subject=note.id,
            actor=actor,
            at=now,
            parts=door(stay.bed_id),
            stay_id=note.stay_id,
        )
    return note


def leave_line(
    actor: Actor,
    house_id: uuid.UUID,
    words: str,
    *,
    guest_id: uuid.UUID | None = None,
    stay_id: uuid.UUID | None = None,
    now: datetime,
) -> LeftLine:
    """A line a guest chose to leave for the next; the wall's house face shows the newest, and names nobody.

    Of a stay it is its guest's, also where whoever writes is not shown whose it is.
    """
    text = words.strip()
    if not 1 <= len(text) <= LONGEST_LINE:
        raise Invalid(fields={"words": _("Please write up to %(most)s letters.", most=LONGEST_LINE)})
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        if stay_id is not None:
            guest_id = session.get_one(Stay, stay_id).guest_id
        with undoing(session, actor, house_id, events.LINE_LEFT) as undo:
            line = LeftLine(house_id=house_id, guest_id=guest_id, at=now)
            line.words = text
            session.add(line)
            undo.made = [line]
            undo.parts = ("house-face",)
        record(session, house_id, events.LINE_LEFT, subject=line.id, actor=actor, at=now, parts=("house-face",))
    return line


def take_line_down(actor: Actor, line_id: uuid.UUID, *, now: datetime) -> LeftLine:
    with transaction() as session:
        line = locked_row(session, actor, LeftLine, line_id, May.KEEP_BEDS)
        if line.taken_down_at is not None:
            raise NotOnTheList
        with undoing(session, actor, line.house_id, events.LINE_TAKEN_DOWN, line) as undo:
            undo.parts = ("house-face",)
            line.taken_down_at = now
        record(
            session, line.house_id, events.LINE_TAKEN_DOWN, subject=line.id, actor=actor, at=now, parts=("house-face",)
        )
    return line
