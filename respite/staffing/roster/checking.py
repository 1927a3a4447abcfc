"""The one judge of hard rules, in plain Python: for a filled roster, a drag, a swap, a claim, an import.

It shares nothing with the model but the problem, so each finds the other's mistakes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from respite.staffing.roster.parts import Assignment, Person, Shift
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.reasons import Reason, Rule


def broken(problem: Problem, roster: Iterable[Assignment]) -> list[Reason]:
    """Every hard rule that a roster breaks, in order of people; what happened outside of it is not judged."""
    roster = frozenset(roster)
    mine: dict[str, set[Shift]] = defaultdict(set)
    for assignment in roster:
        mine[assignment.person].add(assignment.shift)
    if strangers := mine.keys() - problem.person.keys():
        raise ValueError(f"no such people: {sorted(strangers)}")
    found = [reason for person in problem.people for reason in _of_person(problem, person, mine[person.id])]
    return found + [reason for shift in problem.cover for reason in _too_many(problem, shift, roster)]


def against(problem: Problem, roster: Iterable[Assignment], person: str, day: int, kind: str) -> list[Reason]:
    """What speaks against putting somebody on a shift as well: rules that it would break, or break worse than before.

    A swap or a move is judged with what it takes away already taken from `roster`.
    """
    roster, shift, who = frozenset(roster), Shift(day, kind), problem.person[person]
    mine = {each.shift for each in roster if each.person == person}
    before = list(_of_person(problem, who, mine))
    after = [reason for reason in _of_person(problem, who, mine | {shift}) if reason not in before]
    after = [reason for reason in after if not any(_is_better(reason, old) for old in before)]
    return after + list(_too_many(problem, shift, roster | {Assignment(person, day, kind)}))


def _is_better(reason: Reason, old: Reason) -> bool:
    """Whether a stretch that was too short only grew."""
    grows = reason.rule in (Rule.LEAST_MINUTES, Rule.LEAST_IN_A_ROW) and reason.rule == old.rule
    return grows and reason.day <= old.day and old.until <= reason.until and reason.have > old.have


def _too_many(problem: Problem, shift: Shift, roster: frozenset[Assignment]) -> Iterator[Reason]:
    cover = problem.cover.get(shift)
    if cover is None or cover.most is None:
        return
    have = sum(each.shift == shift for each in roster)
    if have > cover.most:
        yield Reason(Rule.FULL, day=shift.day, kind=shift.kind, have=have, limit=cover.most)


def _of_person(problem: Problem, person: Person, mine: set[Shift]) -> Iterator[Reason]:
    """The rules that bind one person; `mine` are their shifts inside the roster."""
    around = {each.shift for each in problem.around if each.person == person.id}
    yield from _single(problem, person, mine)
    yield from _neighbours(problem, person, mine, around)
    yield from _sums(problem, person, mine, around)
    yield from _stretches(problem, person, mine, around)


def _single(problem: Problem, person: Person, mine: set[Shift]) -> Iterator[Reason]:
    """Each shift for itself."""
    for day, kind in sorted(mine):
        assignment = Assignment(person.id, day, kind)
        cover = problem.cover.get(Shift(day, kind))
        if cover is None:
            yield Reason(Rule.NOT_OFFERED, person.id, day, kind)
            continue
        if day < problem.frozen and assignment not in problem.locked:
            yield Reason(Rule.FROZEN, person.id, day, kind)
        if assignment in problem.away:
            yield Reason(Rule.AWAY, person.id, day, kind, tag=problem.away[assignment].id)
        for tag in sorted(cover.everyone):
            if not person.held(tag, day):
                yield Reason(Rule.NOT_HELD, person.id, day, kind, tag=tag)


def _neighbours(problem: Problem, person: Person, mine: set[Shift], around: set[Shift]) -> Iterator[Reason]:
    """Two shifts that cannot both be theirs."""
    in_order = sorted(mine | around, key=lambda shift: (problem.span(shift), shift))
    for place, earlier in enumerate(in_order):
        for later in in_order[place + 1 :]:
            if not {earlier, later} & mine:
                continue
            if earlier.day == later.day:
                yield Reason(Rule.ONE_A_DAY, person.id, later.day, later.kind, other=earlier)
                continue
            gap, asked = problem.span(later)[0] - problem.span(earlier)[1], problem.asked_rest(person, earlier)
            if gap >= asked and later.day > earlier.day + 1:
                break
            if gap < asked:
                yield Reason(Rule.REST, person.id, later.day, later.kind, other=earlier, have=gap, limit=asked)
            agreed = earlier.day in person.short_rest_after
            follows = later.day == earlier.day + 1 and later.kind in problem.kind[earlier.kind].never_before
            if follows and not agreed:
                yield Reason(Rule.NEVER_AFTER, person.id, later.day, later.kind, other=earlier)


def _sums(problem: Problem, person: Person, mine: set[Shift], around: set[Shift]) -> Iterator[Reason]:
    """Minutes, shifts of a kind, weekends."""
    for hours in person.hours:
        inside = {each for each in mine | around if hours.first <= each.day < hours.until}
        have = sum(problem.minutes(each) for each in inside)
        if hours.most is not None and have > hours.most and inside & mine:
            yield _stretch(Rule.MOST_MINUTES, person, hours.first, hours.until, have, hours.most)
        if have < hours.least:
            yield _stretch(Rule.LEAST_MINUTES, person, hours.first, hours.until, have, hours.least)
    kinds = Counter(each.kind for each in mine)
    for kind, most in person.most_of_kind.items():
        if kinds[kind] > most:
            yield Reason(Rule.MOST_OF_KIND, person.id, kind=kind, have=kinds[kind], limit=most)
    days = {each.day for each in mine}
    weekends = sum(not days.isdisjoint(weekend) for weekend in problem.weekends)
    if person.most_weekends is not None and weekends > person.most_weekends:
        yield Reason(Rule.WEEKENDS, person.id, have=weekends, limit=person.most_weekends)


def _stretches(problem: Problem, person: Person, mine: set[Shift], around: set[Shift]) -> Iterator[Reason]:
    """Days on, days off and nights, in a row. A stretch that reaches the end of what is known may go on beyond it."""
    known, my_days = problem.known, {each.day for each in mine}
    on = {each.day for each in mine | around}
    nights = {each.day for each in mine | around if problem.kind[each.kind].night}
    too_long = (
        (Rule.MOST_IN_A_ROW, on, person.most_in_a_row),
        (Rule.NIGHTS_IN_A_ROW, nights, person.most_nights_in_a_row),
    )
    too_short = (
        (Rule.LEAST_IN_A_ROW, on, person.least_in_a_row),
        (Rule.LEAST_OFF_IN_A_ROW, set(known) - on, person.least_off_in_a_row),
    )
    for rule, days, most in too_long:
        for first, until in stretches(known, days):
            if most is not None and until - first > most and not my_days.isdisjoint(range(first, until)):
                yield _stretch(rule, person, first, until, until - first, most)
    for rule, days, least in too_short:
        for first, until in stretches(known, days):
            if until - first < least and _is_decided_here(problem, first, until):
                yield _stretch(rule, person, first, until, until - first, least)


def _stretch(rule: Rule, person: Person, first: int, until: int, have: int, limit: int) -> Reason:
    return Reason(rule, person.id, first, until=until, have=have, limit=limit)


def _is_decided_here(problem: Problem, first: int, until: int) -> bool:
    """Whether both ends of a stretch are known and the roster decides about one of its days or of those beside it."""
    ends_are_known = problem.known.start < first and until < problem.known.stop
    return ends_are_known and first - 1 < problem.days and until >= 0


def stretches(known: range, some: set[int]) -> Iterator[tuple[int, int]]:
    """The runs of days among some: first day, and the day after the last."""
    first: int | None = None
    for day in range(known.start, known.stop + 1):
        inside = day in known and day in some
        if inside and first is None:
            first = day
        elif not inside and first is not None:
            yield first, day
            first = None
