"""Shifts as pages show them: by day, in words, with what the reader may say of their own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from respite.core.times import clock_words
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.policy.shifts import EARLIEST_COMING, ShiftKind
from respite.staffing.policy.swaps import open_until
from respite.staffing.queries.shifts import OnShift


@dataclass(frozen=True, slots=True)
class ShiftLine:
    id: uuid.UUID
    name: str | None  # none: nobody has it yet
    house: House
    hours: str
    on_call: bool
    said: str  # "here since 3 pm", "went at 9 pm", or nothing
    mine: bool
    may_come: bool
    may_go: bool
    may_cancel: bool  # say that they can't come
    may_ask: bool  # a colleague to take it, or to swap


def line(shift: OnShift, house: House, person_id: uuid.UUID | None, now: datetime) -> ShiftLine:
    mine = person_id is not None and shift.person_id == person_id
    over = shift.ends_at <= now
    there = shift.came_at is not None and shift.went_at is None
    return ShiftLine(
        id=shift.shift_id,
        name=shift.name,
        house=house,
        hours=hours_words(shift.starts_at, shift.ends_at, house),
        on_call=shift.kind == ShiftKind.ON_CALL,
        said=_said(shift, house, now),
        mine=mine,
        may_come=mine and not over and not there and shift.starts_at - now <= EARLIEST_COMING,
        may_go=mine and there and not over,
        may_cancel=mine and shift.came_at is None and not over,
        may_ask=mine and shift.came_at is None and open_until(shift.starts_at) > now,
    )


def _said(shift: OnShift, house: House, now: datetime) -> str:
    if shift.went_at is not None:
        return _("went at %(time)s", time=clock_words(shift.went_at, house.timezone))
    if shift.came_at is None:
        return ""
    at = clock_words(shift.came_at, house.timezone)
    return _("came at %(time)s", time=at) if shift.ends_at <= now else _("here since %(time)s", time=at)


def hours_words(starts_at: datetime, ends_at: datetime, house: House) -> str:
    return _(
        "%(begin)s to %(end)s",
        begin=clock_words(starts_at, house.timezone),
        end=clock_words(ends_at, house.timezone),
    )


def day_title(day: date, today: date) -> str:
    """The whole date, since the list is also printed: "Today, Saturday 28 November"."""
    return _("Today, %(day)s", day=whole_day(day)) if day == today else whole_day(day)


def whole_day(day: date) -> str:
    return format_date(day, "EEEE d MMMM", locale=get_locale() or "en")


def day_of(shift: OnShift, house: House, first: date) -> date:
    """The day a shift stands under: that of its begin, or the first shown where it began before."""
    return max(local(shift.starts_at, house.timezone).date(), first)
