"""How the house writes, by month: how many notes, in how many a word of the list stood, and which. Never by whom.

The words of the log are gone after a week, so notes are counted as they are written, in the transaction that keeps
them. No row of a count names a person, a day, a shift or a note.

That five people wrote them must be known without keeping who. So a month has marks, keyed digests of house, month and
person, that say of somebody only that they wrote at all: no number stands beside one, and the same person's second
note leaves no trace. With the fifth mark "five or more" is kept, and every mark goes; where it never comes to five the
marks go when the month is over. Nothing ties a mark to a count, so no figure of a person can be made of the two.

A note that is taken off is uncounted while its month runs. Its mark stays: to know whether the same person wrote
another one would need what is not kept. A month that is over does not move any more, and only such months are shown:
whoever reloaded a page of the running one after a colleague's note would have that colleague's figure.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.core.crypto import ring
from respite.core.db import transaction
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.wording.hints import hints_of
from respite.wording.models import WordingCount, WordingMark, WordingMonth
from respite.wording.policy import found

PEOPLE = 5
SETTLES = timedelta(days=1)  # a month is over for every house a day after it is over somewhere


def count_note(session: Session, actor: Actor, house_id: uuid.UUID, words: str | None, now: datetime) -> None:
    """Somebody who works here wrote a note. Behind the house's lock; what no person wrote is not counted."""
    if not words or actor.kind != ActorKind.PERSON:
        return
    month = month_of(session, house_id, now)
    row = _month(session, house_id, month)
    row.notes += 1
    entries = _entries(session, house_id, words, now)
    row.with_words += bool(entries)
    for entry in entries:
        _count(session, house_id, month, entry).notes += 1
    if not row.by_five:
        _mark(session, row, actor)
    session.flush()


def uncount_note(
    session: Session, actor: Actor, house_id: uuid.UUID, words: str | None, written_at: datetime, now: datetime
) -> None:
    """The note is taken off, by whoever wrote it: as though it had not been. Behind the house's lock."""
    month = month_of(session, house_id, written_at)
    if not words or actor.kind != ActorKind.PERSON or month != month_of(session, house_id, now):
        return
    row = _month(session, house_id, month)
    row.notes = max(0, row.notes - 1)
    entries = _entries(session, house_id, words, written_at)
    row.with_words = max(0, row.with_words - bool(entries))
    for entry in entries:
        count = _count(session, house_id, month, entry)
        count.notes = max(0, count.notes - 1)
    session.flush()


def forget_marks(now: datetime) -> int:
    """Marks of months that are over; returns how many."""
    with transaction() as session:
        running = (now - SETTLES).date().replace(day=1)
        gone = session.execute(sa.delete(WordingMark).where(WordingMark.month < running))
        return cast("sa.CursorResult[tuple[()]]", gone).rowcount


def month_of(session: Session, house_id: uuid.UUID, at: datetime) -> date:
    """The first day of the month by the house's clock."""
    return local(at, session.get_one(House, house_id).timezone).date().replace(day=1)


def _entries(session: Session, house_id: uuid.UUID, words: str, at: datetime) -> set[str]:
    """By the list as it stood when the note was written."""
    return {each.hint.entry for each in found(words, hints_of(session, house_id, at))}


def _month(session: Session, house_id: uuid.UUID, month: date) -> WordingMonth:
    asked = sa.select(WordingMonth).where(WordingMonth.house_id == house_id, WordingMonth.month == month)
    row = session.scalar(asked)
    if row is None:
        row = WordingMonth(house_id=house_id, month=month, notes=0, with_words=0, by_five=False)
        session.add(row)
    return row


def _count(session: Session, house_id: uuid.UUID, month: date, entry: str) -> WordingCount:
    asked = sa.select(WordingCount).where(
        WordingCount.house_id == house_id, WordingCount.month == month, WordingCount.entry == entry
    )
    row = session.scalar(asked)
    if row is None:
        row = WordingCount(house_id=house_id, month=month, entry=entry, notes=0)
        session.add(row)
    return row


def _mark(session: Session, row: WordingMonth, actor: Actor) -> None:
    mark = ring().blind("wording mark", f"{row.house_id} {row.month} {actor.id}")
    of_month = sa.and_(WordingMark.house_id == row.house_id, WordingMark.month == row.month)
    marks = set(session.scalars(sa.select(WordingMark.mark).where(of_month)))
    if mark in marks:
        return
    if len(marks) + 1 >= PEOPLE:
        row.by_five = True
        session.execute(sa.delete(WordingMark).where(of_month))
    else:
        session.add(WordingMark(house_id=row.house_id, month=row.month, mark=mark))
