"""The public benchmark's text format: what it says is what is read, and a line that says nothing is named."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.staffing.roster.benchmark import NotReadable, read, read_roster, write_roster
from respite.staffing.roster.checking import broken
from respite.staffing.roster.costs import cost
from respite.staffing.roster.parts import Absence, Assignment, Cover, Hours, Kind, Person, Shift, Wish
from tests.rosters import instance

TEXT = """# A remark
SECTION_HORIZON
2

SECTION_SHIFTS
E,480,
L,720,E|L

SECTION_STAFF
# ID, MaxShifts, MaxTotalMinutes, MinTotalMinutes, MaxConsecutiveShifts, MinConsecutiveShifts, MinDaysOff, MaxWeekends
A,E=14|L=0,4320,3360,5,2,3,1
AB,L=1|E=2,960,0,2,1,1,0

SECTION_DAYS_OFF
A,1,0

SECTION_SHIFT_ON_REQUESTS
AB,1,L,3

SECTION_SHIFT_OFF_REQUESTS
A,0,E,2

SECTION_COVER
0,E,4,100,1
1,L,0,50,2
"""


def test_each_section_is_read() -> None:
    problem = read(TEXT)
    assert (problem.days, problem.first_weekday, problem.coverage_first) == (2, 0, False)
    assert problem.kinds == (
        Kind(id="E", minutes=480),
        Kind(id="L", minutes=720, never_before=frozenset({"E", "L"})),
    )
    assert problem.people[0] == Person(
        id="A",
        hours=(Hours(first=0, until=2, most=4320, least=3360),),
        most_of_kind={"E": 14, "L": 0},
        most_in_a_row=5,
        least_in_a_row=2,
        least_off_in_a_row=3,
        most_weekends=1,
    )
    assert problem.people[1].most_of_kind == {"E": 2, "L": 1}
    assert [absence.shifts for absence in problem.absences] == [
        frozenset({Shift(0, "E"), Shift(0, "L")}),
        frozenset({Shift(1, "E"), Shift(1, "L")}),
    ]
    assert isinstance(problem.absences[0], Absence)
    assert problem.wishes == (
        Wish(person="AB", day=1, kind="L", weight=3),
        Wish(person="A", day=0, kind="E", weight=2, wanted=False),
    )
    assert problem.cover[Shift(0, "E")] == Cover(day=0, kind="E", wanted=4, missing=100, surplus=1)
    # A shift that nobody asks for may still be worked, as in the published model.
    assert problem.cover[Shift(0, "L")] == Cover(day=0, kind="L", wanted=0, missing=0)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_end_as_on_any_machine(ending: str) -> None:
    assert read(TEXT.replace("\n", ending)) == read(TEXT)


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("SECTION_COVER", "SECTION_COVERS", "line 23: no such section: SECTION_COVERS"),
        ("# A remark", "2", "line 1: a section must begin first, SECTION_HORIZON for one"),
        ("SECTION_HORIZON\n2\n", "", "line 23: the file ends without SECTION_HORIZON"),
        ("\n2\n", "\n\n", "line 1: SECTION_HORIZON must hold one line, the number of days"),
        ("\n2\n", "\n0\n", "line 3: there must be a day"),
        ("\n2\n", "\nfourteen\n", "line 3: the number of days must be a whole number, not 'fourteen'"),
        ("E,480,\n", "E,480\n", "line 6: 3 fields are expected, not 2"),
        ("E,480,\n", "E,0,\n", "line 6: a shift lasts 1 to 1440 minutes"),
        ("E|L\n", "E|N\n", "line 7: no such shift: 'N'"),
        ("L,720,E|L", "E,720,", "line 7: this stands twice"),
        ("E=14|L=0", "E=14", "line 11: each shift needs its most: E, L"),
        ("E=14|L=0", "E=14|E=0", "line 11: the most of each shift look like E=14|L=0, not 'E=14|E=0'"),
        ("E=14|L=0", "E|L", "line 11: the most of each shift look like E=14|L=0, not 'E|L'"),
        ("3360,5", "3360,five", "line 11: most shifts in a row must be a whole number, not 'five'"),
        ("AB,L=1", "A,L=1", "line 12: this stands twice"),
        ("A,1,0", "Z,1,0", "line 15: no such employee: 'Z'"),
        ("A,1,0", "A,2", "line 15: day 2 is outside of the 2 days"),
        ("AB,1,L,3", "AB,1,N,3", "line 18: no such shift: 'N'"),
        ("A,0,E,2", "A,0,E,-2", "line 21: a weight must be a whole number, not '-2'"),
        ("A,0,E,2", "A,0,E,²", "line 21: a weight must be a whole number, not '²'"),
        ("1,L,0,50,2", "0,E,0,50,2", "line 25: this stands twice"),
        ("1,L,0,50,2", "1,L,0,50", "line 25: 5 fields are expected, not 4"),
        ("SECTION_COVER\n", "SECTION_STAFF\n", "line 23: SECTION_STAFF stands twice"),
    ],
)
def test_what_is_not_of_the_format_is_refused_with_its_line(old: str, new: str, told: str) -> None:
    assert old in TEXT
    with pytest.raises(NotReadable) as refusal:
        read(TEXT.replace(old, new, 1))
    assert str(refusal.value) == told


def test_a_day_off_that_stands_twice_is_one() -> None:
    assert read(TEXT.replace("A,1,0", "A,1,0,1\nA,0")) == read(TEXT)


@given(st.text(alphabet="SECTION_HORZ\n#,|=0123AB ", max_size=200), st.integers(0, len(TEXT)), st.integers(0, 20))
def test_no_text_breaks_the_reader(piece: str, place: int, gone: int) -> None:
    with suppress(NotReadable):
        read(TEXT[:place] + piece + TEXT[place + gone :])


def test_a_written_roster_is_read_again() -> None:
    problem = read(TEXT)
    roster = frozenset({Assignment("AB", 0, "E"), Assignment("A", 1, "L"), Assignment("A", 0, "E")})
    text = write_roster(problem, roster)
    assert text == "SECTION_ROSTER\n# EmployeeID, Day, ShiftID\nA,0,E\nA,1,L\nAB,0,E\n"
    assert read_roster(text, problem) == roster


@pytest.mark.parametrize("line", ["A,0,E\nA,0,E", "Z,0,E", "A,9,E", "A,0,N", "A,0"])
def test_a_roster_that_does_not_fit_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(NotReadable, match=r"^line [34]: "):
        read_roster(f"SECTION_ROSTER\n\n{line}\n", read(TEXT))


# Days, people, kinds of shift, wishes.
SIZES = {
    1: (14, 8, 1, 26),
    2: (14, 14, 2, 62),
    3: (14, 20, 3, 64),
    4: (28, 10, 2, 71),
    5: (28, 16, 2, 106),
    6: (28, 18, 3, 135),
    7: (28, 20, 3, 168),
}


@pytest.mark.parametrize("number", SIZES)
def test_the_public_instances_are_read(number: int) -> None:
    text = instance(number)
    problem = read(text)
    assert (problem.days, len(problem.people), len(problem.kinds), len(problem.wishes)) == SIZES[number]
    assert {len(each.hours) for each in problem.people} == {1}
    # An empty roster leaves every head of the file missing and every shift asked for unmet; nobody has their hours.
    rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    heads = sum(int(row[2]) * int(row[3]) for row in rows if len(row) == 5)
    asked = text.split("SECTION_SHIFT_ON_REQUESTS")[1].split("SECTION_SHIFT_OFF_REQUESTS")[0].splitlines()
    asked_for = sum(int(line.split(",")[3]) for line in asked if line and not line.startswith("#"))
    assert cost(problem, ()).total == heads + asked_for
    assert len(broken(problem, ())) == sum(each.hours[0].least > 0 for each in problem.people)
