"""The lines of the page, the sheet and the file: a number, what it is out of, and what that comes to.

Each line says which counts of people it is made of. Where figures are told to others, a number of a count that is not
told in that period is left out, and with it whatever is worked out from it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _

from respite.reports.policy.telling import FEWEST


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two numbers of a line; `needs` is the count of people that has to be told for it."""

    number: int | float
    needs: str | None = None
    is_minutes: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it reads. What is not told has no number; `value` is what the two come to."""

    name: str
    number: float | None
    shown: str
    of: float | None
    of_shown: str
    of_what: str
    value: float | None
    comes_to: str


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """Which counts are told; everything, where a house reads its own."""

    everything: bool
    told: Collection[str] = ()

    def tells(self, side: Side) -> bool:
        return self.everything or side.needs is None or side.needs in self.told

    def row(
        self, name: str, number: Side, of: Side, of_what: str, comes_to: Callable[[float, float], tuple[float, str]]
    ) -> Row:
        value, words = (None, "")
        if self.tells(number) and self.tells(of) and of.number:
            value, words = comes_to(number.number, of.number)
        return Row(name, *self._side(number), *self._side(of), of_what, value, words)

    def middle(self, name: str, found: Sequence[int], of: Side, of_what: str, value: float | None, words: Any) -> Row:
        """A line of which the middle is taken, of so many. Of few of them it would be as good as one of them."""
        told = value is not None and self.tells(of) and (self.everything or len(found) >= FEWEST)
        none = "" if value is None and self.tells(of) else _("not told")
        shown = words(value) if told else none
        return Row(name, None, "", *self._side(of), of_what, value if told else None, shown)

    def _side(self, side: Side) -> tuple[float | None, str]:
        if not self.tells(side):
            return None, _("not told")
        return side.number, hours(side.number) if side.is_minutes else format_decimal(side.number)


def share(number: float, of: float) -> tuple[float, str]:
    return number / of, format_percent(number / of, "#,##0.0 %")


def each(unit: Callable[[float], str]) -> Callable[[float, float], tuple[float, str]]:
    def comes_to(number: float, of: float) -> tuple[float, str]:
        return number / of, unit(number / of)

    return comes_to


def decimal(number: float) -> str:
    return str(format_decimal(round(number, 2), "#,##0.##"))


def a_day(number: float) -> str:
    return str(_("%(number)s a day", number=decimal(number)))


def nights(number: float) -> str:
    return str(_("%(number)s nights", number=decimal(number)))


def minutes(number: float) -> str:
    return str(_("%(number)s min", number=decimal(number)))


def hours(number: float) -> str:
    """ "3 h 12 min" of minutes."""
    whole, rest = divmod(round(number), 60)
    return str(_("%(hours)s h %(minutes)s min", hours=format_decimal(whole), minutes=rest))
