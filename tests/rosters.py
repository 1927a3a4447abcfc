"""Rosters to fill: small ones made by hand or at random, and a peer respite of fourteen for four weeks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from hypothesis import strategies as st

from respite.staffing.roster.checking import broken
from respite.staffing.roster.parts import (
    Absence,
    Assignment,
    Burden,
    Cover,
    Holding,
    Hours,
    Kind,
    Need,
    Person,
    Roster,
    Shift,
    Wish,
)
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.reasons import LEAST, Reason

T = TypeVar("T")

INSTANCES = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "rostering"

DAY = Kind(id="day", start=7 * 60, minutes=8 * 60)
EVENING = Kind(id="evening", start=15 * 60, minutes=8 * 60)
NIGHT = Kind(id="night", start=23 * 60, minutes=8 * 60, night=True)


def instance(number: int) -> str:
    """The text of a public benchmark instance, which stands beside the repository."""
    path = INSTANCES / f"Instance{number}.txt"
    if not path.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{path.name} is not in {INSTANCES.parent}")
    return path.read_text(encoding="utf-8")


def small(days: int = 7, people: tuple[Person, ...] = (Person(id="ana"),), **more: object) -> Problem:
    """Day, evening and night on each of a few days, one wanted on each."""
    kinds = (DAY, EVENING, NIGHT)
    covers = tuple(Cover(day=day, kind=kind.id, wanted=1, missing=100) for day in range(days) for kind in kinds)
    return Problem(**{"days": days, "kinds": kinds, "people": people, "covers": covers, **more})


def on(*shifts: str, person: str = "ana") -> Roster:
    """`on("0 day", "1 night")`."""
    return frozenset(Assignment(person, int(day), kind) for day, kind in (shift.split() for shift in shifts))


# -- a peer respite -------------------------------------------------------------------------------------------------

CONTRACTS = (40, 40, 40, 40, 32, 32, 32, 24, 24, 24, 24, 16, 16, 16)  # hours a week
WEEKS = 4
CERTIFIED = 10
SCARCE = 6  # so few hold a certificate that some shifts must do without
HOUSES = (1, 3, 5, 6, 7)  # seeds of which everything can be covered, but not if certificates are scarce
NAMES = "Ana Ben Cleo Dee Eli Fay Gus Hal Ida Jo Kit Lou Mae Ned".split()


def respite(seed: int, certified: int = CERTIFIED, weeks: int = WEEKS) -> Problem:
    """Fourteen peers, some weeks, two on each of three shifts a day, one of them certified; at random but for that.

    Rest of ten hours, no more than the contract in a week, five days and three nights in a row; half cannot do one kind
    of shift at all; about four times a week somebody is away for one to seven days.
    """
    luck = Random(seed)
    days, kinds = 7 * weeks, (DAY, EVENING, NIGHT)
    holders = set(luck.sample(NAMES, certified))
    each_week = [(7 * week, 7 * week + 7) for week in range(weeks)]
    people = tuple(
        Person(
            id=name,
            holds=(Holding(tag="certified"),) if name in holders else (),
            hours=(
                *(Hours(first=first, until=until, most=60 * hours) for first, until in each_week),
                Hours(first=0, until=days, wanted=60 * hours * weeks, short=1),
            ),
            most_in_a_row=5,
            most_nights_in_a_row=3,
            rest=600,
        )
        for name, hours in zip(NAMES, CONTRACTS, strict=True)
    )
    absences = []
    for name in luck.sample(NAMES, 7):
        never = luck.choice(kinds)
        shifts = frozenset(Shift(day, never.id) for day in range(days))
        absences.append(Absence(id=f"{name} never {never.id}", person=name, shifts=shifts, changeable=False))
    for number in range(15 * weeks // WEEKS):
        name, first, length = luck.choice(NAMES), luck.randrange(days), luck.randint(1, 7)
        shifts = frozenset(Shift(day, kind.id) for day in range(first, min(days, first + length)) for kind in kinds)
        absences.append(Absence(id=f"{name} off {number}", person=name, shifts=shifts))
    wishes = []
    for name in NAMES:
        for shift in luck.sample([Shift(day, kind.id) for day in range(days) for kind in kinds], 6):
            wishes.append(Wish(person=name, day=shift.day, kind=shift.kind, weight=luck.randint(1, 3), wanted=False))
        liked = luck.choice(kinds).id
        wishes += [Wish(person=name, day=day, kind=liked, weight=1) for day in luck.sample(range(days), 3)]
    covers = tuple(
        Cover(
            day=day, kind=kind.id, wanted=2, missing=1000, most=2, needs=(Need(tag="certified", missing=500),)
        )
        for day in range(days)
        for kind in kinds
    )  # fmt: skip
    shares = dict(zip(NAMES, CONTRACTS, strict=True))
    nights = frozenset(Shift(day, NIGHT.id) for day in range(days))
    weekends = frozenset(Shift(day, kind.id) for day in range(days) if day % 7 >= 5 for kind in kinds)
    return Problem(
        days=days,
        kinds=kinds,
        people=people,
        covers=covers,
        absences=tuple(absences),
        wishes=tuple(wishes),
        burdens=(
            Burden(name="nights", shifts=nights, shares=shares, each=1, largest=1),
            Burden(name="weekends", shifts=weekends, shares=shares, each=1, largest=1),
        ),
        isolated=2,
    )


# -- at random, and so small that every roster can be looked at ------------------------------------------------------


def every_roster(problem: Problem) -> Iterator[Roster]:
    """Each roster that breaks no rule which what is locked does not break already, judged one by one."""
    settled = {reason for reason in broken(problem, problem.locked) if reason.rule not in LEAST}
    of_each = []
    for person in problem.people:
        days: list[list[Roster]] = []
        for day in range(problem.days):
            locked = frozenset(each for each in problem.locked if (each.person, each.day) == (person.id, day))
            free = [frozenset({Assignment(person.id, day, kind.id)}) for kind in problem.kinds]
            days.append([locked] if locked else [frozenset(), *free])
        alone = [frozenset().union(*choice) for choice in product(*days)]
        of_each.append([each for each in alone if settled.issuperset(of(person.id, broken(problem, each)))])
    for choice in product(*of_each):
        roster = frozenset().union(*choice)
        if settled.issuperset(broken(problem, roster)):
            yield roster


def of(person: str, reasons: list[Reason]) -> list[Reason]:
    return [reason for reason in reasons if reason.person == person]


@st.composite
def tiny_houses(draw: st.DrawFn) -> Problem:
    """Three peers, two days of day, evening and night: certificates, contracts, a long rest, somebody away."""
    kinds, days = (DAY, EVENING, NIGHT), 2
    shifts = [Shift(day, kind.id) for day in range(days) for kind in kinds]
    held = (Holding(tag="certified"),)
    people = tuple(
        Person(
            id=name,
            holds=draw(st.sampled_from([held, held, ()])),
            hours=(Hours(first=0, until=days, most=480 * draw(st.integers(1, 2)), wanted=480, short=1),),
            most_nights_in_a_row=draw(st.sampled_from([1, None])),
            rest=600,
        )
        for name in NAMES[:3]
    )
    away = st.frozensets(st.sampled_from(shifts), min_size=1, max_size=3)
    taking_place = draw(st.sets(st.sampled_from(shifts), min_size=3))
    return Problem(
        days=days,
        kinds=kinds,
        people=people,
        covers=tuple(
            Cover(
                day=each.day,
                kind=each.kind,
                wanted=1,
                missing=1000,
                most=2,
                needs=(Need(tag="certified", missing=500),),
            )
            for each in sorted(taking_place)
        ),
        absences=tuple(
            Absence(id=f"{name} off", person=name, shifts=draw(away)) for name in NAMES[: draw(st.integers(0, 3))]
        ),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Two people and three days, or three and two; two kinds of shift; each rule and each cost now and then."""
    few, days = draw(st.sampled_from([(2, 3), (3, 2), (1, 5)]))
    names = NAMES[:few]
    late = draw(st.sampled_from([EVENING, NIGHT]))
    kinds = (replace(DAY, never_before=frozenset(draw(st.sets(st.sampled_from(["day", late.id]))))), late)
    before, after = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    shifts = [Shift(day, kind.id) for day in range(days) for kind in kinds]
    outside = [Shift(day, kind.id) for day in (*range(-before, 0), *range(days, days + after)) for kind in kinds]
    of_one, of_any = st.sampled_from(names), st.sampled_from(shifts)
    assigned = st.builds(lambda person, shift: Assignment(person, *shift), of_one, of_any)
    rarely = st.integers(0, 3).map(lambda number: number == 0)

    def maybe(strategy: st.SearchStrategy[T], otherwise: T) -> T:
        return draw(strategy) if draw(rarely) else otherwise

    people = tuple(
        Person(
            id=name,
            holds=tuple(
                Holding(
                    tag="certified",
                    first=draw(st.none() | st.integers(0, 1)),
                    until=draw(st.none() | st.integers(1, 3)),
                )
                for _ in range(draw(st.integers(0, 1)))
            ),
            hours=tuple(
                Hours(
                    first=draw(st.integers(-1, 1)),
                    until=draw(st.integers(1, days + 1)),
                    most=draw(st.none() | st.sampled_from([480, 900, 960])),
                    least=maybe(st.sampled_from([480, 960]), 0),
                    wanted=draw(st.sampled_from([0, 500, 960])),
                    short=draw(st.integers(0, 3)),
                )
                for _ in range(draw(st.integers(0, 2)))
            ),
            most_of_kind=maybe(st.dictionaries(st.sampled_from([kind.id for kind in kinds]), st.integers(0, 2)), {}),
            most_in_a_row=maybe(st.integers(1, 3), None),
            least_in_a_row=maybe(st.integers(1, 3), 1),
            least_off_in_a_row=maybe(st.integers(1, 3), 1),
            most_nights_in_a_row=maybe(st.integers(0, 2), None),
            most_weekends=maybe(st.integers(0, 1), None),
            rest=draw(st.sampled_from([0, 0, 600, 1000, 2000])),
            short_rest_after=frozenset(maybe(st.sets(st.integers(-1, 2)), set())),
        )
        for name in names
    )
    covers = tuple(
        Cover(
            day=shift.day,
            kind=shift.kind,
            wanted=draw(st.integers(0, 2)),
            missing=draw(st.integers(0, 20)),
            surplus=draw(st.integers(0, 3)),
            most=draw(st.none() | st.integers(0, 2)),
            needs=draw(st.sampled_from([(), (Need(tag="certified", missing=7),)])),
            everyone=frozenset(maybe(st.just({"certified"}), set())),
        )
        for shift in shifts
        if not maybe(st.just(True), False) or shift.day
    )
    some = st.frozensets(of_any, max_size=3)
    return Problem(
        days=days,
        kinds=kinds,
        people=people,
        covers=covers,
        first_weekday=draw(st.integers(0, 6)),
        absences=tuple(
            Absence(id=f"off {number}", person=draw(of_one), shifts=draw(some), changeable=draw(st.booleans()))
            for number in range(draw(st.integers(0, 2)))
        ),
        wishes=tuple(
            Wish(**each._asdict(), weight=draw(st.integers(0, 5)), wanted=draw(st.booleans()))
            for each in draw(st.lists(assigned, max_size=3))
        ),
        burdens=tuple(
            Burden(
                name="late",
                shifts=draw(some),
                shares=draw(st.dictionaries(of_one, st.integers(0, 3))),
                before=draw(st.dictionaries(of_one, st.integers(0, 3))),
                each=draw(st.integers(0, 2)),
                largest=draw(st.integers(0, 2)),
            )
            for _ in range(draw(st.integers(0, 1)))
        ),
        locked=frozenset(maybe(st.sets(assigned, max_size=2), set())),  # whatever it breaks
        frozen=maybe(st.integers(0, 1), 0),
        around=frozenset(
            Assignment(name, *shift) for shift in outside for name in names if draw(rarely)
        ),
        known_before=before,
        known_after=after,
        exact={
            each: (each.day * 1440 + 400, each.day * 1440 + 940) for each in maybe(st.sets(of_any, max_size=1), set())
        },
        previous=frozenset(draw(st.sets(assigned, max_size=3))),
        change=draw(st.integers(0, 5)),
        isolated=draw(st.integers(0, 4)),
    )  # fmt: skip
