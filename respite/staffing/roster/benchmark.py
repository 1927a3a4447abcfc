"""The text format of the shift scheduling benchmarks of Curtois and Qu (2014), and rosters for them.

The format has no clock: kinds of shift have a length and a list of kinds that may not follow. A roster is written as
one more section of the same shape: `SECTION_ROSTER`, then `EmployeeID,Day,ShiftID` on each line.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from respite.staffing.roster.parts import Absence, Assignment, Cover, Hours, Kind, Person, Roster, Shift, Wish
from respite.staffing.roster.problem import Problem

SECTIONS = (
    "SECTION_HORIZON SECTION_SHIFTS SECTION_STAFF SECTION_DAYS_OFF SECTION_SHIFT_ON_REQUESTS"
    " SECTION_SHIFT_OFF_REQUESTS SECTION_COVER"
).split()
ROSTER = "SECTION_ROSTER"
LONGEST = 24 * 60

Key = TypeVar("Key", bound=Hashable)
Part = TypeVar("Part")


class NotReadable(ValueError):
    """A line that is not of the format, with its number."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")


class Line(NamedTuple):
    number: int
    fields: list[str]

    def whole(self, place: int, what: str) -> int:
        field = self.fields[place]
        if not (field.isascii() and field.isdigit()):
            raise NotReadable(self.number, f"{what} must be a whole number, not {field!r}")
        return int(field)

    def one_of(self, place: int, known: Iterable[str], what: str) -> str:
        if self.fields[place] not in known:
            raise NotReadable(self.number, f"no such {what}: {self.fields[place]!r}")
        return self.fields[place]

    def day(self, place: int, days: int) -> int:
        day = self.whole(place, "a day")
        if day >= days:
            raise NotReadable(self.number, f"day {day} is outside of the {days} days")
        return day


def read(text: str) -> Problem:
    """Raises NotReadable."""
    sections = _sections(text, SECTIONS)
    if len(sections["SECTION_HORIZON"]) != 1:
        raise NotReadable(1, "SECTION_HORIZON must hold one line, the number of days")
    (horizon,) = _with_fields(sections["SECTION_HORIZON"], 1)
    days = horizon.whole(0, "the number of days")
    if not days:
        raise NotReadable(horizon.number, "there must be a day")
    kinds = _by_id(_kinds(sections["SECTION_SHIFTS"]))
    people = _by_id(_people(sections["SECTION_STAFF"], days, kinds))
    covers = _by_id(_covers(sections["SECTION_COVER"], days, kinds))
    every = [Shift(day, kind) for day in range(days) for kind in kinds]
    return Problem(
        days=days,
        kinds=tuple(kinds.values()),
        people=tuple(people.values()),
        covers=tuple(covers.get(each) or Cover(day=each.day, kind=each.kind, wanted=0, missing=0) for each in every),
        absences=tuple(_days_off(sections["SECTION_DAYS_OFF"], days, people, kinds)),
        wishes=tuple(
            Wish(
                person=line.one_of(0, people, "employee"),
                day=line.day(1, days),
                kind=line.one_of(2, kinds, "shift"),
                weight=line.whole(3, "a weight"),
                wanted=name == "SECTION_SHIFT_ON_REQUESTS",
            )
            for name in ("SECTION_SHIFT_ON_REQUESTS", "SECTION_SHIFT_OFF_REQUESTS")
            for line in _with_fields(sections[name], 4)
        ),
        coverage_first=False,
    )


def read_roster(text: str, problem: Problem) -> Roster:
    """A written roster. Raises NotReadable, also for an assignment that stands twice."""
    found: set[Assignment] = set()
    for line in _with_fields(_sections(text, [ROSTER])[ROSTER], 3):
        person = line.one_of(0, problem.person, "employee")
        assignment = Assignment(person, line.day(1, problem.days), line.one_of(2, problem.kind, "shift"))
        if assignment in found:
            raise NotReadable(line.number, "this stands twice")
        found.add(assignment)
    return frozenset(found)


def write_roster(problem: Problem, roster: Iterable[Assignment]) -> str:
    """In order of people as the problem names them, then of days."""
    place = {person.id: n for n, person in enumerate(problem.people)}
    in_order = sorted(roster, key=lambda each: (place[each.person], each.day, each.kind))
    lines = [f"{each.person},{each.day},{each.kind}" for each in in_order]
    return "\n".join([ROSTER, "# EmployeeID, Day, ShiftID", *lines, ""])


def _sections(text: str, names: list[str]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    number = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("SECTION_"):
            if line not in names:
                raise NotReadable(number, f"no such section: {line}")
            if line in found:
                raise NotReadable(number, f"{line} stands twice")
            current = found[line] = []
        elif current is None:
            raise NotReadable(number, f"a section must begin first, {names[0]} for one")
        else:
            current.append(Line(number, [field.strip() for field in line.split(",")]))
    if missing := [name for name in names if name not in found]:
        raise NotReadable(number, f"the file ends without {missing[0]}")
    return found


def _with_fields(lines: list[Line], count: int) -> list[Line]:
    for line in lines:
        if len(line.fields) != count:
            raise NotReadable(line.number, f"{count} fields are expected, not {len(line.fields)}")
    return lines


def _by_id(parts: Iterable[tuple[Line, Key, Part]]) -> dict[Key, Part]:
    found: dict[Key, Part] = {}
    for line, key, part in parts:
        if key in found:
            raise NotReadable(line.number, "this stands twice")
        found[key] = part
    return found


def _kinds(lines: list[Line]) -> Iterator[tuple[Line, str, Kind]]:
    known = {line.fields[0] for line in lines}
    for line in _with_fields(lines, 3):
        minutes = line.whole(1, "a length")
        if not 0 < minutes <= LONGEST:
            raise NotReadable(line.number, f"a shift lasts 1 to {LONGEST} minutes")
        never = frozenset(line.fields[2].split("|")) if line.fields[2] else frozenset()
        if strange := never - known:
            raise NotReadable(line.number, f"no such shift: {min(strange)!r}")
        yield line, line.fields[0], Kind(id=line.fields[0], minutes=minutes, never_before=never)


def _people(lines: list[Line], days: int, kinds: Iterable[str]) -> Iterator[tuple[Line, str, Person]]:
    for line in _with_fields(lines, 8):
        hours = Hours(first=0, until=days, most=line.whole(2, "most minutes"), least=line.whole(3, "least minutes"))
        yield (
            line,
            line.fields[0],
            Person(
                id=line.fields[0],
                hours=(hours,),
                most_of_kind=_most_of_kind(line, kinds),
                most_in_a_row=line.whole(4, "most shifts in a row"),
                least_in_a_row=line.whole(5, "least shifts in a row"),
                least_off_in_a_row=line.whole(6, "least days off in a row"),
                most_weekends=line.whole(7, "most weekends"),
            ),
        )


def _most_of_kind(line: Line, kinds: Iterable[str]) -> dict[str, int]:
    """`E=14|L=0`: every kind, once."""
    found: dict[str, int] = {}
    for part in line.fields[1].split("|"):
        kind, _, most = part.partition("=")
        if not (most.isascii() and most.isdigit()) or kind in found:
            raise NotReadable(line.number, f"the most of each shift look like E=14|L=0, not {line.fields[1]!r}")
        found[kind] = int(most)
    if found.keys() != set(kinds):
        raise NotReadable(line.number, f"each shift needs its most: {', '.join(kinds)}")
    return found


def _days_off(lines: list[Line], days: int, people: Iterable[str], kinds: Iterable[str]) -> Iterator[Absence]:
    off = {
        (line.one_of(0, people, "employee"), line.day(place, days))
        for line in lines
        for place in range(1, len(line.fields))
    }
    for person, day in sorted(off):
        yield Absence(id=f"{person} off {day}", person=person, shifts=frozenset(Shift(day, kind) for kind in kinds))


def _covers(lines: list[Line], days: int, kinds: Iterable[str]) -> Iterator[tuple[Line, Shift, Cover]]:
    for line in _with_fields(lines, 5):
        shift = Shift(line.day(0, days), line.one_of(1, kinds, "shift"))
        cover = Cover(
            day=shift.day,
            kind=shift.kind,
            wanted=line.whole(2, "a requirement"),
            missing=line.whole(3, "a weight"),
            surplus=line.whole(4, "a weight"),
        )
        yield line, shift, cover
