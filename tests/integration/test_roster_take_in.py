"""Shifts from another system, from a file: all or nothing, judged like any others; the same case says the same
everywhere."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import time, timedelta
from html import unescape
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.audit.queries import versions
from respite.core.db import db
from respite.houses.models import House
from respite.staffing.models import Override, Shift
from respite.staffing.service.offers import start
from respite.staffing.service.rosters import begin_roster
from respite.staffing.service.seats import put_in
from respite.staffing.service.shifts import put_on
from tests.duty import MONDAY, give, pattern, places, turn
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import rows

Take = Callable[..., Result]
HEAD = "day,begins,ends,kind,person"
TUESDAY = MONDAY + timedelta(days=1)
REST = "8 h of rest after Night, Mon 30 Nov; 10 h are needed"
WHY = "Agreed with everybody in the old system."


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask, juniper: House) -> House:
    return juniper


@pytest.fixture
def ana(house: House, person: MakePerson) -> uuid.UUID:
    return person("ana@example.org", {house.id: Role.PEER}, "Ana")


@pytest.fixture
def take(app: Flask, house: House, tmp_path: Path) -> Take:
    def run(*lines: str, head: str = HEAD, why: str = "") -> Result:
        file = tmp_path / "shifts.csv"
        file.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
        db.session.rollback()
        more = ["--all-the-same", why] if why else []
        return app.test_cli_runner().invoke(args=["roster", "take-in", "juniper-house", str(file), *more])

    return run


def written() -> list[tuple[str, str | None]]:
    db.session.rollback()
    found = sorted(rows(Shift), key=lambda each: (each.starts_at, each.kind, str(each.person_id)))
    return [(f"{each.starts_at:%d %H}", str(each.person_id) if each.person_id else None) for each in found]


def test_a_file_is_taken_in_whole_and_not_twice(take: Take, ana: uuid.UUID) -> None:
    lines = (
        "2026-11-30,07:00,15:00,floor,ana@example.org",
        "2026-12-01,23:00,07:00,,ANA",
        "2026-11-30,7:00,7:00,on-call,",
    )
    result = take(*lines)
    assert (result.exit_code, result.output) == (
        0, "new shifts: 3\nopen shifts that somebody has now: 0\nthere already: 0\n",
    )  # fmt: skip
    assert written() == [("30 14", str(ana)), ("30 14", None), ("02 06", str(ana))]
    again = take(*lines)
    assert (again.exit_code, again.output.splitlines()[0], again.output.splitlines()[2]) == (
        0, "new shifts: 0", "there already: 3",
    )  # fmt: skip
    assert len(written()) == 3


def test_it_says_line_by_line_what_is_wrong_and_what_speaks_against_it(
    take: Take, house: House, ana: uuid.UUID
) -> None:
    before = versions(house.id)[0]
    result = take(
        "2026-11-30,23:00,07:00,floor,Ana",
        "2026-12-01,15:00,23:00,floor,Ana",
        "2026-13-01,15:00,23:00,floor,Ana",
        "2026-12-03,15:00,25:00,floor,Ana",
        "2026-12-04,15:00,23:00,kitchen,Ana",
        "2026-12-05,15:00,23:00,floor,Zoe",
        "2026-12-01,16:00,18:00,floor,Ana",
    )
    assert result.exit_code == 1
    said = result.output.splitlines()
    assert said[0] == "line 2: Ana: 8 h of rest before 3 pm–11 pm, Tue 1 Dec; 10 h are needed"
    assert "line 4: This must be a day, such as 2026-11-22." in said
    assert "line 5: This must be a time of day, such as 22:00." in said
    assert "line 6: The kind is floor or on-call." in said
    assert "line 7: Nobody by that name or address works in this house." in said
    assert "line 8: They are on at that time already." in said
    assert said[-1] == "Error: Nothing was written."
    assert written() == []
    assert versions(house.id)[0] == before
    with_why = take("2026-12-01,15:00,23:00,floor,Ana", "2026-12-01,16:00,18:00,floor,Ana", why=WHY)
    assert "line 3: They are on at that time already." in with_why.output
    assert written() == [], "no reason makes up for a line that cannot be"


def test_rules_take_a_reason_that_stands_beside_each(take: Take, ana: uuid.UUID) -> None:
    lines = ("2026-11-30,23:00,07:00,floor,Ana", "2026-12-01,15:00,23:00,floor,Ana", "2026-12-05,07:00,15:00,floor,Ana")
    refused = take(*lines)
    assert refused.exit_code == 1
    assert "line 3: Ana: 8 h of rest after 11 pm–7 am, Mon 30 Nov; 10 h are needed" in refused.output
    assert "With --all-the-same" in refused.output
    assert written() == []
    assert take(*lines, why=WHY).exit_code == 0
    assert [(each.rules, each.why, each.by) for each in rows(Override)] == [(["rest"], WHY, COMMAND.ref)] * 2
    assert take(*lines).exit_code == 0, "what stands is not asked about again"


def test_an_open_shift_of_the_same_hours_gets_somebody(take: Take, house: House, ana: uuid.UUID) -> None:
    places(house, pattern(house, "Day", seats=2), MONDAY, 1)
    result = take("2026-11-30,07:00,15:00,floor,Ana", "2026-11-30,07:00,15:00,floor,")
    assert result.output == "new shifts: 0\nopen shifts that somebody has now: 1\nthere already: 1\n"
    assert sorted((each.person_id is None, each.published_at is None) for each in rows(Shift)) == [
        (False, False),
        (True, True),
    ]


def test_a_draft_that_has_somebody_there_is_not_overtaken(
    take: Take, house: House, ana: uuid.UUID, person: MakePerson
) -> None:
    ben = person("ben@example.org", {house.id: Role.PEER}, "Ben")
    places(house, pattern(house, "Day"), MONDAY, 1)
    draft = begin_roster(COMMAND, house.id, first_day=MONDAY, until=TUESDAY, now=SUNDAY)
    put_in(COMMAND, draft.id, rows(Shift)[0].id, person_id=ben, now=SUNDAY)
    result = take("2026-11-30,07:00,15:00,floor,Ana")
    assert "line 2: A draft that is not given out has somebody on that shift." in result.output
    assert rows(Shift)[0].person_id is None


@pytest.mark.parametrize(
    ("head", "line", "said"),
    [
        ("day,begins,ends,person", "2026-11-30,07:00,15:00,Ana", "kind is missing"),
        (HEAD, "2026-11-30,07:00,15:00,floor,Ana,more", "line 2: There are more values than columns."),
        (HEAD, "2026-11-30,07:00,15:00,floor,Sam", "line 2: Several people here are called that"),
        (HEAD, '"2026-11-30,07:00', "is no CSV"),
    ],
)
def test_what_cannot_be_read_is_told(
    take: Take, house: House, ana: uuid.UUID, person: MakePerson, head: str, line: str, said: str
) -> None:
    for number in (1, 2):
        person(f"sam{number}@example.org", {house.id: Role.PEER}, "Sam")
    result = take(line, head=head)
    assert result.exit_code == 1
    assert said in result.output
    assert written() == []


def test_semicolons_and_columns_in_another_order_are_read(take: Take, ana: uuid.UUID) -> None:
    result = take("Ana;floor;15:00;07:00;2026-11-30", head="\ufeffPerson;Kind;Ends;Begins;Day")
    assert result.exit_code == 0, result.output
    assert [each.person_id for each in rows(Shift)] == [ana]


# -- one judge ------------------------------------------------------------------------------------------------------


@pytest.fixture
def nights(house: House, ana: uuid.UUID) -> House:
    """Ana has Monday's night; the evening after it would come eight hours later, where ten are asked."""
    for name in ("Evening", "Night"):
        places(house, pattern(house, name), MONDAY, 3)
    (night,) = turn(house, "Night", MONDAY)
    db.session.rollback()
    give(ana, night)
    return house


@pytest.fixture
def lead(app: Flask, nights: House, person: MakePerson) -> FlaskClient:
    person("lead@example.org", {nights.id: Role.COORDINATOR}, "Dana")
    browser = app.test_client()
    sign_in(browser, "lead@example.org")
    return browser


def by_form(lead: FlaskClient, house: House, ana: uuid.UUID, app: Flask, take: Take) -> str:
    sent = {"person": str(ana), "kind": "floor", "day": str(TUESDAY), "begins": "15:00", "ends": "23:00"}
    return lead.post("/houses/juniper-house/shifts", data=sent).text


def by_draft(lead: FlaskClient, house: House, ana: uuid.UUID, app: Flask, take: Take) -> str:
    draft = begin_roster(COMMAND, house.id, first_day=MONDAY, until=MONDAY + timedelta(days=3), now=SUNDAY)
    (evening,) = turn(house, "Evening", TUESDAY)
    db.session.rollback()
    return lead.post(f"/rosters/{draft.id}/places/{evening.shift_id}", data={"person": str(ana)}).text


def by_claim(lead: FlaskClient, house: House, ana: uuid.UUID, app: Flask, take: Take) -> str:
    at = {"day": TUESDAY, "begins": time(15), "ends": time(23)}
    shift = put_on(COMMAND, house.id, person_id=None, kind="floor", **at, now=SUNDAY)
    start(COMMAND, shift.id, now=SUNDAY)
    browser = app.test_client()
    sign_in(browser, "ana@example.org")
    browser.post(f"/shifts/{shift.id}/take")
    return lead.get("/houses/juniper-house/shifts/open").text


def by_file(lead: FlaskClient, house: House, ana: uuid.UUID, app: Flask, take: Take) -> str:
    return take(f"{TUESDAY},15:00,23:00,floor,Ana").output


@pytest.mark.parametrize("way", [by_form, by_draft, by_claim, by_file])
def test_the_same_case_says_the_same_by_every_way(
    way: Callable[..., str], lead: FlaskClient, nights: House, ana: uuid.UUID, app: Flask, take: Take
) -> None:
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", way(lead, nights, ana, app, take))).split())
    assert REST in said
    assert [each for each in rows(Shift, Shift.person_id == ana) if each.starts_at > SUNDAY + timedelta(days=9)] == []
