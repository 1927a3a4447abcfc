"""What a roster costs, by what for: the soft wishes weighed in the open. Independent of the model, like `checking`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from respite.staffing.roster.checking import stretches
from respite.staffing.roster.parts import Assignment, Shift
from respite.staffing.roster.problem import Problem


@dataclass(frozen=True, order=True)
class Gap:
    """So many are missing on a shift: people, or (with `tag`) people who hold it."""

    day: int
    kind: str
    tag: str
    missing: int

    @property
    def shift(self) -> Shift:
        return Shift(self.day, self.kind)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Points, by what they are for."""

    missing: int
    surplus: int
    needs: int
    wishes: int
    hours: int
    isolated: int
    fairness: int
    changes: int

    @property
    def total(self) -> int:
        return sum(vars(self).values())


def gaps(problem: Problem, roster: Iterable[Assignment]) -> list[Gap]:
    """What stays uncovered, in order of days."""
    on: dict[Shift, list[str]] = {}
    for each in roster:
        on.setdefault(each.shift, []).append(each.person)
    found = []
    for cover in problem.covers:
        people = on.get(cover.shift, [])
        short = [("", cover.wanted - len(people))]
        for need in cover.needs:
            short.append(
                (need.tag, need.least - sum(problem.person[each].held(need.tag, cover.day) for each in people))
            )
        found += [Gap(cover.day, cover.kind, tag, missing) for tag, missing in short if missing > 0]
    return sorted(found)


def uncovered(gaps: Iterable[Gap]) -> int:
    """How much is uncovered, in one number: an open seat weighs 2, somebody missing who holds a tag 1."""
    return sum(gap.missing * (1 if gap.tag else 2) for gap in gaps)


def cost(problem: Problem, roster: Iterable[Assignment]) -> Cost:
    roster = frozenset(roster)
    heads = Counter(each.shift for each in roster)
    needed = {(cover.shift, need.tag): need.missing for cover in problem.covers for need in cover.needs}
    found = gaps(problem, roster)
    return Cost(
        missing=sum(gap.missing * problem.cover[gap.shift].missing for gap in found if not gap.tag),
        needs=sum(gap.missing * needed[gap.shift, gap.tag] for gap in found if gap.tag),
        surplus=sum(max(0, heads[cover.shift] - cover.wanted) * cover.surplus for cover in problem.covers),
        wishes=sum(
            wish.weight
            for wish in problem.wishes
            if (Assignment(wish.person, wish.day, wish.kind) in roster) != wish.wanted
        ),
        hours=_short_hours(problem, roster),
        isolated=problem.isolated * _isolated(problem, roster) if problem.isolated else 0,
        fairness=_unfairness(problem, roster),
        changes=problem.change * changed(problem.previous, roster) if problem.change else 0,
    )


def changed(previous: Iterable[Assignment], roster: Iterable[Assignment]) -> int:
    """On how many days of somebody the rosters differ."""
    return len({(each.person, each.day) for each in frozenset(previous) ^ frozenset(roster)})


def _short_hours(problem: Problem, roster: frozenset[Assignment]) -> int:
    total = 0
    for person in problem.people:
        mine = [each.shift for each in roster | problem.around if each.person == person.id]
        for hours in person.hours:
            have = sum(problem.minutes(each) for each in mine if hours.first <= each.day < hours.until)
            total += hours.short * max(0, -((have - hours.wanted) // 60))
    return total


def _isolated(problem: Problem, roster: frozenset[Assignment]) -> int:
    """Single days on between two days off."""
    count = 0
    for person in problem.people:
        on = {each.day for each in roster | problem.around if each.person == person.id}
        for first, until in stretches(problem.known, on):
            inside = problem.known.start < first and until < problem.known.stop and 0 <= first < problem.days
            count += inside and until - first == 1
    return count


def _unfairness(problem: Problem, roster: frozenset[Assignment]) -> int:
    total = 0
    for burden in problem.burdens:
        have = Counter(each.person for each in roster if each.shift in burden.shifts)
        off = [
            abs(10 * (burden.before.get(person, 0) + have[person]) - share)
            for person, share in problem.share(burden).items()
        ]
        total += burden.each * sum(off) + burden.largest * max(off, default=0)
    return total
