"""Patterns as people read them, and the picture of a week of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from babel.dates import format_time, get_day_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from respite.core.times import day_and_month
from respite.staffing.models import ShiftPattern
from respite.staffing.policy.patterns import DAY_MINUTES, Comes, Stretch, below, needs_of, week_of
from respite.staffing.policy.shifts import ShiftKind


@dataclass(frozen=True, slots=True)
class PatternLine:
    id: uuid.UUID
    name: str
    hours: str
    facts: list[str]
    from_until: str


@dataclass(frozen=True, slots=True)
class DayBar:
    """A stretch of one day in the picture: where it begins, how long it is, how many are in the house."""

    begin: int
    length: int
    floor: int
    on_call: int


@dataclass(frozen=True, slots=True)
class DayRow:
    name: str
    said: str
    bars: list[DayBar]


def pattern_lines(found: Iterable[ShiftPattern], names: Mapping[str, str], today: date) -> list[PatternLine]:
    return [_line(each, names, today) for each in found]


def _line(pattern: ShiftPattern, names: Mapping[str, str], today: date) -> PatternLine:
    if pattern.kind == ShiftKind.ON_CALL:
        facts = [ngettext("one on call", "%(num)s on call", pattern.seats)]
    else:
        facts = [ngettext("one person", "%(num)s people", pattern.seats)]
    if pattern.awake:
        facts.append(_("awake"))
    for need in needs_of(pattern.needs):
        facts.append(
            ngettext("one holds %(tag)s", "%(num)s hold %(tag)s", need.least, tag=names.get(need.tag, need.tag))
        )
    facts += [_("everybody holds %(tag)s", tag=names.get(tag, tag)) for tag in pattern.everyone]
    return PatternLine(
        id=pattern.id,
        name=pattern.name,
        hours=_hours(pattern),
        facts=facts,
        from_until=_span(pattern, today),
    )


def _hours(pattern: ShiftPattern) -> str:
    begin, end = _clock(pattern.begins), _clock(pattern.ends)
    return _("%(days)s, %(begin)s to %(end)s", days=_days(pattern.weekdays), begin=begin, end=end)


def _span(pattern: ShiftPattern, today: date) -> str:
    said = []
    if pattern.first_day > today:
        said.append(_("from %(day)s", day=day_and_month(pattern.first_day)))
    if pattern.until is not None:
        said.append(_("until %(day)s", day=day_and_month(pattern.until)))
    return " ".join(said)


def _days(weekdays: Sequence[int]) -> str:
    if len(weekdays) == 7:
        return _("every day")
    names = get_day_names("abbreviated", locale=get_locale() or "en")
    return ", ".join(names[day] for day in weekdays)


def _clock(at: time) -> str:
    locale = get_locale()
    if locale is not None and locale.language != "en":
        return format_time(at, "H:mm", locale=locale)
    return format_time(at, "h:mm a" if at.minute else "h a", locale="en").lower()


def week_rows(patterns: Sequence[Comes]) -> list[DayRow]:
    """Each day of the week with its stretches, Monday first."""
    names = get_day_names("wide", locale=get_locale() or "en")
    week = week_of(patterns)
    return [_day_row(day, str(names[day]), week) for day in range(7)]


def _day_row(day: int, name: str, week: Sequence[Stretch]) -> DayRow:
    begins, ends = day * DAY_MINUTES, (day + 1) * DAY_MINUTES
    inside = [
        DayBar(max(s.begin, begins) - begins, min(s.end, ends) - max(s.begin, begins), s.floor, s.on_call)
        for s in week
        if s.begin < ends and s.end > begins
    ]
    said = ", ".join(_bar_words(bar) for bar in inside)
    return DayRow(name, said, inside)


def _bar_words(bar: DayBar) -> str:
    begin, end = _minute(bar.begin), _minute(bar.begin + bar.length)
    return _("%(begin)s to %(end)s: %(people)s", begin=begin, end=end, people=bar.floor)


def uncovered(patterns: Sequence[Comes], least: int, *, all_hours: bool) -> list[str]:
    """Hours of the week in which fewer than the house's least are asked for: "Tuesday 3 am to 7 am: nobody"."""
    names = get_day_names("wide", locale=get_locale() or "en")
    return [
        _(
            "%(from_day)s %(begin)s to %(to_day)s %(end)s: %(people)s",
            from_day=names[each.begin // DAY_MINUTES],
            begin=_minute(each.begin % DAY_MINUTES),
            to_day=names[each.end // DAY_MINUTES % 7],
            end=_minute(each.end % DAY_MINUTES),
            people=ngettext("%(num)s person", "%(num)s people", each.floor) if each.floor else _("nobody"),
        )
        for each in below(patterns, least, all_hours=all_hours)
    ]


def _minute(minute: int) -> str:
    return _clock(time(minute // 60 % 24, minute % 60))
