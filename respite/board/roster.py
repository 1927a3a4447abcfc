"""The roster: doors by nights. How it is laid out, as pure values; `roster_found` reads what it is made of.

A night bears the date of its evening. A bar covers whole nights of one door, and every night of a door is either
free or under exactly one bar, so a table row is the door's pieces side by side.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Generic, TypeAlias, TypeVar

from respite.guests.policy.calculator import GuestNights
from respite.houses.policy.house_time import ONE_DAY

Claim = TypeVar("Claim", bound=Hashable)
Taken: TypeAlias = Mapping[date, Claim]
"""A door's nights that somebody has, each with the claim on it."""


@dataclass(frozen=True, slots=True)
class Run(Generic[Claim]):
    """Consecutive nights of one claim, as far as they lie in the window: `span` columns from `column` on."""

    claim: Claim
    column: int
    span: int
    began_before: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Free:
    """One night that nobody has."""

    column: int


def window(first: date, nights: int) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range(nights))


def pieces(nights: Sequence[date], taken: Taken[Claim]) -> tuple[Run[Claim] | Free, ...]:
    """A door's nights in their order: the free ones one by one, the others gathered into runs.

    `taken` may hold nights outside the window; they only tell whether a run goes on beyond it.
    """
    found: list[Run[Claim] | Free] = []
    for claim, columns in groupby(range(len(nights)), lambda column: taken.get(nights[column])):
        run = list(columns)
        if claim is None:
            found += [Free(column) for column in run]
            continue
        before, after = nights[run[0]] - ONE_DAY, nights[run[-1]] + ONE_DAY
        found.append(Run(claim, run[0], len(run), taken.get(before) == claim, taken.get(after) == claim))
    return tuple(found)


def free_counts(nights: Sequence[date], doors: Sequence[Taken[Claim]]) -> tuple[int, ...]:
    """For each night, how many doors nobody has."""
    return tuple(sum(night not in taken for taken in doors) for night in nights)


def nights_free_from(first: date, is_taken: Callable[[date], bool], most: int) -> int:
    """How many nights in a row from `first` on nobody has, up to `most`."""
    return next((n for n in range(most) if is_taken(first + timedelta(days=n))), most)


def free_doors(nights: Sequence[date], doors: Sequence[Taken[Claim]]) -> frozenset[int]:
    """The places of the doors that nobody has in any of the nights."""
    return frozenset(place for place, taken in enumerate(doors) if taken.keys().isdisjoint(nights))


class BarKind(StrEnum):
    HERE = "here"
    SAVED = "saved"
    CLOSED = "closed"
    WAS = "was"
    """Nights of a guest who has left, or behind another door now."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Nights of one stay or one closure behind one door, as the table draws them."""

    kind: BarKind
    claim_id: uuid.UUID
    column: int
    span: int
    first: date
    last: date
    """The first and the last night as a whole, inside the window or not."""
    began_before: bool
    goes_on: bool
    """The same stay or closure has this door the night before, and the night after."""
    version: int = 0
    past_leaving: bool = False
    """Nights after the leaving day that was agreed: the guest is still behind the door."""
    name: str | None = None
    picture: str | None = None
    nameless: bool = False
    reason: str = ""
    saved_until: datetime | None = None
    moves_to: tuple[int, ...] = ()
    """The rows whose doors are free for all the nights still needed."""
    more_nights: int = 0
    """How many more nights the door and the house's rules leave, as far as they can be told without the guest."""
    ends_here: bool = False
    """Whether the stay's last night is the last of this bar: its end can be drawn further."""
    standing: bool = False
    """Whether anything can be done about it: a stay that is saved or here, a closure that is not over."""


@dataclass(frozen=True, slots=True)
class DoorRow:
    id: uuid.UUID
    name: str
    getting_ready: bool
    pieces: tuple[Bar | Free, ...]
    leaving: date | None = None
    """The agreed leaving day of somebody behind the door, where it is today or was before."""
    leaver: str | None = None


@dataclass(frozen=True, slots=True)
class WithoutDoor:
    """A saved bed that had to give way: it keeps its nights, and a person finds it a door."""

    stay_id: uuid.UUID
    name: str | None
    first: date
    last: date
    pieces: tuple[Bar | Free, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    house_id: uuid.UUID
    slug: str
    zone: str
    version: int
    as_of: datetime
    next_change_at: datetime
    """When anything shown changes by itself, if nobody does anything before."""
    today: date
    tonight: date
    nights: tuple[date, ...]
    rows: tuple[DoorRow, ...]
    without_door: tuple[WithoutDoor, ...]
    free: tuple[int, ...]
    someone_new: GuestNights
