"""Titles that say what happened and nothing of anybody, and how long a hard moment is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

LONGEST_TITLE, MOST_TITLES = 60, 20
LONGEST_FACT, LONGEST_ACCOUNT = 1000, 4000
KEEP_YEARS, MOST_YEARS = 5, 30
TAKEN_BACK_WITHIN = timedelta(minutes=30)
OFFERED_FOR = timedelta(days=30)
SAME_TIME = timedelta(minutes=5)  # what is written down within it was written down as it happened


class Way(StrEnum):
    """How a guest's account came."""

    TOGETHER = "together"  # on the house's screen, with a peer
    PAGE = "page"  # on the guest's own page


#: Kept by their key, shown in the reader's language.
KNOWN: Mapping[str, Any] = {
    "help-from-outside": _l("Somebody needed help from outside"),
    "loud-words": _l("Loud words"),
    "something-broke": _l("Something broke"),
    "left-upset": _l("A guest left upset"),
    "first-aid": _l("First aid"),
    "something-else": _l("Something else"),
}


def title_shown(kept: str) -> str:
    return str(KNOWN.get(kept, kept))


def kept_as(title: str) -> str:
    """A known title by its key, however it was typed; the house's own as it was written."""
    words = " ".join(title.split())
    known = {str(shown).casefold(): key for key, shown in KNOWN.items()}
    return known.get(words.casefold(), words)


def titles_from(lines: str) -> list[str]:
    """One title a line, each once."""
    return list(dict.fromkeys(kept for line in lines.splitlines() if (kept := kept_as(line))))


def as_lines(titles: Iterable[str]) -> str:
    return "\n".join(title_shown(title) for title in titles)


def kept_until(began: datetime, years: int) -> datetime:
    try:
        return began.replace(year=began.year + years)
    except ValueError:  # the 29th of February
        return began.replace(year=began.year + years, day=28)
