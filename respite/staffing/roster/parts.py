"""What a roster is made of: shifts, people and what binds them, cover, wishes, and what is shared.

Days count from 0, the first of the roster. Minutes are those that really pass since the midnight that began day 0, so
an hour that a change of clocks takes away is not worked. Stretches are half-open. Ids are opaque. Weights are points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

DAY = 24 * 60


class Shift(NamedTuple):
    """A kind of shift that begins on a day."""

    day: int
    kind: str


class Assignment(NamedTuple):
    person: str
    day: int
    kind: str

    @property
    def shift(self) -> Shift:
        return Shift(self.day, self.kind)


Roster = frozenset[Assignment]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of shift: minutes after midnight at which it begins, and how many it lasts."""

    id: str
    start: int = 0
    minutes: int
    night: bool = False
    never_before: frozenset[str] = frozenset()  # kinds that may not follow on the next day, whatever the rest


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A credential, a language, a training: valid for shifts that begin on its days. None: no such end."""

    tag: str
    first: int | None = None
    until: int | None = None

    def on(self, day: int) -> bool:
        return (self.first is None or self.first <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Minutes on shifts that begin on the days from `first` to before `until`, which may reach out of the roster.

    `least` and `most` bind; each begun hour below `wanted` costs `short` points.
    """

    first: int
    until: int
    least: int = 0
    most: int | None = None
    wanted: int = 0
    short: int = 0


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who can be put on shifts, and what binds them. None: no such limit. `rest` is in minutes.

    `short_rest_after` are days after whose shift a shorter rest was agreed to; even then no two shifts overlap.
    """

    id: str
    holds: tuple[Holding, ...] = ()
    hours: tuple[Hours, ...] = ()
    most_of_kind: Mapping[str, int] = field(default_factory=dict)
    most_in_a_row: int | None = None
    least_in_a_row: int = 1
    least_off_in_a_row: int = 1
    most_nights_in_a_row: int | None = None
    most_weekends: int | None = None
    rest: int = 0
    short_rest_after: frozenset[int] = frozenset()

    def held(self, tag: str, day: int) -> bool:
        return any(holding.tag == tag and holding.on(day) for holding in self.holds)


@dataclass(frozen=True, kw_only=True)
class Need:
    """At least so many on the shift hold `tag`; each who is missing costs `missing` points."""

    tag: str
    least: int = 1
    missing: int


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What a shift asks for. A shift without one does not take place: nobody can be put on it.

    Each of the `wanted` who is missing costs `missing` points, each above them `surplus`; more than `most` cannot be.
    Everybody on it must hold all of `everyone`.
    """

    day: int
    kind: str
    wanted: int
    missing: int
    surplus: int = 0
    most: int | None = None
    needs: tuple[Need, ...] = ()
    everyone: frozenset[str] = frozenset()

    @property
    def shift(self) -> Shift:
        return Shift(self.day, self.kind)


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Shifts on which somebody cannot be. `changeable`: an approval that people could take back among themselves."""

    id: str
    person: str
    shifts: frozenset[Shift]
    changeable: bool = True


@dataclass(frozen=True, kw_only=True)
class Wish:
    """To be on a shift, or (`wanted` false) not to be. Costs `weight` points where it does not come true."""

    person: str
    day: int
    kind: str
    weight: int
    wanted: bool = True


@dataclass(frozen=True, kw_only=True)
class Burden:
    """Shifts to be shared in proportion to `shares` (nights, say, by contracted minutes), with what was `before`.

    Each tenth of a shift that a sum is off its share costs `each`, and of the largest such distance `largest`.
    """

    name: str
    shifts: frozenset[Shift]
    shares: Mapping[str, int]
    before: Mapping[str, int] = field(default_factory=dict)
    each: int = 1
    largest: int = 0
