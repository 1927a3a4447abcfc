"""How many are there at which time, and where that is too few: values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Level:
    """So many are there from `begin`, before `end`."""

    begin: datetime
    end: datetime
    count: int


def levels(spans: Iterable[Span], begin: datetime, end: datetime, *, cuts: Iterable[datetime] = ()) -> list[Level]:
    """How many spans stand over each stretch of the time from `begin`, before `end`; cut at `cuts` too."""
    inside = [(max(b, begin), min(e, end)) for b, e in spans if b < end and e > begin]
    steps: dict[datetime, int] = dict.fromkeys((begin, end, *(at for at in cuts if begin < at < end)), 0)
    for b, e in inside:
        steps[b] = steps.get(b, 0) + 1
        steps[e] = steps.get(e, 0) - 1
    found, count = [], 0
    for at, after in pairwise(sorted(steps)):
        count += steps[at]
        if at < after:
            found.append(Level(at, after, count))
    return found


def too_few(found: Iterable[Level], least: Callable[[datetime], int], *, cuts: Sequence[datetime] = ()) -> list[Level]:
    """Stretches with fewer than the least at their begin; neighbours are one stretch, with the fewest of both, unless
    a cut lies between them."""
    short: list[Level] = []
    for each in found:
        if each.count >= least(each.begin):
            continue
        if short and short[-1].end == each.begin and each.begin not in cuts:
            short[-1] = Level(short[-1].begin, each.end, min(short[-1].count, each.count))
        else:
            short.append(each)
    return short


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What of the spans lies in none of those taken."""
    left = list(spans)
    for t_begin, t_end in taken:
        left = [
            piece
            for begin, end in left
            for piece in ((begin, min(end, t_begin)), (max(begin, t_end), end))
            if piece[0] < piece[1]
        ]
    return left
