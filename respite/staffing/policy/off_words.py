"""Days off as a peer asks for them by text: "OFF 12/24", "OFF 12/24-26", "LIBRE 24/12-2/1". Values in, values out.

OFF reads the month first and LIBRE the day; where only the other way round is a day, it is that one. What was read is
said back in words, so that a wrong reading is seen. Whatever has other words in it is for people to read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

#: A day without a year that was so lately is that one, and not the one of next year.
LATELY = timedelta(days=60)
#: A last day without a year that comes before the first is of the next year, where the whole is no longer than this.
OVER_NEW_YEAR = timedelta(days=60)

_WORD = r"(?P<word>off|days? off|libres?|dias? libres?)"
_DAY = r"\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?"
_TO = r"(?:-|to|through|a|al|hasta)"
_READABLE = re.compile(rf"{_WORD} ?(?P<first>{_DAY}|\d{{1,2}})(?: ?{_TO} ?(?P<last>{_DAY}|\d{{1,2}}))?")
_MEANT = re.compile(rf"{_WORD} ?\d(?:[\d/. -]|{_TO})*")
_AROUND = re.compile(r"\b(?:please|pls|thanks|thank you|gracias|por favor)\b")


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last, both off."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Unclear:
    """Days off are meant, and which ones cannot be read."""


def asks_for_days_off(body: str) -> bool:
    """Whether a text asks for days off and says nothing else."""
    return _MEANT.fullmatch(_tidied(body)) is not None


def days_off(body: str, today: date) -> Days | Unclear | None:
    """The days that a text asks for; None for whatever else it says. `today` is by the house's clock."""
    text = _tidied(body)
    if not _MEANT.fullmatch(text):
        return None
    found = _READABLE.fullmatch(text)
    if found is None:
        return Unclear()
    month_first = found["word"].endswith("off")
    begin, end = found["first"], found["last"] or found["first"]
    if "/" not in begin and "/" not in end:
        return Unclear()
    if "/" not in end:  # 12/24-26, and 24/12-26
        end = _same_month(begin, end, month_first)
    elif "/" not in begin:  # 24-26/12
        begin = _same_month(end, begin, month_first)
    first = _read(begin, month_first, today - LATELY)
    last = _read(end, month_first, first) if first is not None else None
    if first is None or last is None or last < first:
        return Unclear()
    if last.year > first.year and end.count("/") == 1 and last - first > OVER_NEW_YEAR:
        return Unclear()
    return Days(first, last)


def _tidied(body: str) -> str:
    small = unicodedata.normalize("NFKD", body.casefold().replace("–", "-").replace("—", "-"))
    plain = "".join(each for each in small if not unicodedata.combining(each))
    return " ".join(_AROUND.sub(" ", plain).replace(":", " ").replace(",", " ").split()).strip(" .!")


def _same_month(whole: str, day: str, month_first: bool) -> str:
    """A day alone, with the month and the year of the other one."""
    parts = whole.split("/")
    parts[1 if _is_month_first(parts, month_first) else 0] = day
    return "/".join(parts)


def _is_month_first(parts: list[str], wanted: bool) -> bool:
    """Which way round a day is read: as the word says, where that can be one."""
    month = int(parts[0 if wanted else 1])
    return wanted if 1 <= month <= 12 else not wanted


def _read(text: str, month_first: bool, not_before: date) -> date | None:
    """The day; without a year the first such day from `not_before` on."""
    parts = text.split("/")
    first_is_month = _is_month_first(parts, month_first)
    month, day = (int(parts[0]), int(parts[1])) if first_is_month else (int(parts[1]), int(parts[0]))
    if len(parts) == 3:
        year = int(parts[2])
        return _day(year + 2000 if len(parts[2]) == 2 else year, month, day)
    found = (_day(year, month, day) for year in (not_before.year, not_before.year + 1))
    return next((each for each in found if each is not None and each >= not_before), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
