"""An attack on told figures: all that is told, and all that anybody knows of a house, put before a solver.

A count of people is laid open when every table that agrees with what is told has it between 1 and 10.
"""

from __future__ import annotations

import random
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
    chance, found, first = random.Random(seed), {}, month_after(date(2025, 1, 1), seed % 12)
    after = random.Random(seed + 99_991)
    asked_of = after.choice([0.5, 0.9, 1.0])
    here: list[int] = []  # guests in the house
    known: set[int] = set()
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
        found[first], first = atoms, month_after(first)
    return House(beds, year_begins, found)


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
    model = cp_model.CpModel()
    months = sorted(house.months)
    table = {
        (part, first): model.new_int_var(0, MOST if part in ("slept", "visits") else 400, f"{part} {first}")
        for part in PARTS
        for first in months
    }
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

    def total(cell: Cell) -> cp_model.LinearExprT:
        part, period = cell
        return sum(table[part, first] for first in months if period.first <= first < period.until)

    for cell, number in known.items():
        model.add(total(cell) == number)
    cells = [(part, period) for part in PARTS for period in house.periods]
    asked = [cell for cell in cells if cell not in released and 1 <= house.true(cell) <= 10]
    return [cell for cell in asked if not _may_be_otherwise(model, total(cell))]


def _may_be_otherwise(model: cp_model.CpModel, cell: cp_model.LinearExprT) -> bool:
    """Whether some table has it at none or above ten."""
    for low, high in ((11, 100_000), (0, 0)):
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
    for rest, whole, part in (("not asked", "ended", "offered"), ("declined", "offered", "agreed")):
        if (whole, period) in found and (part, period) in found:
            found[rest, period] = found[whole, period] - found[part, period]
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
