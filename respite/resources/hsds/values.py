"""Reading a value as people write it. `Unreadable` says why not, as the end of a sentence that names the column."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
import sqlalchemy as sa

from respite.core.phones import HOME
from respite.resources.policy import LocationType, PhoneType, Status

LONGEST = 20_000  # letters of a description

_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%Y/%m/%d", "%Y%m%d")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?m?\.?(z|[+-]\d{2}:?\d{2})?", re.I)
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY = re.compile(r"[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)")
_NUMBERS = re.compile(r"-?\d{1,3}(,-?\d{1,3})*")


class Unreadable(ValueError):
    """The value cannot be read; the words say why."""


def quoted(value: object) -> str:
    """The value as a problem repeats it: short, on one line."""
    text = " ".join(str(value).split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def plain(value: Any) -> str:
    """What was written, without marks that no one meant to write; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dict | list):
        raise Unreadable("holds a list or an object where words should be")
    return _CONTROL.sub("", str(value)).strip()


def a_day(text: str) -> date:
    for form in _DATES:
        with suppress(ValueError):
            day = datetime.strptime(text.partition("T")[0], form).date()  # noqa: DTZ007 (a day has no zone)
            if not 1900 <= day.year <= 2200:
                raise Unreadable(f"is {quoted(text)}, which is a day of the year {day.year}")
            return day
    raise Unreadable(f"is {quoted(text)}, which is no date")


def an_instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        day = a_day(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def a_time(text: str) -> time:
    """A time of the day, such as 9:00, 09:00:00-05:00, 4:00 PM or 3pm. 24:00 is midnight."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise Unreadable(f"is {quoted(text)}, which is no time of the day")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise Unreadable(f"is {quoted(text)}, which is no time of the day")
        hour = hour % 12 + (12 if half == "p" else 0)
    elif found[2] is None:
        raise Unreadable(f"is {quoted(text)}, which is no time of the day")
    if (hour, minute) == (24, 0):
        hour = 0
    try:
        return time(hour, minute)
    except ValueError as error:
        raise Unreadable(f"is {quoted(text)}, which is no time of the day") from error


def a_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise Unreadable(f"is {quoted(text)}, which is no number") from error
    if not abs(number) < 1e9:
        raise Unreadable(f"is {quoted(text)}, which is no number that can be kept")
    return number


def a_count(text: str) -> int:
    number = a_number(text)
    if not number.is_integer() or number < 0:
        raise Unreadable(f"is {quoted(text)}, which is no whole number")
    return int(number)


def a_yes(text: str) -> bool:
    return text.lower() in ("true", "1", "t", "yes", "y")


def an_address(text: str) -> str:
    """A web address. One without http:// gets it."""
    whole = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(whole)
        good = (
            parts.scheme.lower() in ("http", "https") and "." in (parts.hostname or "") and not re.search(r"\s", whole)
        )
    except ValueError:
        good = False
    if not good:
        raise Unreadable(f"is {quoted(text)}, which is no web address")
    return whole


def mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise Unreadable(f"is {quoted(text)}, which is no e-mail address")
    return text


def dialled(text: str) -> tuple[str | None, str | None]:
    """The number as it is dialled, and its extension; nothing where it is not clear which single number it is."""
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None, None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None, None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension or None


def a_phone(text: str) -> str:
    text = text.strip("\"' ")
    if sum(each.isalnum() for each in text) < 3 or not any(each.isdigit() for each in text):
        raise Unreadable(f"is {quoted(text)}, which is no telephone number")
    return text


def _of(words: type[Any], also: dict[str, str] | None = None) -> Callable[[str], str]:
    allowed = [str(each) for each in words]

    def read(text: str) -> str:
        word = " ".join(text.lower().replace("_", " ").split())
        word = (also or {}).get(word, word)
        if word not in allowed:
            raise Unreadable(f"is {quoted(text)}, which is none of {', '.join(allowed)}")
        return word

    return read


def _days(text: str) -> str:
    days = [day.strip().upper() for day in text.split(",") if day.strip()]
    if not days or any(not _BY_DAY.fullmatch(day) for day in days):
        raise Unreadable(f"is {quoted(text)}, which are no days such as MO or 2TU")
    return ",".join(days)


def _numbers(text: str) -> str:
    close = text.replace(" ", "")
    if not _NUMBERS.fullmatch(close):
        raise Unreadable(f"is {quoted(text)}, which are no numbers set apart by commas")
    return close


def _start(text: str) -> str:
    if text.upper()[:2] not in _DAYS:
        raise Unreadable(f"is {quoted(text)}, which is no day of the week")
    return text.upper()[:2]


def _how_often(text: str) -> str:
    if text.upper() not in ("WEEKLY", "MONTHLY"):
        raise Unreadable(f"is {quoted(text)}, which is neither WEEKLY nor MONTHLY")
    return text.upper()


def _country(text: str) -> str:
    word = {"USA": "US", "UNITED STATES": "US", "UNITED STATES OF AMERICA": "US"}.get(text.upper(), text.upper())
    if not re.fullmatch("[A-Z]{2}", word):
        raise Unreadable(f"is {quoted(text)}, which is no country in two letters")
    return word


#: How the columns that are more than words are read.
READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("url", "website", "uri", "term_uri", "schedule_link"), an_address),
    **dict.fromkeys(("email", "assurer_email"), mail),
    "number": a_phone,
    "status": _of(Status),
    "location_type": _of(LocationType),
    "address_type": _of(LocationType, {"mailing": "postal"}),
    "byday": _days,
    **dict.fromkeys(("byweekno", "bymonthday", "byyearday"), _numbers),
    "wkst": _start,
    "freq": _how_often,
    "country": _country,
}
PHONE_TYPE = _of(PhoneType, {"tty": "textphone", "tdd": "textphone", "sms": "text", "mobile": "cell"})
_BY_TYPE: tuple[tuple[type[Any], Callable[[str], Any]], ...] = (
    (sa.Boolean, a_yes), (sa.Date, a_day), (sa.Time, a_time),
    (sa.DateTime, an_instant), (sa.Float, a_number), (sa.Integer, a_count),
)  # fmt: skip


def reader(column: sa.Column[Any]) -> Callable[[str], Any]:
    """How this column is read. Raises Unreadable."""
    read: Callable[[str], Any]
    if column.name == "type" and column.table.name == "directory_phone":
        read = PHONE_TYPE
    elif column.name in READERS:
        read = READERS[column.name]
    else:
        inner = getattr(column.type, "impl", column.type)
        read = next((each for kind, each in _BY_TYPE if isinstance(inner, kind)), str)
    most = getattr(column.type, "length", None) or LONGEST
    if not isinstance(column.type, sa.String):
        return read

    def short_enough(text: str) -> Any:
        value = read(text)
        if len(value) > most:
            raise Unreadable(f"has {len(value)} letters, and {most} are the most")
        return value

    return short_enough
