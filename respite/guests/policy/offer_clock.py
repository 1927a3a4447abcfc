"""How long an offer of a bed stands: its minutes count only in the hours in which the person said they can answer.

Half-open, like everything else: at the instant it runs out, it has run out. Instants come back in UTC.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from respite.houses.policy.house_time import ONE_DAY, local, span_of


@dataclass(frozen=True, slots=True)
class AnswerHours:
    """From `start` until `end` on the house's clock; an end before the start is on the next day. An hour that is not
    given, or twice the same: always.
    """

    start: time | None = None
    end: time | None = None

    @property
    def always(self) -> bool:
        return self.start is None or self.end is None or self.start == self.end


ALWAYS = AnswerHours()


def runs_out_at(made_at: datetime, minutes: int, hours: AnswerHours, zone: str) -> datetime:
    """The instant at which so many minutes of their hours have gone by since it was made."""
    left = timedelta(minutes=minutes)
    for begin, end in _spans(made_at, hours, zone):
        begin = max(begin, made_at)
        if begin < end:
            if end - begin >= left:
                return begin + left
            left -= end - begin
    raise AssertionError("days go on")


def can_answer(at: datetime, hours: AnswerHours, zone: str) -> bool:
    """Whether it is one of their hours."""
    return opens_at(at, hours, zone) == at


def opens_at(at: datetime, hours: AnswerHours, zone: str) -> datetime:
    """The first instant of their hours from `at` on: `at` itself where it is one."""
    return next(max(begin, at) for begin, end in _spans(at, hours, zone) if end > at)


def _spans(since: datetime, hours: AnswerHours, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Their hours, day by day, from those that may still go on at `since`. A day on which the clocks jump over all of
    them has none.
    """
    first = local(since, zone).date() - ONE_DAY
    for number in itertools.count():
        day = first + number * ONE_DAY
        if hours.always:
            yield span_of(day, time.min, time.min, zone)
        else:
            assert hours.start is not None
            assert hours.end is not None
            begin, end = span_of(day, hours.start, hours.end, zone)
            if begin < end:
                yield begin, end
