"""Places of the same hours, put together as one turn of the day: "7 am to 3 pm: Dana, Luis"."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import gettext as _

from respite.core.times import clock_words
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.overrides import Overruled
from respite.staffing.queries.shifts import OnShift
from respite.staffing.views.against import decided
from respite.staffing.views.shown import ShiftLine, day_of, hours_words, line


@dataclass(frozen=True, slots=True)
class Turn:
    hours: str
    on_call: bool
    on_now: bool
    places: list[ShiftLine]
    decided: list[str]  # against a rule, by whom and why

    @property
    def open_places(self) -> int:
        return sum(place.name is None for place in self.places)


def by_day(
    shifts: Sequence[OnShift],
    house: House,
    person_id: uuid.UUID | None,
    now: datetime,
    first: date,
    days: int,
    overruled: Mapping[uuid.UUID, Overruled],
) -> dict[date, list[Turn]]:
    """The turns of each of the days from `first`; those that began before it stand under it, with their end alone.

    `overruled` is what the reader sees of decisions against a rule.
    """
    found: dict[date, list[Turn]] = {first + timedelta(days=n): [] for n in range(days)}
    begins = day_begins(first, house.timezone)
    in_order = sorted(shifts, key=lambda each: (each.starts_at, each.kind != ShiftKind.FLOOR, each.ends_at))
    for _key, group in groupby(in_order, key=lambda each: (each.starts_at, each.kind, each.ends_at)):
        turn = list(group)
        found[day_of(turn[0], house, first)].append(_turn(turn, house, person_id, now, begins, overruled))
    return found


def _turn(
    shifts: list[OnShift],
    house: House,
    person_id: uuid.UUID | None,
    now: datetime,
    begins: datetime,
    overruled: Mapping[uuid.UUID, Overruled],
) -> Turn:
    one = shifts[0]
    began_before = one.starts_at < begins
    until = _("until %(end)s", end=clock_words(one.ends_at, house.timezone))
    return Turn(
        hours=until if began_before else hours_words(one.starts_at, one.ends_at, house),
        on_call=one.kind == ShiftKind.ON_CALL,
        on_now=one.starts_at <= now < one.ends_at,
        places=[line(shift, house, person_id, now) for shift in sorted(shifts, key=_named_first)],
        decided=[
            f"{shift.name}: {decided(overruled[shift.shift_id])}"
            for shift in sorted(shifts, key=_named_first)
            if shift.shift_id in overruled
        ],
    )


def _named_first(shift: OnShift) -> tuple[bool, str, uuid.UUID]:
    return shift.name is None, shift.name or "", shift.shift_id
