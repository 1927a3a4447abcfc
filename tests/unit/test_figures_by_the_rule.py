"""Whoever knows the rule by which counts of people are told, and sees which are not, works out none from 1 to 10."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from itertools import product

import pytest

from respite.reports.policy import telling
from respite.reports.policy.atoms import Atoms
from respite.reports.policy.periods import Period, month_of, quarter_of, year_of
from respite.reports.policy.telling import LEAST_APART, may_release, told
from respite.reports.queries import decided

FIRST = date(2026, 1, 1)
QUARTER, YEAR = quarter_of(FIRST, 1), year_of(FIRST, 1)


def _months(*counts: int) -> dict[date, int]:
    return {date(2026, n + 1, 1): count for n, count in enumerate(counts)}


def _seen(counts: Mapping[date, int]) -> frozenset[tuple[Period, int]]:
    """All that anybody reads of a house."""
    return frozenset(
        (each, sum(n for first, n in counts.items() if each.first <= first < each.until)) for each in told([counts], 1)
    )


def _nearest() -> int:
    """How far apart, at least, a count lies that can only be from 1 to 10: over all that three months could be."""
    alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(14), repeat=3):
        alike[_seen(_months(*counts))].append(counts)
    apart = []
    for houses in alike.values():
        for counts in zip(*houses, strict=True):
            if min(counts) >= 1 and max(counts) <= 10:
                apart.append(max(counts) - min(counts))
    return min(apart)


def test_of_a_quarter_that_is_told_no_month_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two months that are twenty together, and are not told, would be ten each."""
    assert _nearest() == LEAST_APART
    assert QUARTER not in told([_months(30, 10, 10)], 1)
    assert QUARTER in told([_months(8, 8, 8)], 1)
    monkeypatch.setattr(telling, "_leaves_open", lambda *_asked: True)
    assert _nearest() == 0


@pytest.mark.parametrize(
    ("counts", "is_told"),
    [
        # Of the second quarter no more than ten are left, so the other ten are all of March.
        ((12, 12, 10, 0, 0, 10, 12, 12, 12, 12, 12, 12), False),
        # Two quarters of which neither is told, and twenty together: each is ten.
        ((5, 5, 0, 2, 4, 4, 12, 12, 12, 12, 12, 12), False),
        ((12, 12, 3, 0, 0, 8, 12, 12, 12, 12, 12, 12), True),
    ],
)
def test_what_a_quarter_does_not_tell_tells_nothing_with_its_year(counts: tuple[int, ...], is_told: bool) -> None:
    assert (YEAR in told([_months(*counts)], 1)) is is_told


def test_a_year_alone_says_nothing_of_its_months() -> None:
    assert told([_months(*[10] * 12)], 1, years_only=True) == {YEAR}


def test_what_one_funder_was_told_is_told_to_nobody_else() -> None:
    """Each month of a quarter was released: to the funder it holds nothing new, to everybody else it does."""
    months = [month_of(date(2026, n, 1)) for n in (1, 2, 3)]
    assert told([_months(1, 2, 3)], 1, months) == set()
    assert told([_months(12, 12, 5)], 1, months[2:]) == set(months[:2])
    assert QUARTER in told([_months(5, 6, 5)], 1)
    assert QUARTER not in told([_months(5, 6, 5)], 1, months[:2])


def test_a_total_may_be_released_though_it_is_small_but_lays_no_other_bare() -> None:
    assert may_release(_months(1, 2, 3), 1, (), QUARTER)
    assert not may_release(_months(12, 10, 10), 1, (), QUARTER)
    last_quarter_is_small = _months(*[12] * 9, 0, 5, 0)
    assert not may_release(last_quarter_is_small, 1, (), YEAR)


def _split(wholes: tuple[int, ...], parts: tuple[int, ...], *, rests: bool = False) -> set[Period]:
    """For which periods two parts of a count, or one and what it leaves, are told."""
    whole, part = _months(*wholes), _months(*parts)
    left = {first: number - part[first] for first, number in whole.items()}
    counts = {"parts": [part], "rests": [left]} if rests else {"parts": [part, left]}
    return told(year_begins=1, within=told([whole], 1), whole=whole, **counts)


def _seen_split(wholes: tuple[int, ...], parts: tuple[int, ...], *, rests: bool) -> frozenset[tuple[Period, int]]:
    part = _months(*parts)
    return frozenset(
        (each, sum(n for first, n in part.items() if each.first <= first < each.until))
        for each in _split(wholes, parts, rests=rests)
    )


@pytest.mark.parametrize("rests", [False, True])
@pytest.mark.parametrize("wholes", [(40, 100, 12), (20, 13, 24)])
def test_of_two_parts_of_what_is_told_no_month_is_worked_out(wholes: tuple[int, ...], rests: bool) -> None:
    """What is not told of a month says that one of its two parts is small: with their sum it may say which."""
    months: list[Collection[int]] = [
        sorted({*range(min(whole, 15) + 1), *range(max(0, whole - 15), whole + 1)}) for whole in wholes
    ]
    alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for parts in product(*months):
        alike[_seen_split(wholes, parts, rests=rests)].append(parts)
    for houses in alike.values():
        for whole, counts in zip(wholes, zip(*houses, strict=True), strict=True):
            for side in (counts, [whole - n for n in counts]):
                assert min(side) < 1 or max(side) > 10 or max(side) - min(side) >= LEAST_APART, (houses[0], whole, side)


def test_those_who_left_sooner_are_not_told_where_they_lay_one_month_open() -> None:
    """Ninety of 40, 100 and 12: as no month is told, all of them are of the second, and ten others are."""
    months = {
        date(2026, n, 1): Atoms(Counter({"ended.sooner-own-choice": sooner, "ended.as-planned": ended - sooner}))
        for n, (ended, sooner) in enumerate(((40, 0), (100, 90), (12, 0)), 1)
    }
    telling_of = decided(months, 1, {})
    assert QUARTER in telling_of["stays-ended"]
    assert QUARTER not in telling_of["left-sooner"]
