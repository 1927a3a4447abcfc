"""Reading a value as people write it. `Unreadable` says why not, in a sentence that names the column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
import sqlalchemy as sa

from respite.core.phones import HOME
from respite.resources.hsds.said import Said
from respite.resources.hsds.said import said as _l
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
    """The value cannot be read; the sentence says why, once it knows of which column."""

    def __init__(self, says: Said) -> None:
        super().__init__(says.sentence)
        self._says = says

    def of(self, column: str) -> Said:
        return self._says.of(column=column)


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
        raise Unreadable(_l("%(column)s holds a list or an object where words should be"))
    return _CONTROL.sub("", str(value)).strip()


def a_day(text: str) -> date:
    for form in _DATES:
        with suppress(ValueError):
            day = datetime.strptime(text.partition("T")[0], form).date()  # noqa: DTZ007 (a day has no zone)
            if not 1900 <= day.year <= 2200:
                raise Unreadable(
                    _l(
                        "%(column)s is %(value)s, which is a day of the year %(year)s",
                        value=quoted(text),
                        year=day.year,
                    )
                )
            return day
    raise Unreadable(_l("%(column)s is %(value)s, which is no date", value=quoted(text)))


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
        raise Unreadable(_l("%(column)s is %(value)s, which is no time of the day", value=quoted(text)))
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise Unreadable(_l("%(column)s is %(value)s, which is no time of the day", value=quoted(text)))
        hour = hour % 12 + (12 if half == "p" else 0)
    elif found[2] is None:
        raise Unreadable(_l("%(column)s is %(value)s, which is no time of the day", value=quoted(text)))
    if (hour, minute) == (24, 0):
        hour = 0
    try:
        return time(hour, minute)
    except ValueError as error:
        raise Unreadable(_l("%(column)s is %(value)s, which is no time of the day", value=quoted(text))) from error


def a_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise Unreadable(_l("%(column)s is %(value)s, which is no number", value=quoted(text))) from error
    if not abs(number) < 1e9:
        raise Unreadable(_l("%(column)s is %(value)s, which is no number that can be kept", value=quoted(text)))
    return number


def a_count(text: str) -> int:
    number = a_number(text)
    if not number.is_integer() or number < 0:
        raise Unreadable(_l("%(column)s is %(value)s, which is no whole number", value=quoted(text)))
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
        raise Unreadable(_l("%(column)s is %(value)s, which is no web address", value=quoted(text)))
    return whole


def mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise Unreadable(_l("%(column)s is %(value)s, which is no e-mail address", value=quoted(text)))
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
        raise Unreadable(_l("%(column)s is %(value)s, which is no telephone number", value=quoted(text)))
    return text


def _of(words: Iterable[Any], also: dict[str, str] | None = None) -> Callable[[str], str]:
    allowed = [str(each) for each in words]

    def read(text: str) -> str:
        word = " ".join(text.lower().replace("_", " ").split())
        word = (also or {}).get(word, word)
        if word not in allowed:
            raise Unreadable(
                _l("%(column)s is %(value)s, which is none of %(words)s", value=quoted(text), words=", ".join(allowed))
            )
        return word

    return read


def _days(text: str) -> str:
    days = [day.strip().upper() for day in text.split(",") if day.strip()]
    if not days or any(not _BY_DAY.fullmatch(day) for day in days):
        raise Unreadable(_l("%(column)s is %(value)s, which are no days such as MO or 2TU", value=quoted(text)))
    return ",".join(days)


def _numbers(text: str) -> str:
    close = text.replace(" ", "")
    if not _NUMBERS.fullmatch(close):
        raise Unreadable(_l("%(column)s is %(value)s, which are no numbers set apart by commas", value=quoted(text)))
    return close


def _start(text: str) -> str:
    if text.upper()[:2] not in _DAYS:
        raise Unreadable(_l("%(column)s is %(value)s, which is no day of the week", value=quoted(text)))
    return text.upper()[:2]


def _how_often(text: str) -> str:
    if text.upper() not in ("WEEKLY", "MONTHLY"):
        raise Unreadable(_l("%(column)s is %(value)s, which is neither WEEKLY nor MONTHLY", value=quoted(text)))
    return text.upper()


def _country(text: str) -> str:
    word = {"USA": "US", "UNITED STATES": "US", "UNITED STATES OF AMERICA": "US"}.get(text.upper(), text.upper())
    if not re.fullmatch("[A-Z]{2}", word):
        raise Unreadable(_l("%(column)s is %(value)s, which is no country in two letters", value=quoted(text)))
    return word


#: How the columns that are more than words are read.
READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("url", "website", "uri", "term_uri", "schedule_link"), an_address),
    **dict.fromkeys(("email", "assurer_email"), mail),
    "number": a_phone,
    "status": _of([each for each in Status if each is not Status.DRAFT]),
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
            raise Unreadable(
                _l("%(column)s has %(letters)s letters, and %(most)s are the most", letters=len(value), most=most)
            )
        return value

    return short_enough
