"""The patterns of a house, and what stands in its list although none asks for it any more."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.staffing.models import Shift, ShiftPattern


def patterns_of(session: Session, house_id: uuid.UUID, day: date) -> list[ShiftPattern]:
    """Patterns that count on the day or later, in the order in which they begin and of the day's hours."""
    found = session.scalars(
        sa.select(ShiftPattern)
        .where(
            ShiftPattern.house_id == house_id,
            sa.or_(ShiftPattern.until.is_(None), ShiftPattern.until > day),
            sa.or_(ShiftPattern.until.is_(None), ShiftPattern.until > ShiftPattern.first_day),
        )
        .order_by(ShiftPattern.first_day, ShiftPattern.kind, ShiftPattern.begins, ShiftPattern.name, ShiftPattern.id)
    )
    return list(found)


def patterns_between(session: Session, house_id: uuid.UUID, first: date, until: date) -> list[ShiftPattern]:
    """Every pattern that counts on a day from the first, before `until`."""
    found = session.scalars(
        sa.select(ShiftPattern).where(
            ShiftPattern.house_id == house_id,
            ShiftPattern.first_day < until,
            sa.or_(ShiftPattern.until.is_(None), ShiftPattern.until > first),
        )
    )
    return list(found)


def ended_patterns(session: Session, house_id: uuid.UUID, day: date) -> list[ShiftPattern]:
    """Those that counted once and do not from the day on, the latest first."""
    found = session.scalars(
        sa.select(ShiftPattern)
        .where(
            ShiftPattern.house_id == house_id,
            ShiftPattern.until <= day,
            ShiftPattern.until > ShiftPattern.first_day,
        )
        .order_by(ShiftPattern.until.desc(), ShiftPattern.begins, ShiftPattern.name)
    )
    return list(found)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A coming shift that somebody has, of a pattern that ended or was changed before its day."""

    shift_id: uuid.UUID
    version: int
    person: str
    kind: str
    starts_at: datetime
    ends_at: datetime


def misfits(session: Session, house_id: uuid.UUID, now: datetime) -> list[Misfit]:
    """What the coordinator is asked about after a change of patterns, in the order of time."""
    found = session.execute(
        sa.select(Shift.id, Shift.version, Person.name, Shift.kind, Shift.starts_at, Shift.ends_at)
        .join(ShiftPattern, ShiftPattern.id == Shift.pattern_id)
        .join(Person, Person.id == Shift.person_id)
        .where(
            Shift.house_id == house_id,
            Shift.published_at.is_not(None),
            Shift.ends_at > now,
            no_longer_asked(),
        )
        .order_by(Shift.starts_at, Person.name, Shift.id)
    )
    return [Misfit(*row) for row in found]


def no_longer_asked() -> sa.ColumnElement[bool]:
    """Of a shift beside its pattern: the pattern ended before the shift's day."""
    return sa.or_(
        sa.and_(ShiftPattern.until.is_not(None), Shift.day >= ShiftPattern.until),
        Shift.day < ShiftPattern.first_day,
    )
