"""Putting somebody on although rules speak against it: the reasons in words, one of one's own, and what stands."""

from __future__ import annotations

import re
import uuid
from datetime import date, time, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.staffing.errors import RulesAgainst
from respite.staffing.models import Override, Shift
from respite.staffing.service.overruling import Anyway, keep_in_step
from respite.staffing.service.shifts import change_shift, give_to, put_on, take_off
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import rows

SHIFTS = "/houses/juniper-house/shifts"
MONDAY = date(2026, 11, 23)
REST = "Ana: 8 h of rest after 11 pm–7 am, Sun 22 Nov; 10 h are needed"
WHY = "Nobody else can, and Ana asked for it."


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask, juniper: House) -> House:
    return juniper


@pytest.fixture
def ana(house: House, person: MakePerson) -> uuid.UUID:
    """On in the night to Monday, until seven."""
    who = person("ana@example.org", {house.id: Role.PEER}, "Ana")
    put_on(
        COMMAND, house.id, person_id=who, kind="floor", day=date(2026, 11, 22), begins=time(23), ends=time(7),
        now=SUNDAY,
    )  # fmt: skip
    return who


@pytest.fixture
def lead(app: Flask, house: House, person: MakePerson) -> FlaskClient:
    person("lead@example.org", {house.id: Role.COORDINATOR}, "Dana")
    browser = app.test_client()
    sign_in(browser, "lead@example.org")
    return browser


def sent(who: uuid.UUID | None, **changed: str) -> dict[str, str]:
    form = {"person": str(who or ""), "kind": "floor", "day": "2026-11-23", "begins": "15:00", "ends": "22:00"}
    return form | changed


def words(page: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def hidden(page: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None
    return found[1]


def afternoon() -> Shift | None:
    db.session.rollback()
    found = rows(Shift, Shift.starts_at > SUNDAY + timedelta(hours=20))
    return found[0] if found else None


def at_four(house: House, who: uuid.UUID | None, **more: object) -> Shift:
    at = {"day": MONDAY, "begins": time(15), "ends": time(22)}
    return put_on(COMMAND, house.id, person_id=who, kind="floor", **(at | more), now=SUNDAY)  # type: ignore[arg-type]


def test_the_form_comes_back_with_the_reasons_and_stands_with_one_of_ones_own(
    lead: FlaskClient, ana: uuid.UUID
) -> None:
    refused = lead.post(SHIFTS, data=sent(ana))
    assert refused.status_code == 409
    assert REST in words(refused)
    assert 'value="15:00"' in refused.text
    assert f'<option value="{ana}" selected>' in refused.text
    assert afternoon() is None
    read = hidden(refused, "read")
    again = lead.post(SHIFTS, data=sent(ana, read=read, why="  "))
    assert (again.status_code, afternoon()) == (409, None)
    page = lead.post(SHIFTS, data=sent(ana, read=read, why=WHY), follow_redirects=True)
    shift = afternoon()
    assert shift is not None
    (stands,) = rows(Override)
    assert (stands.shift_id, stands.person_id, stands.rules, stands.why) == (shift.id, ana, ["rest"], WHY)
    said = f"Against a rule of the house (rest between shifts): {WHY} · decided by Dana"
    assert f"Ana: {said}" in words(page)
    assert said in words(lead.get(f"/shifts/{shift.id}"))
    lead.post("/language", data={"language": "es"})
    assert "Contra una regla de la casa (descanso entre turnos)" in words(lead.get(f"/shifts/{shift.id}"))


def test_a_reason_counts_for_the_rules_that_were_read(lead: FlaskClient, house: House, ana: uuid.UUID) -> None:
    """Another person, or another rule meanwhile: it is asked again, and what was typed stays."""
    read = hidden(lead.post(SHIFTS, data=sent(ana)), "read")
    at_four(house, ana, day=date(2026, 11, 24), begins=time(5), ends=time(9))
    again = lead.post(SHIFTS, data=sent(ana, read=read, why=WHY))
    assert again.status_code == 409
    assert "7 h of rest before 5 am–9 am, Tue 24 Nov; 10 h are needed" in words(again)
    assert f'value="{WHY}"' in again.text
    assert rows(Override) == []
    assert lead.post(SHIFTS, data=sent(ana, read=hidden(again, "read"), why=WHY)).status_code == 303


def test_what_else_is_wrong_loses_no_reason(lead: FlaskClient, ana: uuid.UUID) -> None:
    read = hidden(lead.post(SHIFTS, data=sent(ana)), "read")
    wrong = lead.post(SHIFTS, data=sent(ana, read=read, why=WHY, day="2026-02-30"))
    assert wrong.status_code == 422
    assert f'value="{WHY}"' in wrong.text
    assert hidden(wrong, "read") == read
    long = lead.post(SHIFTS, data=sent(ana, read=read, why="a" * 201))
    assert (long.status_code, "Please keep this to 200 letters." in words(long)) == (422, True)


def test_a_change_asks_and_saving_the_same_does_not(lead: FlaskClient, house: House, ana: uuid.UUID) -> None:
    shift = at_four(house, None)
    path = f"/shifts/{shift.id}"
    refused = lead.post(path, data=sent(ana))
    assert (refused.status_code, REST in words(refused)) == (409, True)
    assert "Save all the same" in words(refused)
    assert lead.post(path, data=sent(ana, read=hidden(refused, "read"), why=WHY)).status_code == 303
    assert lead.post(path, data=sent(ana)).status_code == 303
    assert [each.why for each in rows(Override)] == [WHY]
    moved = lead.post(path, data=sent(ana, begins="16:00"))
    assert "9 h of rest after 11 pm–7 am" in words(moved)
    assert lead.post(path, data=sent(ana, begins="17:00")).status_code == 303
    assert rows(Override) == []


def test_what_was_decided_goes_with_whom_it_was_decided_about(house: House, ana: uuid.UUID) -> None:
    shift = at_four(house, ana, anyway=Anyway(WHY))
    with transaction() as session:
        give_to(session, session.get_one(Shift, shift.id), None, COMMAND, SUNDAY)
    assert rows(Override) == []


def test_a_rule_that_speaks_no_more_is_not_said_and_a_new_one_was_not_decided(house: House, ana: uuid.UUID) -> None:
    shift = at_four(house, ana, anyway=Anyway(WHY))
    night = rows(Shift, Shift.id != shift.id)[0]
    take_off(COMMAND, night.id, now=SUNDAY)
    at_four(house, ana, day=MONDAY, begins=time(8), ends=time(9), anyway=Anyway("an hour"))
    with pytest.raises(RulesAgainst):
        change_shift(
            COMMAND, shift.id, person_id=ana, kind="floor", day=MONDAY, begins=time(15), ends=time(21), now=SUNDAY
        )
    with transaction() as session:
        keep_in_step(session, session.get_one(Shift, shift.id), SUNDAY)
    assert [each.why for each in rows(Override, Override.shift_id == shift.id)] == []


def test_off_the_list_and_back_keeps_the_reason(lead: FlaskClient, house: House, ana: uuid.UUID) -> None:
    shift = at_four(house, ana, anyway=Anyway(WHY))
    off = lead.post(f"/shifts/{shift.id}/take-off", data={"version": shift.version}, follow_redirects=True)
    assert rows(Override) == []
    undo = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', off.text[off.text.index("data-flash") :]))
    assert lead.post(SHIFTS, data={name: unescape(value) for name, value in undo.items()}).status_code == 303
    assert [each.why for each in rows(Override)] == [WHY]


def test_what_is_over_is_written_down_as_it_was(house: House, ana: uuid.UUID) -> None:
    at_four(house, ana, day=date(2026, 11, 21), begins=time(8), ends=time(10))
    at_four(house, ana, day=date(2026, 11, 21), begins=time(12), ends=time(14))
    assert rows(Override) == []


def test_colleagues_see_no_reason_and_whose_shift_it_is_does(
    app: Flask, house: House, ana: uuid.UUID, person: MakePerson
) -> None:
    person("ben@example.org", {house.id: Role.PEER}, "Ben")
    at_four(house, ana, anyway=Anyway(WHY))
    for email, sees in (("ben@example.org", False), ("ana@example.org", True)):
        browser = app.test_client()
        sign_in(browser, email)
        assert [WHY in words(browser.get(page)) for page in (SHIFTS, "/me")] == [sees, sees]
