"""A problem as plain data and back, so that another process can solve it. What is carried is also what is digested."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from respite.staffing.roster.parts import (
    Absence,
    Assignment,
    Burden,
    Cover,
    Holding,
    Hours,
    Kind,
    Need,
    Person,
    Roster,
    Shift,
    Wish,
)
from respite.staffing.roster.problem import Problem

Plain = dict[str, Any]


def carried(problem: Problem) -> Plain:
    """The problem as JSON can hold it, always in the same order."""
    return {
        "days": problem.days,
        "first_weekday": problem.first_weekday,
        "known": [problem.known_before, problem.known_after],
        "frozen": problem.frozen,
        "weights": [problem.change, problem.isolated],
        "coverage_first": problem.coverage_first,
        "kinds": [[k.id, k.start, k.minutes, k.night, sorted(k.never_before)] for k in problem.kinds],
        "people": [_person(person) for person in problem.people],
        "covers": [_cover(cover) for cover in problem.covers],
        "absences": [[a.id, a.person, sorted(a.shifts), a.changeable] for a in problem.absences],
        "wishes": [[w.person, w.day, w.kind, w.weight, w.wanted] for w in problem.wishes],
        "burdens": [
            [
                b.name,
                sorted(b.shifts),
                dict(sorted(b.shares.items())),
                dict(sorted(b.before.items())),
                b.each,
                b.largest,
            ]
            for b in problem.burdens
        ],
        "locked": sorted(problem.locked),
        "around": sorted(problem.around),
        "previous": sorted(problem.previous),
        "exact": sorted([*shift, *span] for shift, span in problem.exact.items()),
    }


def digest(plain: object) -> bytes:
    """What says whether two solvers were given the same."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).digest()


def unpacked(plain: Plain) -> Problem:
    """The problem that was carried."""
    change, isolated = plain["weights"]
    return Problem(
        days=plain["days"],
        first_weekday=plain["first_weekday"],
        known_before=plain["known"][0],
        known_after=plain["known"][1],
        frozen=plain["frozen"],
        change=change,
        isolated=isolated,
        coverage_first=plain["coverage_first"],
        kinds=tuple(
            Kind(id=id_, start=start, minutes=minutes, night=night, never_before=frozenset(never))
            for id_, start, minutes, night, never in plain["kinds"]
        ),
        people=tuple(_unpacked_person(each) for each in plain["people"]),
        covers=tuple(_unpacked_cover(each) for each in plain["covers"]),
        absences=tuple(
            Absence(id=id_, person=person, shifts=_shifts(shifts), changeable=changeable)
            for id_, person, shifts, changeable in plain["absences"]
        ),
        wishes=tuple(
            Wish(person=person, day=day, kind=kind, weight=weight, wanted=wanted)
            for person, day, kind, weight, wanted in plain["wishes"]
        ),
        burdens=tuple(
            Burden(name=name, shifts=_shifts(shifts), shares=shares, before=before, each=each, largest=largest)
            for name, shifts, shares, before, each, largest in plain["burdens"]
        ),
        locked=roster_of(plain["locked"]),
        around=roster_of(plain["around"]),
        previous=roster_of(plain["previous"]),
        exact={Shift(day, kind): (begin, end) for day, kind, begin, end in plain["exact"]},
    )


def roster_of(plain: list[list[Any]]) -> Roster:
    return frozenset(Assignment(*each) for each in plain)


def _person(person: Person) -> Plain:
    return {
        "id": person.id,
        "holds": [[h.tag, h.first, h.until] for h in person.holds],
        "hours": [[h.first, h.until, h.least, h.most, h.wanted, h.short] for h in person.hours],
        "most_of_kind": dict(sorted(person.most_of_kind.items())),
        "limits": [
            person.most_in_a_row,
            person.least_in_a_row,
            person.least_off_in_a_row,
            person.most_nights_in_a_row,
            person.most_weekends,
        ],
        "rest": person.rest,
        "short_rest_after": sorted(person.short_rest_after),
    }


def _unpacked_person(plain: Plain) -> Person:
    most_in_a_row, least_in_a_row, least_off, most_nights, most_weekends = plain["limits"]
    return Person(
        id=plain["id"],
        holds=tuple(Holding(tag=tag, first=first, until=until) for tag, first, until in plain["holds"]),
        hours=tuple(
            Hours(first=first, until=until, least=least, most=most, wanted=wanted, short=short)
            for first, until, least, most, wanted, short in plain["hours"]
        ),
        most_of_kind=plain["most_of_kind"],
        most_in_a_row=most_in_a_row,
        least_in_a_row=least_in_a_row,
        least_off_in_a_row=least_off,
        most_nights_in_a_row=most_nights,
        most_weekends=most_weekends,
        rest=plain["rest"],
        short_rest_after=frozenset(plain["short_rest_after"]),
    )


def _cover(cover: Cover) -> list[Any]:
    needs = [[need.tag, need.least, need.missing] for need in cover.needs]
    everyone = sorted(cover.everyone)
    return [cover.day, cover.kind, cover.wanted, cover.missing, cover.surplus, cover.most, needs, everyone]


def _unpacked_cover(plain: list[Any]) -> Cover:
    day, kind, wanted, missing, surplus, most, needs, everyone = plain
    return Cover(
        day=day,
        kind=kind,
        wanted=wanted,
        missing=missing,
        surplus=surplus,
        most=most,
        needs=tuple(Need(tag=tag, least=least, missing=points) for tag, least, points in needs),
        everyone=frozenset(everyone),
    )


def _shifts(plain: list[list[Any]]) -> frozenset[Shift]:
    return frozenset(Shift(day, kind) for day, kind in plain)
