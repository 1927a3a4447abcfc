"""Reads of the calendar: what is on between two days, and how many came by month."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.activities.models import Activity, ActivityDay, SharedCalendar
from respite.activities.policy import OpenTo, days_of
from respite.houses.models import House
from respite.houses.policy.house_time import local, span_of

MONTHS = 12
FEWEST_TOLD = 11  # a smaller count of people is not told to others
NOTED_LATE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class On:
    """An activity on one of its days."""

    activity_id: uuid.UUID
    version: int
    day: date
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    led_by: str | None
    open_to: str
    weekly: bool
    off: bool
    word: str
    came: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """How often something was held, how often called off, and how many came in all."""

    first: date
    held: int
    counted: int
    off: int
    came: int | None  # none: not told

    def told(self, today: date) -> Month:
        """As it is told to others: how many came is left out while the month can change, and where it is under 11."""
        over = _month_after(self.first) + NOTED_LATE <= today
        few = self.came is not None and self.came < FEWEST_TOLD
        return self if over and not few else replace(self, came=None)


def on_between(
    session: Session, house: House, begin: date, end: date, open_to: Collection[str] = tuple(OpenTo)
) -> list[On]:
    """What is on from a day to before another, by time; in hours that a change of the clocks jumps over, nothing is."""
    found = []
    for activity in _activities(session, house.id, begin, end, open_to):
        rows = activity[1]
        for day in days_of(activity[0].weekly, activity[0].first_day, activity[0].last_day, begin, end):
            starts_at, ends_at = span_of(day, activity[0].begins, activity[0].ends, house.timezone)
            if starts_at == ends_at:
                continue
            found.append(_on(activity[0], rows.get(day), day, starts_at, ends_at))
    return sorted(found, key=lambda each: (each.starts_at, each.title))


def anything_on(house_id: uuid.UUID, begin: date, end: date) -> sa.ColumnElement[bool]:
    """Whether there may be anything from a day to before another, within a read of something else."""
    return sa.exists().where(
        Activity.house_id == house_id,
        Activity.first_day < end,
        sa.or_(Activity.last_day.is_(None), Activity.last_day >= begin),
    )


def months_of(session: Session, house: House, now: datetime) -> list[Month]:
    """The last twelve months by the house's clock, the newest first."""
    today = local(now, house.timezone).date()
    first = _month_before(today.replace(day=1), MONTHS - 1)
    on = on_between(session, house, first, today + timedelta(days=1))
    months = []
    begin = today.replace(day=1)
    for _n in range(MONTHS):
        mine = [each for each in on if each.day.replace(day=1) == begin]
        counted = [each.came for each in mine if each.came is not None]
        off = sum(each.off for each in mine)
        months.append(Month(begin, len(mine) - off, len(counted), off, sum(counted)))
        begin = _month_before(begin, 1)
    return months


def is_shared(session: Session, house_id: uuid.UUID) -> bool:
    return session.get(SharedCalendar, house_id) is not None


def _activities(
    session: Session, house_id: uuid.UUID, begin: date, end: date, open_to: Collection[str]
) -> list[tuple[Activity, dict[date, ActivityDay]]]:
    within = sa.and_(ActivityDay.activity_id == Activity.id, ActivityDay.day >= begin, ActivityDay.day < end)
    rows = session.execute(
        sa.select(Activity, ActivityDay)
        .outerjoin(ActivityDay, within)
        .where(
            Activity.house_id == house_id,
            Activity.open_to.in_([str(each) for each in open_to]),
            Activity.first_day < end,
            sa.or_(Activity.last_day.is_(None), Activity.last_day >= begin),
        )
        .order_by(Activity.id)
    )
    found: dict[uuid.UUID, tuple[Activity, dict[date, ActivityDay]]] = {}
    for activity, row in rows:
        days = found.setdefault(activity.id, (activity, {}))[1]
        if row is not None:
            days[row.day] = row
    return list(found.values())


def _on(activity: Activity, row: ActivityDay | None, day: date, starts_at: datetime, ends_at: datetime) -> On:
    return On(
        activity_id=activity.id,
        version=activity.version,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        title=activity.title,
        place=activity.place,
        led_by=activity.led_by,
        open_to=activity.open_to,
        weekly=activity.weekly,
        off=row.off if row is not None else False,
        word=row.word if row is not None else "",
        came=row.came if row is not None and not row.off else None,
    )


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _month_before(first: date, months: int) -> date:
    for _n in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
