"""Times and days in the reader's language, as people say them: "5:30 pm", "3 pm", "17:30"; "Thursday", "Friday 27"."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from flask_babel import get_locale
from flask_babel import gettext as _

NEAR = 6  # days that a weekday's name alone is clear for


def clock_words(instant: datetime, zone: str, *, minutes: bool = False) -> str:
    """The time on the house's clock: "5:30 pm", on the hour "3 pm" or with `minutes` "3:00 pm"; in Spanish "17:30"."""
    return time_words(instant.astimezone(ZoneInfo(zone)).time(), minutes=minutes)


def time_words(at: time, *, minutes: bool = False) -> str:
    """`clock_words` of a time that is on the house's clock already."""
    locale = get_locale()
    if locale is not None and locale.language != "en":
        return format_time(at, "H:mm", locale=locale)
    return format_time(at, "h:mm a" if at.minute or minutes else "h a", locale="en").lower()


def moment_words(instant: datetime, zone: str, now: datetime) -> str:
    """A time of today by the clock, one of another day with its day: "5:30 pm", "Wednesday 9 am"."""
    place = ZoneInfo(zone)
    day, today = instant.astimezone(place).date(), now.astimezone(place).date()
    at = clock_words(instant, zone)
    if day == today:
        return at
    return _("%(day)s %(at)s", day=weekday(day) if abs((day - today).days) <= NEAR else day_and_month(day), at=at)


def weekday(day: date) -> str:
    return format_date(day, "EEEE", locale=get_locale() or "en")


def day_words(day: date, today: date) -> str:
    """A day near `today` by its weekday, a later one with its number, a far one with its month."""
    away = (day - today).days
    if 0 <= away <= NEAR:
        return weekday(day)
    locale = get_locale()
    if 0 < away < 28:
        return format_date(day, "EEEE d", locale=locale or "en")
    return day_and_month(day, year=day.year != today.year)


def day_and_month(day: date, *, year: bool = False) -> str:
    """ "6 February", in Spanish "6 de febrero"."""
    locale = get_locale()
    if locale is None or locale.language == "en":
        return format_date(day, "d MMMM y" if year else "d MMMM", locale="en")
    return format_skeleton("yMMMMd" if year else "MMMMd", day, locale=locale)


def short_day(day: date) -> str:
    """A weekday in three letters or so: "Wed"."""
    return format_date(day, "EEE", locale=get_locale() or "en").rstrip(".")
