"""What a credential or a training asks, and how far somebody has come: values in, values out. Times are in minutes."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

REMIND_DAYS = (90, 60, 30)


class Kind(StrEnum):
    CREDENTIAL = "credential"  # an issuer gives it, and it has a number
    TRAINING = "training"  # the house's own: held from the day on which its hours are complete


class Sort(StrEnum):
    LEARNING = "learning"
    WORK = "work"  # hours of peer support that were worked elsewhere


@dataclass(frozen=True, slots=True)
class Part:
    """So much of the whole is about one thing, such as law and ethics."""

    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that are asked for: a whole, parts that it includes, and how much of it may be in a group."""

    minutes: int = 0
    parts: tuple[Part, ...] = ()
    group_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of one credential or training; what is 0, empty or none is not asked."""

    initial: Hours = field(default_factory=Hours)
    experience: int = 0
    experience_months: int = 0  # over at least so many months
    supervision: Hours = field(default_factory=Hours)
    exam: str = ""
    hours_before_exam: bool = False
    valid_months: int | None = None  # none: the rules do not make it run out
    month_end: bool = False  # it runs out with the month
    renewal: Hours = field(default_factory=Hours)
    window_days: int | None = None  # it can be renewed so many days before it runs out; none: at any time
    needed_by: tuple[str, ...] = ()  # roles whose people are to hold it


#: (since, until, rules): counts for days from the first, before the second.
Version = tuple[date, date | None, RuleSet]


@dataclass(frozen=True, slots=True)
class Done:
    """Time that counts: what it was about, by the part's name, or empty."""

    minutes: int
    day: date
    category: str = ""
    in_group: bool = False


@dataclass(frozen=True, slots=True)
class PartDone:
    name: str
    needed: int
    done: int

    @property
    def left(self) -> int:
        return max(0, self.needed - self.done)


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of some hours is done. `left` is what is still to do where each hour is about what is missing."""

    needed: int
    counted: int
    over_group: int  # done in a group beyond what counts
    parts: tuple[PartDone, ...]

    @property
    def left(self) -> int:
        return max(self.needed - self.counted, sum(part.left for part in self.parts), 0)

    @property
    def complete(self) -> bool:
        return self.left == 0


def progress(asked: Hours, done: Iterable[Done]) -> Progress:
    """What of `done` counts for the hours asked."""
    done = list(done)
    in_group = sum(each.minutes for each in done if each.in_group)
    alone = sum(each.minutes for each in done if not each.in_group)
    counts = in_group if asked.group_most is None else min(in_group, asked.group_most)
    parts = tuple(
        PartDone(part.name, part.minutes, sum(each.minutes for each in done if each.category == part.name))
        for part in asked.parts
    )
    return Progress(asked.minutes, alone + counts, in_group - counts, parts)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months on; the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def expires(rules: RuleSet, issued_on: date, former: date | None = None) -> date | None:
    """The last valid day of a term. One that was renewed before `former` ran out goes on from there."""
    if rules.valid_months is None:
        return None
    begin = former if former is not None and issued_on <= former else issued_on
    last = months_after(begin, rules.valid_months)
    return last.replace(day=calendar.monthrange(last.year, last.month)[1]) if rules.month_end else last


def window_opens(rules: RuleSet, expires_on: date | None) -> date | None:
    """The first day on which it can be renewed; none: at any time."""
    if expires_on is None or rules.window_days is None:
        return None
    return expires_on - timedelta(days=rules.window_days)


def may_take_exam(rules: RuleSet, done: Iterable[Done], on: date) -> bool:
    """Whether the rules let somebody take the exam that day, by the hours they had then."""
    return not rules.hours_before_exam or progress(rules.initial, (d for d in done if d.day <= on)).complete


def worked_long_enough(rules: RuleSet, days: Sequence[date], today: date) -> bool:
    """Whether the first of the days worked lies as many months back as the rules ask."""
    if not rules.experience_months:
        return True
    return bool(days) and months_after(min(days), rules.experience_months) <= today


def spans_of_training(versions: Sequence[Version], done: Iterable[Done]) -> list[tuple[date, date | None]]:
    """When a training of the house was held: from each day that completed its hours, until it is to be done again.

    Hours count once: those for the next time begin after that day.
    """
    spans: list[tuple[date, date | None]] = []
    gathered: list[Done] = []
    for each in sorted(done, key=lambda one: one.day):
        gathered.append(each)
        rules = rules_on(versions, each.day)
        if rules is None or not progress(rules.initial, gathered).complete:
            continue
        gathered = []
        spans.append((each.day, months_after(each.day, rules.valid_months) if rules.valid_months else None))
    return spans


def rules_on(versions: Sequence[Version], day: date) -> RuleSet | None:
    """The rules that count on a day; for a day before the first of them those, since a house writes down late."""
    for since, until, rules in versions:
        if since <= day and (until is None or day < until):
            return rules
    first = min(versions, key=lambda version: version[0], default=None)
    return first[2] if first is not None and day < first[0] else None


def reminders(expires_on: date) -> list[tuple[int, date]]:
    """(days before, day) of each reminder, the first one first."""
    return [(days, expires_on - timedelta(days=days)) for days in REMIND_DAYS]


def to_body(rules: RuleSet) -> dict[str, Any]:
    """As it is stored: what is asked, and nothing else."""
    body: dict[str, Any] = {}
    for name in ("initial", "supervision", "renewal"):
        asked: Hours = getattr(rules, name)
        if asked != Hours():
            body[name] = {
                "minutes": asked.minutes,
                "parts": [{"name": part.name, "minutes": part.minutes} for part in asked.parts],
                "group_most": asked.group_most,
            }
    for name in _PLAIN:
        value = getattr(rules, name)
        if value not in (0, "", False, None):
            body[name] = value
    return body | {"needed_by": list(rules.needed_by)}


def from_body(body: Mapping[str, Any]) -> RuleSet:
    found: dict[str, Any] = {name: body[name] for name in _PLAIN if name in body}
    for name in ("initial", "supervision", "renewal"):
        if name in body:
            parts = tuple(Part(part["name"], part["minutes"]) for part in body[name].get("parts", ()))
            found[name] = Hours(body[name]["minutes"], parts, body[name].get("group_most"))
    return RuleSet(**found, needed_by=tuple(body.get("needed_by", ())))


_PLAIN = ("experience", "experience_months", "exam", "hours_before_exam", "valid_months", "month_end", "window_days")
