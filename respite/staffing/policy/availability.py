"""When somebody can be there: a week of day parts, as the page asks for it. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

LONGEST_TIME_OFF = 366  # days


class How(StrEnum):
    CANNOT = "cannot"
    RATHER_NOT = "rather-not"
    GLADLY = "gladly"


class OffState(StrEnum):
    """Where somebody's time off stands."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """Eight hours of a day; the night is that of its evening."""

    MORNING = "morning"
    EVENING = "evening"
    NIGHT = "night"


#: By the house's clock; an end at or before the begin is on the next day.
HOURS: Mapping[Part, tuple[time, time]] = {
    Part.MORNING: (time(6), time(14)),
    Part.EVENING: (time(14), time(22)),
    Part.NIGHT: (time(22), time(6)),
}

#: A weekday (0 is Monday) and a part of it. What is not in a week is fine with them.
Cell = tuple[int, Part]
Week = Mapping[Cell, How]


@dataclass(frozen=True, slots=True)
class Hours:
    """Some hours of a weekday, as they are kept."""

    weekday: int
    begins: time
    ends: time
    how: How


def cells() -> list[Cell]:
    return [(weekday, part) for weekday in range(7) for part in Part]


def kept(week: Week) -> list[Hours]:
    """The week as rows, in order."""
    return [Hours(cell[0], *HOURS[cell[1]], week[cell]) for cell in cells() if cell in week]


def week_of(rows: Iterable[Hours]) -> dict[Cell, How]:
    """The cells that rows fill; hours that are no part of the page's week are left out."""
    parts = {hours: part for part, hours in HOURS.items()}
    return {(row.weekday, parts[row.begins, row.ends]): How(row.how) for row in rows if (row.begins, row.ends) in parts}
