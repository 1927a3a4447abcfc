"""The facts of a problem that people could change, one by one, and the problem in which only some of them still stand.

What is left without any of them is what nobody can change: how many people there are, that nobody is in two places, and
what is worked outside of the roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from respite.staffing.roster.parts import Absence, Holding, Hours, Person
from respite.staffing.roster.problem import Problem


class What(StrEnum):
    """What a fact says about somebody, in the order in which people would think of it."""

    AWAY = "away"  # tag: the absence; day, until: where it stands
    NOT_HELD = "not-held"  # tag: what they do not hold on each day of the roster
    LOCKED = "locked"  # day: on which a shift of theirs is locked
    HOURS = "hours"  # day, until: the days in which minutes have a most
    REST = "rest"  # day: after whose shift they rest
    NIGHTS = "nights"  # the most nights in a row
    IN_A_ROW = "in-a-row"  # the most days in a row
    WEEKENDS = "weekends"  # the most weekends
    OF_KIND = "of-kind"  # tag: the kind of shift that has a most
    LEAST_HOURS = "least-hours"  # day, until: the days in which minutes have a least
    LEAST_IN_A_ROW = "least-in-a-row"
    LEAST_OFF = "least-off"  # the least days off in a row
    FROZEN = "frozen"  # of nobody: until: the day before which nothing is added


@dataclass(frozen=True, order=True)
class Fact:
    what: What
    person: str = ""
    day: int = 0
    until: int = 0
    tag: str = ""


Facts = frozenset[Fact]


def facts_of(problem: Problem) -> list[Fact]:
    """Every fact, the less telling first."""
    found = {fact for person in problem.people for fact in _of_person(problem, person)}
    found |= {fact for absence in problem.absences for fact in of_absence(absence)}
    found |= {Fact(What.LOCKED, each.person, each.day) for each in problem.locked}
    if problem.frozen:
        found.add(Fact(What.FROZEN, until=problem.frozen))
    order = list(What)
    return sorted(found, key=lambda fact: (-order.index(fact.what), fact))


def of_absence(absence: Absence) -> Iterator[Fact]:
    """Day by day where a day could be given back; else the absence is one fact."""
    days = sorted({shift.day for shift in absence.shifts})
    if absence.changeable:
        yield from (Fact(What.AWAY, absence.person, day, day + 1, absence.id) for day in days)
    elif days:
        yield Fact(What.AWAY, absence.person, days[0], days[-1] + 1, absence.id)


def _of_person(problem: Problem, person: Person) -> Iterator[Fact]:
    tags = {need.tag for cover in problem.covers for need in cover.needs}
    for tag in tags.union(*(cover.everyone for cover in problem.covers)):
        if not all(person.held(tag, day) for day in range(problem.days)):
            yield Fact(What.NOT_HELD, person.id, tag=tag)
    for hours in person.hours:
        if hours.most is not None:
            yield Fact(What.HOURS, person.id, hours.first, hours.until)
        if hours.least:
            yield Fact(What.LEAST_HOURS, person.id, hours.first, hours.until)
    if person.rest or any(kind.never_before for kind in problem.kinds):
        rests = set(range(problem.known.start, problem.days)) - person.short_rest_after
        yield from (Fact(What.REST, person.id, day) for day in rests)
    yield from (Fact(What.OF_KIND, person.id, tag=kind) for kind in person.most_of_kind)
    limits = {
        What.NIGHTS: person.most_nights_in_a_row is not None,
        What.IN_A_ROW: person.most_in_a_row is not None,
        What.WEEKENDS: person.most_weekends is not None,
        What.LEAST_IN_A_ROW: person.least_in_a_row > 1,
        What.LEAST_OFF: person.least_off_in_a_row > 1,
    }
    yield from (Fact(what, person.id) for what, stands in limits.items() if stands)


def keeping(problem: Problem, facts: Facts) -> Problem:
    """The problem in which, of all its facts, only these stand."""
    gone = frozenset(facts_of(problem)) - facts
    return replace(
        problem,
        people=tuple(
            _without(person, [fact for fact in gone if fact.person == person.id]) for person in problem.people
        ),
        absences=tuple(_still_away(absence, facts) for absence in problem.absences),
        locked=frozenset(each for each in problem.locked if Fact(What.LOCKED, each.person, each.day) in facts),
        frozen=0 if any(fact.what is What.FROZEN for fact in gone) else problem.frozen,
    )


def without(problem: Problem, gone: Iterable[Fact]) -> Problem:
    return keeping(problem, frozenset(facts_of(problem)).difference(gone))


def _still_away(absence: Absence, facts: Facts) -> Absence:
    stands = [fact for fact in of_absence(absence) if fact in facts]
    return replace(
        absence,
        shifts=frozenset(
            shift for shift in absence.shifts if any(fact.day <= shift.day < fact.until for fact in stands)
        ),
    )


def _without(person: Person, gone: list[Fact]) -> Person:
    whats = {fact.what for fact in gone}
    held = tuple(Holding(tag=fact.tag) for fact in gone if fact.what is What.NOT_HELD)
    kinds = {fact.tag for fact in gone if fact.what is What.OF_KIND}
    rests = {fact.day for fact in gone if fact.what is What.REST}
    return replace(
        person,
        holds=person.holds + held,
        hours=tuple(_hours_without(person, hours, gone) for hours in person.hours),
        most_of_kind={kind: most for kind, most in person.most_of_kind.items() if kind not in kinds},
        most_in_a_row=None if What.IN_A_ROW in whats else person.most_in_a_row,
        most_nights_in_a_row=None if What.NIGHTS in whats else person.most_nights_in_a_row,
        most_weekends=None if What.WEEKENDS in whats else person.most_weekends,
        least_in_a_row=1 if What.LEAST_IN_A_ROW in whats else person.least_in_a_row,
        least_off_in_a_row=1 if What.LEAST_OFF in whats else person.least_off_in_a_row,
        short_rest_after=person.short_rest_after | rests,
    )


def _hours_without(person: Person, hours: Hours, gone: list[Fact]) -> Hours:
    most = Fact(What.HOURS, person.id, hours.first, hours.until) in gone
    least = Fact(What.LEAST_HOURS, person.id, hours.first, hours.until) in gone
    return replace(hours, most=None if most else hours.most, least=0 if least else hours.least)
