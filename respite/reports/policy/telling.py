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

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from respite.reports.policy.periods import MONTHS_OF_QUARTER, Period, month_after, month_of, quarter_of, year_of

FEWEST = 11  # a smaller count is not told, none neither
SMALL = FEWEST - 1
#: Of a small count that is not told, the least and the most that it can be lie so far apart, or it can be none.
LEAST_APART = 5

#: A count by the first day of its month.
ByMonth = Mapping[date, int]


def told(
    parts: Sequence[ByMonth],
    year_begins: int,
    released: Collection[Period] = (),
    *,
    years_only: bool = False,
    within: Collection[Period] | None = None,
    rests: Sequence[ByMonth] = (),
) -> set[Period]:
    """The months, quarters and years for which every one of the parts is told.

    All parts have the same months. `within` are the periods in which the count they add up to is told: in others they
    would tell it. `rests` are what a count leaves of the one it is within; there is none, or they keep to the rule too.
    What was released is known to somebody: it is not told by this, and covers months like a told sum for them, and
    for nobody else. So the rule has to hold with it and without it.
    """
    months = sorted(parts[0])
    found: set[Period] = set()
    for period in _years(months, year_begins) if years_only else _all(months, year_begins):
        if (within is None or period in within) and all(
            _may_be_told(period, months, parts, known, rests, months_tell=not years_only)
            for known in (found, found | set(released))
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
    after = known | {wanted}
    if wanted != month_of(wanted.first):
        uncovered = _uncovered(wanted, months, after)
        if len(uncovered) == 1 or (not years_only and not _leaves_open(wanted, uncovered, counts)):
            return False
    around = [each for each in known if each != wanted and each.holds(wanted)]
    return all(_is_safe(each, _uncovered(each, months, after), [counts], months_tell=not years_only) for each in around)


def _may_be_told(
    period: Period,
    months: Sequence[date],
    parts: Sequence[ByMonth],
    known: Collection[Period],
    rests: Sequence[ByMonth] = (),
    *,
    months_tell: bool = True,
) -> bool:
    is_month = period == month_of(period.first)
    uncovered = [period.first] if is_month else _uncovered(period, months, known)
    there = [*parts, *(rest for rest in rests if any(rest[first] for first in uncovered))]
    if is_month:
        return all(part[period.first] >= FEWEST for part in there)
    return _is_safe(period, uncovered, there, months_tell=months_tell)


def _is_safe(period: Period, uncovered: Sequence[date], parts: Sequence[ByMonth], *, months_tell: bool = True) -> bool:
    """`months_tell`: that a month is not told says something of it, for others are."""
    if not uncovered:
        return True
    return len(uncovered) > 1 and all(
        sum(part[first] for first in uncovered) >= FEWEST and (not months_tell or _leaves_open(period, uncovered, part))
        for part in parts
    )


def _leaves_open(period: Period, uncovered: Sequence[date], part: ByMonth) -> bool:
    """Whether whoever knows the rule cannot say nearly how many there are in a month, or a quarter, that is not told.

    None of these months is over ten, and what is left of a quarter of a year is no sum that would be told. Where the
    sum is larger than that, some month is, and another part kept it from being told.
    """
    total = sum(part[first] for first in uncovered)
    is_year = month_after(period.first, MONTHS_OF_QUARTER) < period.until
    many = Counter(_quarter(period, first) for first in uncovered)
    there = Counter(_quarter(period, first) for first in part if period.first <= first < period.until)
    left = {
        quarter: [n for n in range(SMALL * months + 1) if not (is_year and _alone(months, n))]
        for quarter, months in many.items()
    }
    for quarter, months in many.items():
        others = _added(sums for other, sums in left.items() if other != quarter)
        fits = [n for n in left[quarter] if total - n in others]
        month = {n for each in fits for n in (max(0, each - SMALL * (months - 1)), min(SMALL, each))}
        is_whole = is_year and months == there[quarter]
        if fits and (_is_close(month) or (is_whole and _is_close(fits))):
            return False
    return True


def _alone(months: int, total: int) -> bool:
    """Whether so many months of a quarter would be told as what is left of it."""
    return months > 1 and FEWEST <= total <= SMALL * months - LEAST_APART


def _is_close(numbers: Collection[int]) -> bool:
    least, most = min(numbers), max(numbers)
    return least > 0 and most <= SMALL and most - least < LEAST_APART


def _added(sums: Iterable[Collection[int]]) -> set[int]:
    """What one of each come to together."""
    found = {0}
    for each in sums:
        found = {one + other for one in found for other in each}
    return found


def _quarter(period: Period, first: date) -> int:
    return ((first.year - period.first.year) * 12 + first.month - period.first.month) // MONTHS_OF_QUARTER


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
