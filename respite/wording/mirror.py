"""The mirror: how the house wrote in the months that are over, where there is enough to say it."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.wording.counting import PEOPLE, month_of
from respite.wording.hints import listed
from respite.wording.models import WordingCount, WordingMonth

__all__ = ["NOTES", "PEOPLE", "Figures", "Month", "months_of"]

MONTHS = 12
NOTES = 50  # fewer say too little


@dataclass(frozen=True, slots=True)
class Month:
    """One month. `figures` is none where there are too few notes, or of too few people, to say anything."""

    first: date
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Figures:
    notes: int
    with_words: int
    often: tuple[tuple[str, int], ...]  # the first word of an entry and in how many notes, the most often first


def months_of(session: Session, house_id: uuid.UUID, now: datetime) -> list[Month]:
    """The last months that are over and in which notes were written, the newest first."""
    running = month_of(session, house_id, now)
    rows = session.scalars(
        sa.select(WordingMonth)
        .where(WordingMonth.house_id == house_id, WordingMonth.month < running, WordingMonth.notes > 0)
        .order_by(WordingMonth.month.desc())
        .limit(MONTHS)
    ).all()
    told = [row.month for row in rows if _enough(row)]
    often: dict[date, Counter[str]] = {month: Counter() for month in told}
    names = {each.hint.entry: each.hint.words[0] for each in listed(session, house_id)} if told else {}
    counts = sa.select(WordingCount).where(
        WordingCount.house_id == house_id, WordingCount.month.in_(told), WordingCount.notes > 0
    )
    for count in session.scalars(counts.order_by(WordingCount.notes.desc(), WordingCount.entry)):
        often[count.month][names[count.entry]] += count.notes
    return [
        Month(
            row.month,
            Figures(row.notes, row.with_words, tuple(often[row.month].most_common())) if _enough(row) else None,
        )
        for row in rows
    ]


def _enough(row: WordingMonth) -> bool:
    return row.notes >= NOTES and row.by_five
