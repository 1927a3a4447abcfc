"""The week's shifts as a page: adding, changing, taking off, and saying that one is here."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.staffing.models import Peer, Shift
from respite.staffing.service.shifts import put_on
from respite.staffing.views.week import month_around
from tests.people import MakePerson, aspen, juniper, machine, person, quick_hashes, sign_in  # noqa: F401
from tests.places import SUNDAY

TODAY = date(2026, 11, 22)


@pytest.fixture
def house(juniper: House) -> House:  # noqa: F811
    return juniper


@pytest.fixture
def sam(house: House, person: MakePerson) -> uuid.UUID:  # noqa: F811
    return person("sam@example.org", {house.id: Role.PEER}, "Sam")


@pytest.fixture
def browser_of(app: Flask) -> Callable[[str], FlaskClient]:
    def come(email: str) -> FlaskClient:
        browser = app.test_client()
        sign_in(browser, email)
        return browser

    return come


@pytest.fixture
def lead(house: House, person: MakePerson, browser_of: Callable[[str], FlaskClient]) -> FlaskClient:  # noqa: F811
    person("lead@example.org", {house.id: Role.COORDINATOR}, "Dana")
    return browser_of("lead@example.org")


@pytest.fixture
def peer(sam: uuid.UUID, browser_of: Callable[[str], FlaskClient]) -> FlaskClient:
    return browser_of("sam@example.org")


def fresh() -> None:
    db.session.rollback()


def seen(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def sent(sam: uuid.UUID, **changed: str) -> dict[str, str]:
    form = {"person": str(sam), "kind": "floor", "day": "2026-11-22", "begins": "16:00", "ends": "22:00"}
    return form | changed


def all_shifts() -> list[Shift]:
    fresh()
    return list(db.session.scalars(sa.select(Shift)))


SHIFTS = "/houses/juniper-house/shifts"


def test_somebody_is_put_on_and_taken_off_with_undo(lead: FlaskClient, sam: uuid.UUID) -> None:
    answer = lead.post(SHIFTS, data=sent(sam), follow_redirects=True)
    assert "4 pm to 10 pm Sam" in seen(answer)
    shift = all_shifts()[0]
    off = lead.post(f"/shifts/{shift.id}/take-off", data={"version": shift.version}, follow_redirects=True)
    assert all_shifts() == []
    undo = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', off.text[off.text.index("data-flash") :]))
    assert lead.post(SHIFTS, data=undo).status_code == 303
    assert [(each.person_id, each.starts_at) for each in all_shifts()] == [(sam, shift.starts_at)]


def test_a_peer_sees_the_list_and_changes_nothing(peer: FlaskClient, sam: uuid.UUID) -> None:
    page = peer.get(SHIFTS)
    assert page.status_code == 200
    assert "Put somebody on" not in page.text
    assert peer.post(SHIFTS, data=sent(sam)).status_code == 404
    assert all_shifts() == []


def test_here_and_going_are_two_taps_and_each_is_taken_back(
    house: House, peer: FlaskClient, sam: uuid.UUID, clock: StillClock
) -> None:
    shift = put_on(
        COMMAND, house.id, person_id=sam, kind="floor", day=TODAY, begins=time(16), ends=time(22), now=SUNDAY
    )
    assert f'action="/shifts/{shift.id}/came"' in peer.get(SHIFTS).text
    here = peer.post(f"/shifts/{shift.id}/came", follow_redirects=True)
    assert "Here now Sam" in seen(here)
    assert f'action="/shifts/{shift.id}/not-came"' in here.text
    clock.advance(timedelta(hours=4))
    going = peer.post(f"/shifts/{shift.id}/went", follow_redirects=True)
    assert "Here now nobody" in seen(going)
    assert peer.post(f"/shifts/{shift.id}/not-went").status_code == 303
    assert "Here now Sam" in seen(peer.get(SHIFTS))
    clock.advance(timedelta(hours=4))
    assert peer.post(f"/shifts/{shift.id}/came").status_code == 409


def test_nobody_says_here_for_another(house: House, lead: FlaskClient, sam: uuid.UUID) -> None:
    shift = put_on(
        COMMAND, house.id, person_id=sam, kind="floor", day=TODAY, begins=time(16), ends=time(22), now=SUNDAY
    )
    assert "/came" not in lead.get(SHIFTS).text
    assert lead.post(f"/shifts/{shift.id}/came").status_code == 409


def test_somebody_who_was_not_on_the_list_is_here(peer: FlaskClient) -> None:
    page = peer.post(f"{SHIFTS}/here", data={"until": "18:00"}, follow_redirects=True)
    assert "Here now Sam" in seen(page)
    assert "2:32 pm to 6 pm Sam" in seen(page)
    assert peer.post(f"{SHIFTS}/here", data={"until": "19:00"}).status_code == 409
    assert peer.post(f"{SHIFTS}/here", data={"until": "late"}).status_code == 422
    assert len(all_shifts()) == 1


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("day", "2026-02-30", 422),
        ("begins", "8", 422),
        ("kind", "asleep", 422),
        ("person", "sam", 422),
        ("person", "4f6c3f0e-2b7a-4c39-9d0e-6a1d5b8e7c21", 422),
        ("ends", "9" * 400, 422),
    ],
)
def test_a_shift_that_cannot_be_keeps_what_was_typed(
    lead: FlaskClient, sam: uuid.UUID, field: str, value: str, status: int
) -> None:
    answer = lead.post(SHIFTS, data=sent(sam, **{field: value}))
    assert answer.status_code == status
    assert 'class="field-error"' in answer.text
    assert all_shifts() == []


def test_one_person_twice_at_once_is_said(lead: FlaskClient, sam: uuid.UUID) -> None:
    lead.post(SHIFTS, data=sent(sam))
    again = lead.post(SHIFTS, data=sent(sam, begins="20:00", ends="23:00"))
    assert again.status_code == 409
    assert "on at that time already" in again.text
    assert 'value="20:00"' in again.text


def test_the_second_editor_sees_what_stands_now(lead: FlaskClient, sam: uuid.UUID) -> None:
    lead.post(SHIFTS, data=sent(sam))
    shift = all_shifts()[0]
    page, version = f"/shifts/{shift.id}", str(shift.version)
    assert 'value="16:00"' in lead.get(page).text
    assert lead.post(page, data=sent(sam, begins="17:00", version=version)).status_code == 303
    second = lead.post(page, data=sent(sam, person="", version=version))
    assert second.status_code == 412
    assert "It says now: 17:00" in second.text
    assert "It says now: Sam" in second.text


def test_the_list_shows_the_week_that_was_asked_for(house: House, lead: FlaskClient, sam: uuid.UUID) -> None:
    put_on(
        COMMAND, house.id, person_id=sam, kind="floor", day=date(2026, 12, 3), begins=time(8), ends=time(9), now=SUNDAY
    )
    assert "8 am to 9 am" not in seen(lead.get(SHIFTS))
    assert "8 am to 9 am" in seen(lead.get(f"{SHIFTS}?from=2026-11-29"))
    for odd in ("soon", "9" * 400, "2026-02-30", ""):
        assert lead.get(SHIFTS, query_string={"from": odd}).status_code == 200


def test_a_night_shift_that_began_yesterday_stands_under_today(
    house: House, lead: FlaskClient, sam: uuid.UUID, clock: StillClock
) -> None:
    put_on(COMMAND, house.id, person_id=sam, kind="floor", day=TODAY, begins=time(22), ends=time(6), now=SUNDAY)
    clock.advance(timedelta(hours=12))
    words = seen(lead.get(SHIFTS))
    assert "Here now Sam" in words
    assert "Today, Monday 23 November until 6 am Sam" in words


def test_places_of_the_same_hours_stand_together(house: House, lead: FlaskClient, sam: uuid.UUID) -> None:
    for who in (None, sam):
        put_on(COMMAND, house.id, person_id=who, kind="floor", day=TODAY, begins=time(16), ends=time(22), now=SUNDAY)
    page = lead.get(SHIFTS)
    assert "4 pm to 10 pm Sam nobody yet" in seen(page)
    assert len(re.findall(r"<h3>4 pm to 10 pm", page.text)) == 1


def test_a_month_shows_its_weeks_whole(house: House, lead: FlaskClient, sam: uuid.UUID) -> None:
    for day in (date(2026, 11, 1), date(2026, 12, 6), date(2026, 12, 7)):
        put_on(COMMAND, house.id, person_id=sam, kind="floor", day=day, begins=time(8), ends=time(9), now=SUNDAY)
    page = lead.get(f"{SHIFTS}?view=month")
    assert seen(page).count("8 am to 9 am") == 2
    assert "November 2026" in seen(page)
    assert len(re.findall(r'class="month-day[ "]', page.text)) == 42
    assert seen(lead.get(f"{SHIFTS}?view=month&from=2026-12-01")).count("8 am to 9 am") == 2


@pytest.mark.parametrize(("day", "first", "days"), [("2026-02-14", "2026-01-26", 35), ("2027-02-28", "2027-02-01", 28)])
def test_the_weeks_around_a_month(day: str, first: str, days: int) -> None:
    assert month_around(date.fromisoformat(day)) == (date.fromisoformat(first), days)


def test_my_shifts_stand_together_and_nobody_else_s(
    house: House,
    aspen: House,  # noqa: F811
    sam: uuid.UUID,
    peer: FlaskClient,
    lead: FlaskClient,
) -> None:
    put_on(COMMAND, house.id, person_id=sam, kind="floor", day=TODAY, begins=time(16), ends=time(22), now=SUNDAY)
    assert "4 pm to 10 pm" in seen(peer.get("/me"))
    assert "No shift of yours" in seen(lead.get("/me"))


def test_my_own_hours_count_as_they_pass(house: House, sam: uuid.UUID, peer: FlaskClient, clock: StillClock) -> None:
    """On the night of 1 November the clocks go back: 11 pm to 7 am are nine hours."""
    clock.advance(timedelta(days=-23))
    put_on(
        COMMAND, house.id, person_id=sam, kind="floor", day=date(2026, 10, 31), begins=time(23), ends=time(7),
        now=SUNDAY,
    )  # fmt: skip
    assert "This week: 9 hours" in seen(peer.get("/me"))
    with transaction() as session:
        session.add(Peer(house_id=house.id, person_id=sam, wanted_minutes=1440, made_at=SUNDAY))
    words = seen(peer.get("/me"))
    assert "This week: 9 hours of the 24 hours you would like" in words
    assert "Next week: 0 minutes of the 24 hours you would like" in words


def test_my_shifts_are_for_whoever_signed_in(app: Flask, house: House) -> None:
    assert app.test_client().get("/me").status_code in (302, 303)


def test_the_pages_speak_spanish(lead: FlaskClient) -> None:
    for page in (SHIFTS, "/me"):
        assert 'lang="es"' in lead.get(page, headers={"Accept-Language": "es"}).text
