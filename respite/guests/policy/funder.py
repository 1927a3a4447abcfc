"""Counts for a funder, of which none from one to ten is told or can be worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

FEWEST = 11  # a smaller count than this is not told, none neither: so "10 or fewer" may be nobody
LONGEST_QUESTION, LONGEST_CHOICE, MOST_CHOICES, FEWEST_CHOICES = 200, 80, 12, 2
MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a question in a year: each choice's count, or none where it is too small to tell.

    With one of them left out the sum is left out too, or it would give the rest away.
    """

    year: int
    counts: tuple[int | None, ...]
    total: int | None


def told(counts: Sequence[int]) -> tuple[tuple[int | None, ...], int | None]:
    shown = tuple(each if each >= FEWEST else None for each in counts)
    return shown, sum(counts) if None not in shown else None


def by_year(answers: Iterable[tuple[date, int]], choices: int, today: date) -> list[Told]:
    """Years that are over, the newest first: while one goes on, two looks at it would tell of the answer in between."""
    years: dict[int, Counter[int]] = {}
    for year, choice in answers:
        if year.year < today.year:
            years.setdefault(year.year, Counter())[choice] += 1
    return [Told(year, *told([years[year][n] for n in range(choices)])) for year in sorted(years, reverse=True)]
