"""A peer's own calendar link: what is in it, and when it opens nothing."""

from __future__ import annotations

import re
import uuid
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.accounts.service.people import end_membership
from respite.core.db import db
from respite.houses.models import House
from respite.staffing.models import CalendarFeed
from respite.staffing.service.shifts import change_shift, put_on, take_off
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY

TODAY = date(2026, 11, 22)


@pytest.fixture
def sam(juniper: House, person: MakePerson) -> uuid.UUID:
    return person("sam@example.org", {juniper.id: Role.PEER}, "Sam")


@pytest.fixture
def browser(app: Flask, sam: uuid.UUID) -> FlaskClient:
    browser = app.test_client()
    sign_in(browser, "sam@example.org")
    return browser


def on(house: House, person_id: uuid.UUID, day: date, begins: int, ends: int, kind: str = "floor") -> uuid.UUID:
    return put_on(
        COMMAND, house.id, person_id=person_id, kind=kind, day=day, begins=time(begins), ends=time(ends), now=SUNDAY
    ).id


def link_of(browser: FlaskClient) -> str:
    browser.post("/me/calendar")
    page = browser.get("/me/calendar").get_data(as_text=True)
    found = re.search(r'value="https?://[^/"]+(/calendar/[^"]+\.ics)"', page)
    assert found
    return found[1]


def events(app: Flask, link: str) -> list[tuple[str, str]]:
    answer = app.test_client().get(link)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return [
        (str(event["summary"]), event.decoded("dtstart").isoformat())
        for event in Calendar.from_ical(answer.get_data(as_text=True)).walk("VEVENT")
    ]


def test_it_follows_the_shifts(app: Flask, juniper: House, sam: uuid.UUID, browser: FlaskClient) -> None:
    night = on(juniper, sam, TODAY, 23, 7)
    on(juniper, sam, TODAY + timedelta(days=3), 7, 7, "on-call")
    link = link_of(browser)
    assert events(app, link) == [
        ("Juniper House, shift", "2026-11-23T06:00:00+00:00"),
        ("Juniper House, on call", "2026-11-25T14:00:00+00:00"),
    ]
    change_shift(
        COMMAND, night, person_id=sam, kind="floor", day=TODAY, begins=time(22), ends=time(7), now=SUNDAY
    )  # fmt: skip
    assert events(app, link)[0][1] == "2026-11-23T05:00:00+00:00"
    take_off(COMMAND, night, now=SUNDAY)
    assert len(events(app, link)) == 1


def test_nobody_else_is_named(
    app: Flask, juniper: House, sam: uuid.UUID, person: MakePerson, browser: FlaskClient
) -> None:
    mei = person("mei@example.org", {juniper.id: Role.PEER}, "Mei")
    on(juniper, sam, TODAY, 7, 15)
    on(juniper, mei, TODAY, 7, 15)
    body = app.test_client().get(link_of(browser)).get_data(as_text=True)
    assert body.count("BEGIN:VEVENT") == 1
    assert "Mei" not in body
    assert "Sam" not in body


def test_the_same_is_not_sent_again(app: Flask, juniper: House, sam: uuid.UUID, browser: FlaskClient) -> None:
    on(juniper, sam, TODAY, 7, 15)
    link = link_of(browser)
    first = app.test_client().get(link)
    again = app.test_client().get(link, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_new_link_ends_the_old_one(app: Flask, juniper: House, sam: uuid.UUID, browser: FlaskClient) -> None:
    old, new = link_of(browser), link_of(browser)
    assert app.test_client().get(old).status_code == 404
    assert app.test_client().get(new).status_code == 200
    browser.post("/me/calendar/end")
    assert app.test_client().get(new).status_code == 404
    assert all(feed.token_sealed is None for feed in db.session.query(CalendarFeed))


def test_who_left_has_nothing_in_it(
    app: Flask, juniper: House, aspen: House, sam: uuid.UUID, person: MakePerson, browser: FlaskClient
) -> None:
    on(juniper, sam, TODAY, 7, 15)
    link = link_of(browser)
    end_membership(COMMAND, juniper.id, sam, now=SUNDAY)
    answer = app.test_client().get(link)
    assert answer.status_code == 404 or b"VEVENT" not in answer.data


def test_in_their_own_language(app: Flask, juniper: House, sam: uuid.UUID, browser: FlaskClient) -> None:
    on(juniper, sam, TODAY, 7, 15)
    browser.post("/language", data={"language": "es"})
    assert events(app, link_of(browser))[0][0] == "Juniper House, turno"
