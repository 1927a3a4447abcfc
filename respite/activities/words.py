"""The calendar in words, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.activities.policy import OpenTo
from respite.activities.queries import On
from respite.core.times import clock_words, day_and_month, weekday
from respite.houses.models import House

OPEN_TO = {
    OpenTo.GUESTS: _l("for guests"),
    OpenTo.NEIGHBOURS: _l("for neighbours"),
    OpenTo.BOTH: _l("for guests and neighbours"),
}


def by_day(on: Iterable[On], house: House, today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each day with what is on, as people read it."""
    days: dict[date, list[dict[str, Any]]] = {}
    for each in on:
        days.setdefault(each.day, []).append(_told(each, house))
    return [(_day(day, today), found) for day, found in days.items()]


def _day(day: date, today: date) -> str:
    if day == today:
        return _("Today")
    return _("%(weekday)s, %(day)s", weekday=weekday(day), day=day_and_month(day))


def _told(each: On, house: House) -> dict[str, Any]:
    zone = house.timezone
    begins, ends = clock_words(each.starts_at, zone), clock_words(each.ends_at, zone)
    return {
        "id": each.activity_id,
        "day": each.day.isoformat(),
        "title": each.title,
        "hours": _("%(begin)s to %(end)s", begin=begins, end=ends),
        "place": each.place,
        "led_by": _("with %(name)s", name=each.led_by) if each.led_by else None,
        "open_to": OPEN_TO[OpenTo(each.open_to)],
        "weekly": each.weekly,
        "off": each.off,
        "word": each.word,
        "came": each.came,
    }
