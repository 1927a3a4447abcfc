"""An attack on told figures: all that is told, and all that anybody knows of a house, put before a solver.

A count of people is laid open when every table that agrees with what is told has it between 1 and 10.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ortools.sat.python import cp_model

from respite.reports.policy.atoms import Atoms
from respite.reports.policy.periods import Period, month_after, whole_periods
from respite.reports.queries import decided

#: What a table holds for each month, and under which key the product counts it.
PARTS: dict[str, Callable[[Atoms], int]] = {
    "began": lambda atoms: atoms.numbers["stay.began"],
    "ended": lambda atoms: atoms.sum("ended."),
    "sooner": lambda atoms: atoms.sum("ended.") - atoms.numbers["ended.as-planned"],
    "planned": lambda atoms: atoms.numbers["ended.as-planned"],
    "new": lambda atoms: atoms.numbers["guest.new"],
    "slept": lambda atoms: atoms.numbers["night.slept"],
    "visits": lambda atoms: atoms.numbers["visit.began"],
    "offered": lambda atoms: atoms.numbers["follow.offered.h48"],
    "agreed": lambda atoms: atoms.numbers["follow.agreed.h48"],
    "not asked": lambda atoms: atoms.sum("ended.") - atoms.numbers["follow.offered.h48"],
    "declined": lambda atoms: atoms.numbers["follow.offered.h48"] - atoms.numbers["follow.agreed.h48"],
    "homes offered": lambda atoms: atoms.numbers["connect.offered.housing"],
    "homes wanted": lambda atoms: atoms.numbers["connect.wanted.housing"],
    "homes found": lambda atoms: atoms.numbers["connect.connected.housing"],
    "homes not wanted": lambda atoms: (
        atoms.numbers["connect.offered.housing"] - atoms.numbers["connect.wanted.housing"]
    ),
    "homes not found": lambda atoms: (
        atoms.numbers["connect.wanted.housing"] - atoms.numbers["connect.connected.housing"]
    ),
}
#: What is left of one count without another that is said later, maybe in another month: then it may be less than none.
LEFT_OF = {
    "homes not wanted": ("homes offered", "homes wanted"),
    "homes not found": ("homes wanted", "homes found"),
}
#: Which of them are told with a count of people.
OF = {
    "stays-ended": ("ended",),
    "left-sooner": ("sooner", "planned"),
    "new-guests": ("new",),
    "bed-nights": ("slept",),
    "visits": ("visits",),
    "follow.offered.h48": ("offered", "not asked"),
    "follow.agreed.h48": ("agreed", "declined"),
    "connect.offered.housing": ("homes offered",),
    "connect.wanted.housing": ("homes wanted", "homes not wanted"),
    "connect.connected.housing": ("homes found", "homes not found"),
}
MOST = 3000
Cell = tuple[str, Period]


@dataclass(frozen=True)
class House:
    beds: int
    year_begins: int
    months: Mapping[date, Atoms]

    @property
    def periods(self) -> list[Period]:
        return whole_periods(self.months, self.year_begins)

    def true(self, cell: Cell) -> int:
        part, period = cell
        return sum(PARTS[part](atoms) for first, atoms in self.months.items() if period.first <= first < period.until)


def small_house(seed: int, *, beds: int, months: int, year_begins: int, busy: float) -> House:
    """Months of a house as they could have been: nobody in a bed that is taken, some leave sooner, some come back."""
    chance, first = random.Random(seed), month_after(date(2025, 1, 1), seed % 12)
    found: dict[date, Atoms] = {}
    after = random.Random(seed + 99_991)
    asked_of = after.choice([0.5, 0.9, 1.0])
    here: list[int] = []  # guests in the house
    known: set[int] = set()
    offering, homes = random.Random(seed + 7), _Homes()
    for _month in range(months):
        if first.month == year_begins or not found:
            known = set() if first.month == year_begins else known
        atoms, new = Atoms(), {guest for guest in here if guest not in known}
        for _day in range(30):
            for guest in [each for each in here if chance.random() < 0.25]:
                here.remove(guest)
                atoms.numbers[chance.choice(["ended.as-planned"] * 3 + ["ended.sooner-own-choice"])] += 1
            while len(here) < beds and chance.random() < busy:
                guest = chance.randrange(40)
                if guest in here:
                    break
                here.append(guest)
                atoms.numbers["stay.began"] += 1
                new |= {guest} - known
            atoms.numbers["night.slept"] += len(here)
        offered = sum(after.random() < asked_of for _stay in range(atoms.sum("ended.")))
        atoms.numbers["follow.offered.h48"] = offered
        atoms.numbers["follow.agreed.h48"] = sum(after.random() < 0.6 for _stay in range(offered))
        atoms.numbers["guest.new"] = len(new)
        known |= new
        atoms.numbers["visit.began"] = chance.choice([0, 0, 2, 7, 10, 11, 14, 30])
        atoms.numbers["night.open"] = 30 * beds
        homes.month(offering, atoms, round(30 * beds * busy))
        found[first], first = atoms, month_after(first)
    return House(beds, year_begins, found)


@dataclass
class _Homes:
    """Homes that were offered, and may be wanted and found in a later month."""

    offered: int = 0  # of which nobody said yet whether they want them
    wanted: int = 0  # and not found yet

    def month(self, chance: random.Random, atoms: Atoms, most: int) -> None:
        offered = chance.randrange(most + 1)
        wanted = sum(chance.random() < 0.7 for _each in range(self.offered + offered))
        found = sum(chance.random() < 0.5 for _each in range(self.wanted + wanted))
        for step, number in (("offered", offered), ("wanted", wanted), ("connected", found)):
            if number:
                atoms.numbers[f"connect.{step}.housing"] = number
        self.offered, self.wanted = self.offered + offered - wanted, self.wanted + wanted - found


def told_of(house: House) -> dict[Cell, int]:
    """Every number that the rule tells, of the counts that a small house has."""
    return {
        (part, period): house.true((part, period))
        for name, periods in decided(house.months, house.year_begins, {}).items()
        for period in periods
        for part in OF.get(name, ())
    }


def laid_open(house: House, known: Mapping[Cell, int], released: Collection[Cell] = ()) -> list[Cell]:
    """The cells of months, quarters and years that can only be from 1 to 10, or only one such number."""
    return [cell for about in (Stays, Connections) for cell in about(house).laid_open(known, released)]


class _Table(ABC):
    """All tables that a house could have, of counts that have to do with one another."""

    parts: tuple[str, ...]

    def __init__(self, house: House) -> None:
        self.house, self.model = house, cp_model.CpModel()
        self.months = sorted(house.months)
        self.counts = {
            (part, first): self.model.new_int_var(0, MOST if part in ("slept", "visits") else 400, f"{part} {first}")
            for part in self.parts
            for first in self.months
        }
        self.must_be()

    @abstractmethod
    def must_be(self) -> None:
        """What anybody knows of every house."""

    def cell(self, part: str, first: date) -> cp_model.LinearExprT:
        return self.counts[part, first]

    def total(self, cell: Cell) -> cp_model.LinearExprT:
        part, period = cell
        return sum(self.cell(part, first) for first in self.months if period.first <= first < period.until)

    def laid_open(self, known: Mapping[Cell, int], released: Collection[Cell]) -> list[Cell]:
        for cell, number in known.items():
            if self.tells_of(cell[0]):
                self.model.add(self.total(cell) == number)
        cells = [(part, period) for part in PARTS if self.tells_of(part) for period in self.house.periods]
        asked = [cell for cell in cells if cell not in released and 1 <= self.house.true(cell) <= 10]
        return [cell for cell in asked if not _may_be_otherwise(self.model, self.total(cell))]

    def tells_of(self, part: str) -> bool:
        return part in self.parts


class Stays(_Table):
    parts = tuple(part for part in PARTS if not part.startswith("homes"))

    def must_be(self) -> None:
        house, model, months, table = self.house, self.model, self.months, self.counts
        here = [model.new_int_var(0, house.beds, f"here {n}") for n in range(len(months) + 1)]
        for n, first in enumerate(months):
            began, ended, new = (table[part, first] for part in ("began", "ended", "new"))
            model.add(ended == table["sooner", first] + table["planned", first])
            offered, agreed = table["offered", first], table["agreed", first]
            model.add(ended == offered + table["not asked", first])
            model.add(offered == agreed + table["declined", first])
            model.add(here[n + 1] == here[n] + began - ended)
            model.add(new <= began + here[n])
            if first.month != house.year_begins and n:
                model.add(new <= began)
            model.add(table["slept", first] <= house.months[first].numbers["night.open"])
            model.add(table["slept", first] <= 31 * (here[n] + began))


class Connections(_Table):
    parts = ("homes offered", "homes wanted", "homes found")

    def must_be(self) -> None:
        for of, later in LEFT_OF.values():
            for n in range(len(self.months)):  # nothing is wanted before it was offered, nor found before it was wanted
                so_far = self.months[: n + 1]
                wanted_before = sum(self.counts[later, first] for first in so_far)
                self.model.add(wanted_before <= sum(self.counts[of, first] for first in so_far))

    def cell(self, part: str, first: date) -> cp_model.LinearExprT:
        if part in LEFT_OF:
            of, later = LEFT_OF[part]
            return self.counts[of, first] - self.counts[later, first]
        return self.counts[part, first]

    def tells_of(self, part: str) -> bool:
        return part in self.parts or part in LEFT_OF


def _may_be_otherwise(model: cp_model.CpModel, cell: cp_model.LinearExprT) -> bool:
    """Whether some table has it at none or above ten."""
    for low, high in ((11, 100_000), (-100_000, 0)):
        asked = model.clone()
        asked.add_linear_constraint(cell, low, high)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        if solver.solve(asked) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return True
    return False


#: Where the file says which count: under which figure, as its number and as what it is out of.
IN_FILE: dict[str, tuple[str | None, str | None]] = {
    "Stays that ended": ("ended", None),
    "Left sooner than planned": ("sooner", "ended"),
    "Nights of a stay, on average": (None, "ended"),
    "Nights of a stay, half at most": (None, "ended"),
    "Different guests in the fiscal year": ("new", "ended"),
    "Bed-nights: occupancy": ("slept", None),
    "Visits": ("visits", None),
    "Time spent here": (None, "visits"),
    "48 hours after: offered": ("offered", "ended"),
    "48 hours after: agreed": ("agreed", "offered"),
    "A place to live: wanted": ("homes wanted", "homes offered"),
    "A place to live: connected": ("homes found", "homes wanted"),
}


def read_file(period: Period, lines: Iterable[Mapping[str, str]]) -> dict[Cell, int]:
    """What anybody reads from a told file: its numbers, and those that its shares and averages give away."""
    found: dict[Cell, int] = {}
    for line in lines:
        parts = IN_FILE.get(line["Figure"])
        if parts is None:
            continue
        number, of, value = (_number(line[name]) for name in ("Number", "Out of", "Comes to"))
        if number is None and value is not None and of is not None:
            number = value * of
        if of is None and value and number is not None:
            of = number / value
        for part, read in zip(parts, (number, of), strict=True):
            if part is not None and read is not None:
                found[part, period] = round(read)
    if ("ended", period) in found and ("sooner", period) in found:
        found["planned", period] = found["ended", period] - found["sooner", period]
    rests = (("not asked", "ended", "offered"), ("declined", "offered", "agreed"))
    for rest, whole, part in (*rests, *((left, *both) for left, both in LEFT_OF.items())):
        if (whole, period) in found and (part, period) in found:
            found[rest, period] = found[whole, period] - found[part, period]
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
