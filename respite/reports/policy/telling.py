"""What is told of counts of people, so that no count from 1 to 10 is told and none can be worked out.

A count of people is told for whole months, quarters and years alone, as it stood when the month was closed, so that no
two looks at a house lie a day or a late entry apart. What remains are sums of months within sums of months, and one
rule: **a sum is told where the part of it that no other told sum covers is nothing, or is eleven or more in two
months or more.** Then each month in that part may be all of it or nothing of it, and nobody can say which. Whoever
knows the rule still cannot say that a count is there at all: none is held back like one to ten.

A month is told or not once and for all; a quarter looks at its months and a year at both, so a later period never
asks an earlier one to have been silent.

How many stays began is told to nobody: with how many ended and how many beds there are, one lays the other open. So
is how many guests were new, but for whole years: month by month it says how many stays there were at least.

Parts of a count that is told by itself, as those who left sooner and those who did not, are told together, where the
rule holds for each and that count is told. So is a count that is among another, as those who agreed among those who
were asked: who did not is people too. There it is told as well where nobody is left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from respite.reports.policy.periods import MONTHS_OF_QUARTER, Period, month_after, month_of, quarter_of, year_of

FEWEST = 11  # a smaller count is not told, none neither
SMALL = FEWEST - 1
#: Of a small count that is not told, the least and the most that it can be lie so far apart, or it can be none.
LEAST_APART = 5

#: A count by the first day of its month.
ByMonth = Mapping[date, int]
Span = tuple[int, int]  # the least and the most


@dataclass(frozen=True, slots=True)
class Untold:
    """What each month of a count can be where it is not told, for whoever knows the rule. `by_itself`: no other count
    has to be told with it or before it."""

    by_month: Mapping[date, frozenset[int]]
    by_itself: bool


def told(
    parts: Sequence[ByMonth],
    year_begins: int,
    released: Collection[Period] = (),
    *,
    years_only: bool = False,
    within: Collection[Period] | None = None,
    rests: Sequence[ByMonth] = (),
    whole: ByMonth | None = None,
) -> set[Period]:
    """The months, quarters and years for which every one of the parts is told.

    All parts have the same months. `within` are the periods in which the count they add up to is told: in others they
    would tell it. `rests` are what a count leaves of the one it is within; there is none, or they keep to the rule too.
    `whole` is that count, where two parts, or a part and its rest, add up to it month by month.
    What was released is known to somebody: it is not told by this, and covers months like a told sum for them, and
    for nobody else. So the rule has to hold with it and without it.
    """
    months = sorted(parts[0])
    found: set[Period] = set()
    counts = [*parts, *rests]
    untold = None if years_only else _all_untold(counts, whole, within, rest_may_be_none=bool(rests))
    for period in _years(months, year_begins) if years_only else _all(months, year_begins):
        if (within is None or period in within) and all(
            _may_be_told(period, months, parts, known, rests, untold) for known in (found, found | set(released))
        ):
            found.add(period)
    return found


def may_release(
    counts: ByMonth, year_begins: int, released: Collection[Period], wanted: Period, *, years_only: bool = False
) -> bool:
    """Whether somebody who is told this sum, with all that is told and was released before, learns no other.

    What is released may be small, that is its purpose; no single month in it may be laid bare by it, nor what is left
    of a told or released sum around it.
    """
    months = sorted(counts)
    if years_only and wanted not in _years(months, year_begins):
        return False
    known = told([counts], year_begins, released, years_only=years_only) | set(released)
    if wanted in known:
        return True
    after, untold = known | {wanted}, None if years_only else _untold(counts)
    if wanted != month_of(wanted.first):
        uncovered = _uncovered(wanted, months, after)
        if len(uncovered) == 1 or (untold is not None and not _leaves_open(wanted, uncovered, counts, untold)):
            return False
    around = [each for each in known if each != wanted and each.holds(wanted)]
    return all(_is_safe(each, _uncovered(each, months, after), counts, untold) for each in around)


# -- what whoever knows the rule works out ---------------------------------------------------------------------------


def _all_untold(
    counts: Sequence[ByMonth], whole: ByMonth | None, within: Collection[Period] | None, *, rest_may_be_none: bool
) -> list[Untold]:
    """Of parts; or of one part of a whole and what it leaves, or leaves to the other."""
    one = _untold(counts[0], whole, within, rest_may_be_none=rest_may_be_none)
    if whole is None:
        return [_untold(each, None, within) for each in counts]
    told_whole = {first: within is not None and month_of(first) in within for first in whole}
    other = {
        first: frozenset(whole[first] - n for n in can_be) if told_whole[first] else can_be
        for first, can_be in one.by_month.items()
    }
    return [one, Untold(other, one.by_itself)]


def _untold(
    part: ByMonth,
    whole: ByMonth | None = None,
    within: Collection[Period] | None = None,
    *,
    rest_may_be_none: bool = False,
) -> Untold:
    """No more than ten; or, of a whole that is told, also all but no more than ten."""
    found = {}
    for first in part:
        can_be = set(range(FEWEST))
        if whole is not None and within is not None and month_of(first) in within:
            # Where a part may be told though nothing is left of the whole, it is.
            can_be |= {whole[first] - n for n in range(1 if rest_may_be_none else 0, FEWEST)}
            can_be &= set(range(whole[first] + 1))
        found[first] = frozenset(can_be)
    return Untold(found, by_itself=within is None)


def _may_be_told(
    period: Period,
    months: Sequence[date],
    parts: Sequence[ByMonth],
    known: Collection[Period],
    rests: Sequence[ByMonth],
    untold: Sequence[Untold] | None,
) -> bool:
    is_month = period == month_of(period.first)
    uncovered = [period.first] if is_month else _uncovered(period, months, known)
    counts = [*parts, *rests]
    there = [n for n, part in enumerate(counts) if n < len(parts) or any(part[first] for first in uncovered)]
    if is_month:
        return all(counts[n][period.first] >= FEWEST for n in there)
    return all(_is_safe(period, uncovered, counts[n], untold[n] if untold is not None else None) for n in there)


def _is_safe(period: Period, uncovered: Sequence[date], part: ByMonth, untold: Untold | None) -> bool:
    """`untold` where that a month is not told says something of it, for others are."""
    if not uncovered:
        return True
    if len(uncovered) == 1 or sum(part[first] for first in uncovered) < FEWEST:
        return False
    return untold is None or _leaves_open(period, uncovered, part, untold)


def _leaves_open(period: Period, uncovered: Sequence[date], part: ByMonth, untold: Untold) -> bool:
    """Whether whoever knows the rule cannot say nearly how many there are in a month, or a quarter, that is not told.

    Each of these months is one of what it can be untold, and what is left of a quarter of a year is no sum that would
    be told. Where they cannot come to the sum, another part kept some month from being told.
    """
    total = sum(part[first] for first in uncovered)
    is_year = month_after(period.first, MONTHS_OF_QUARTER) < period.until
    by_quarter: dict[int, list[date]] = defaultdict(list)
    for first in uncovered:
        by_quarter[_quarter(period, first)].append(first)
    there = Counter(_quarter(period, first) for first in part if period.first <= first < period.until)
    left = {quarter: _sums(tuple(untold.by_month[first] for first in months)) for quarter, months in by_quarter.items()}
    if is_year and untold.by_itself:
        left = {quarter: {n: each for n, each in sums.items() if not _alone(n, each)} for quarter, sums in left.items()}
    for quarter, months in by_quarter.items():
        others = _added(sums for other, sums in left.items() if other != quarter)
        fits = [n for n in left[quarter] if total - n in others]
        if is_year and len(months) == there[quarter] and fits and _is_close(min(fits), max(fits)):
            return False
        for spans in zip(*(left[quarter][n] for n in fits), strict=True):
            if _is_close(min(least for least, _most in spans), max(most for _least, most in spans)):
                return False
    return True


@lru_cache(maxsize=4096)
def _sums(months: tuple[frozenset[int], ...]) -> Mapping[int, tuple[Span, ...]]:
    """What months can come to together, and the least and the most of each where they do."""
    found: Mapping[int, tuple[Span, ...]] = {0: ()}
    for month in months:
        longer: dict[int, tuple[Span, ...]] = {}
        for total, spans in found.items():
            for n in month:
                one = (*spans, (n, n))
                known = longer.get(total + n, one)
                longer[total + n] = tuple(map(_both, known, one))
        found = longer
    return found


def _both(one: Span, other: Span) -> Span:
    return min(one[0], other[0]), max(one[1], other[1])


def _alone(total: int, months: tuple[Span, ...]) -> bool:
    """Whether months of a quarter that come to this would be told as what is left of it."""
    return len(months) > 1 and total >= FEWEST and not any(_is_close(*span) for span in months)


def _is_close(least: int, most: int) -> bool:
    return least > 0 and most <= SMALL and most - least < LEAST_APART


def _added(sums: Iterable[Collection[int]]) -> set[int]:
    """What one of each come to together."""
    found = {0}
    for each in sums:
        found = {one + other for one in found for other in each}
    return found


def _quarter(period: Period, first: date) -> int:
    return ((first.year - period.first.year) * 12 + first.month - period.first.month) // MONTHS_OF_QUARTER


# -- which periods there are -----------------------------------------------------------------------------------------


def _uncovered(period: Period, months: Sequence[date], known: Collection[Period]) -> list[date]:
    """The months of a period that no known sum inside it covers."""
    inside = [each for each in known if each != period and period.holds(each)]
    return [
        first
        for first in months
        if period.first <= first < period.until and not any(each.first <= first < each.until for each in inside)
    ]


def _all(months: Sequence[date], year_begins: int) -> list[Period]:
    """Months, then quarters, then years: each looks at those before it."""
    quarters = _over({quarter_of(first, year_begins) for first in months}, months)
    return [*map(month_of, months), *quarters, *_years(months, year_begins)]


def _years(months: Sequence[date], year_begins: int) -> list[Period]:
    return _over({year_of(first, year_begins) for first in months}, months)


def _over(periods: set[Period], months: Sequence[date]) -> list[Period]:
    """Those whose last month is there, the earliest first."""
    return sorted(each for each in periods if month_of(each.last).first in months)
