"""A peer's week and days off: said by themselves, answered by who keeps the shifts."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.staffing.models import Availability, Shift, TimeOff
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

OWN, OFF = "/me/availability/juniper-house", "/houses/juniper-house/time-off"
MONDAY = date(2026, 11, 30)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def sam(juniper: House, person: MakePerson) -> uuid.UUID:
    return person("sam@example.org", {juniper.id: Role.PEER}, "Sam")


@pytest.fixture
def browser(app: Flask, sam: uuid.UUID) -> Browser:
    return Browser(app, "sam@example.org")


@pytest.fixture
def lead(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("lead@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    return Browser(app, "lead@example.org")


def week() -> set[tuple[str, int, time, time]]:
    db.session.rollback()
    return {(row.how, row.weekday, row.begins, row.ends) for row in db.session.scalars(sa.select(Availability))}


def off() -> TimeOff:
    db.session.rollback()
    return db.session.scalars(sa.select(TimeOff)).one()


def undo(browser: Browser, answer: TestResponse) -> None:
    form = next(each for each in forms_of(browser.follow(answer)) if "Undo" in each.buttons)
    assert browser.send(form).status_code == 303


def asked(browser: Browser, first: date = MONDAY, days: int = 3) -> TestResponse:
    last = first + timedelta(days=days - 1)
    return browser.fill(OWN, f"{OWN}/time-off", first_day=first.isoformat(), last_day=last.isoformat())


def shift(house: House, sam: uuid.UUID, day: date) -> uuid.UUID:
    begins = SUNDAY + timedelta(days=(day - SUNDAY.date()).days)
    with transaction() as session:
        row = Shift(
            house_id=house.id,
            person_id=sam,
            kind="floor",
            starts_at=begins,
            ends_at=begins + timedelta(hours=8),
            published_at=SUNDAY,
        )
        session.add(row)
    return row.id


def test_a_week_without_scripts_and_back_by_undo(browser: Browser) -> None:
    assert browser.get("/me/availability").location == OWN
    form = browser.form(OWN)
    browser.send(form, **{"2-night": "gladly"})
    assert week() == {("gladly", 2, time(22), time(6))}
    answer = browser.send(browser.form(OWN), **{"2-night": "", "0-morning": "cannot", "6-evening": "rather-not"})
    assert week() == {("cannot", 0, time(6), time(14)), ("rather-not", 6, time(14), time(22))}
    undo(browser, answer)
    assert week() == {("gladly", 2, time(22), time(6))}


def test_spans_with_an_end_are_not_the_pages_to_change(juniper: House, sam: uuid.UUID, browser: Browser) -> None:
    with transaction() as session:
        session.add(
            Availability(
                house_id=juniper.id, person_id=sam, how="cannot", weekday=1, begins=time(6), ends=time(14), until=MONDAY
            )
        )
    browser.send(browser.form(OWN), **{"2-night": "gladly"})
    assert len(week()) == 2


def test_days_off_are_asked_and_answered(
    juniper: House, sam: uuid.UUID, browser: Browser, lead: Browser, person: MakePerson
) -> None:
    mei = person("mei@example.org", {juniper.id: Role.PEER}, "Mei")
    mine = shift(juniper, sam, MONDAY + timedelta(days=1))
    shift(juniper, sam, MONDAY + timedelta(days=3))
    assert asked(browser).status_code == 303
    assert (off().first_day, off().until, off().state) == (MONDAY, MONDAY + timedelta(days=3), "asked")
    page = lead.get(OFF)
    assert "Of these days they have one shift:" in page.text
    assert "1 December" in page.text
    assert "nobody else is on then" in page.text
    shift(juniper, mei, MONDAY + timedelta(days=1))
    assert "1 other is on then" in lead.get(OFF).text
    answer = lead.fill(OFF, f"/time-off/{off().id}/answer", state="agreed")
    assert (off().state, off().decided_at) == ("agreed", SUNDAY)
    assert "agreed" in browser.get(OWN).text
    undo(lead, answer)
    assert (off().state, off().decided_at, off().decided_by) == ("asked", None, None)
    lead.fill(OFF, f"/time-off/{off().id}/answer", state="agreed")
    opened = lead.fill(OFF, f"/time-off/{off().id}/open-shifts")
    assert "1 shift is open now." in lead.follow(opened).text
    db.session.rollback()
    assert db.session.get_one(Shift, mine).person_id is None


def test_declined_is_seen_and_may_be_asked_anew(browser: Browser, lead: Browser) -> None:
    asked(browser)
    lead.send(next(f for f in forms_of(lead.get(OFF)) if f.fields.get("state") == "declined"))
    assert "not possible this time" in browser.get(OWN).text
    assert asked(browser).status_code == 303


def test_taken_back_and_asked_again(browser: Browser, lead: Browser) -> None:
    asked(browser)
    answer = browser.fill(OWN, f"/time-off/{off().id}/back")
    assert off().state == "withdrawn"
    assert "Sam" not in lead.get(OFF).text
    assert lead.post(f"/time-off/{off().id}/answer", {"state": "agreed"}).status_code == 409
    undo(browser, answer)
    assert off().state == "asked"


@pytest.mark.parametrize(
    ("first", "days", "said"),
    [
        (MONDAY, 0, "The last day comes after the first."),
        (date(2026, 11, 1), 2, "Those days are over."),
        (MONDAY, 400, "more than a year"),
        (MONDAY + timedelta(days=2), 4, "some of these days already"),
    ],
)
def test_what_cannot_be_asked_says_so(browser: Browser, first: date, days: int, said: str) -> None:
    asked(browser)
    answer = asked(browser, first, days)
    assert answer.status_code == 422
    assert said in answer.text


def test_nobody_elses_is_mine_to_take_back(app: Flask, juniper: House, browser: Browser, person: MakePerson) -> None:
    asked(browser)
    person("mei@example.org", {juniper.id: Role.PEER}, "Mei")
    mei = Browser(app, "mei@example.org")
    assert mei.post(f"/time-off/{off().id}/back").status_code == 404
    assert mei.post(f"/time-off/{off().id}/answer", {"state": "agreed"}).status_code == 404
    assert mei.get(OFF).status_code == 404
    assert off().state == "asked"


def test_no_column_could_hold_a_reason() -> None:
    assert set(TimeOff.__table__.columns.keys()) == {
        "id", "house_id", "person_id", "first_day", "until", "state", "asked_at", "decided_at", "decided_by", "version",
    }  # fmt: skip
