"""Patterns, rules of duty and gaps as pages."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.staffing.models import DutyRules, Shift, ShiftPattern
from respite.staffing.policy.duty import NAMES
from respite.staffing.service.shifts import give_to
from respite.staffing.views.duty_words import LABELS
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY

PATTERNS = "/houses/juniper-house/patterns"
DUTY = "/houses/juniper-house/duty-rules"
NEXT_WEEK = date(2026, 11, 29)


@pytest.fixture
def lead(app: Flask, juniper: House, person: MakePerson) -> FlaskClient:
    person("lead@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    browser = app.test_client()
    sign_in(browser, "lead@example.org")
    return browser


@pytest.fixture
def sam(juniper: House, person: MakePerson) -> uuid.UUID:
    return person("sam@example.org", {juniper.id: Role.PEER}, "Sam")


def seen(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def asked(**changed: Any) -> dict[str, Any]:
    form = {
        "name": "Night", "kind": "floor", "weekdays": [str(n) for n in range(7)], "begins": "23:00", "ends": "07:00",
        "seats": "2", "awake": "yes", "first_day": "2026-11-22", "need_0": "language:es", "least_0": "1",
    }  # fmt: skip
    return form | changed


def rows(model: Any, *where: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model).where(*where)))


def follow(browser: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return seen(browser.get(answer.location))


def test_a_house_begins_from_a_starter_and_its_week_shows_what_is_uncovered(lead: FlaskClient) -> None:
    assert "Begin with this" in seen(lead.get(PATTERNS))
    said = follow(lead, lead.post(f"{PATTERNS}/starter", data={"starter": "three-of-eight"}))
    assert "3 patterns come round now." in said
    assert "Every hour that the house is open is asked for." in said
    night = next(each for each in rows(ShiftPattern) if each.name == "Night")
    said = follow(lead, lead.post(f"/patterns/{night.id}/end", data={"until": "2026-11-22"}))
    assert "Monday 11 pm to Tuesday 7 am: nobody" in said
    assert "Sunday 11 pm to Monday 12 am: nobody" in said


def test_one_is_made_changed_and_ended_and_the_end_undone(lead: FlaskClient) -> None:
    said = follow(lead, lead.post(PATTERNS, data=asked()))
    assert "Night every day, 11 pm to 7 am · 2 people · awake · one holds Spanish" in said
    (pattern,) = rows(ShiftPattern)
    changed = asked(seats="3", first_day=NEXT_WEEK.isoformat(), version=str(pattern.version))
    assert "The pattern is changed." in follow(lead, lead.post(f"/patterns/{pattern.id}", data=changed))
    assert len(rows(Shift, Shift.day == NEXT_WEEK)) == 3
    stale = lead.post(f"/patterns/{pattern.id}", data=changed | {"seats": "4"})
    assert stale.status_code == 412
    new = next(each for each in rows(ShiftPattern) if each.seats == 3)
    ended = lead.post(f"/patterns/{new.id}/end", data={"until": NEXT_WEEK.isoformat(), "version": str(new.version)})
    page = lead.get(ended.location)
    assert f"/patterns/{new.id}/resume" in page.text
    (row,) = rows(ShiftPattern, ShiftPattern.id == new.id)
    follow(lead, lead.post(f"/patterns/{new.id}/resume", data={"version": str(row.version)}))
    assert rows(ShiftPattern, ShiftPattern.id == new.id)[0].until is None


def test_shifts_that_no_longer_fit_are_put_to_the_coordinator(lead: FlaskClient, sam: uuid.UUID) -> None:
    lead.post(PATTERNS, data=asked())
    (pattern,) = rows(ShiftPattern)
    shift = rows(Shift, Shift.day == NEXT_WEEK)[0]
    with transaction() as session:
        give_to(session, session.get_one(Shift, shift.id), sam, COMMAND, SUNDAY)
    said = follow(lead, lead.post(f"/patterns/{pattern.id}", data=asked(begins="22:00")))
    assert "One shift no longer fits" in said
    assert "Sunday 29 night, 11 pm to 7 am Sam" in said
    said = follow(lead, lead.post(f"/shifts/{shift.id}/keep"))
    assert "no longer fits" not in said


def test_a_living_room_s_least_is_refused_in_words(lead: FlaskClient) -> None:
    refused = lead.post(PATTERNS, data=asked(seats="1"))
    assert refused.status_code == 409
    assert "In a living room at least 2 people are there at any time it is open." in seen(refused)
    assert 'value="Night"' in refused.text


def test_the_rules_of_duty_count_from_a_day_and_keep_their_history(lead: FlaskClient) -> None:
    assert "What every house begins with." in seen(lead.get(DUTY))
    said = follow(lead, lead.post(DUTY, data={"rest": "660", "first_day": "2026-12-01"}))
    assert "The rules count from 1 December on." in said
    assert "Rest between two shifts, in minutes: 10 hours → 11 hours" in said
    (row,) = rows(DutyRules)
    assert (row.choices, row.first_day) == ({"rest": 660}, date(2026, 12, 1))
    refused = lead.post(DUTY, data={"floor_least": "1", "first_day": "2026-12-01"})
    assert refused.status_code == 422
    assert "at least two people" in seen(refused)


def test_every_rule_of_duty_has_its_words() -> None:
    assert set(LABELS) == set(NAMES)


def test_gaps_stand_first_on_desk_and_shifts_and_say_what_is_needed(lead: FlaskClient) -> None:
    lead.post(PATTERNS, data=asked())
    assert "shifts are not given out yet." in seen(lead.get("/houses/juniper-house/board"))
    for shift in rows(Shift, Shift.day <= date(2026, 11, 24)):
        with transaction() as session:
            give_to(session, session.get_one(Shift, shift.id), None, COMMAND, SUNDAY)
    for page in ("/houses/juniper-house/board", "/houses/juniper-house/shifts"):
        text = seen(lead.get(page))
        assert "Tonight, 11 pm to 7 am Nobody yet. One of 2 must speak Spanish." in text
    assert "Monday night, 11 pm to 7 am Nobody yet." in text


def test_gaps_are_for_whoever_keeps_shifts(app: Flask, lead: FlaskClient, sam: uuid.UUID, juniper: House) -> None:
    lead.post(PATTERNS, data=asked())
    peer = app.test_client()
    sign_in(peer, "sam@example.org")
    for page in ("board", "shifts"):
        assert "not given out" not in peer.get(f"/houses/juniper-house/{page}").text
    assert peer.get(PATTERNS).status_code == 404
    assert peer.get(DUTY).status_code == 404


def test_cover_and_hours_have_pages_and_a_sheet_without_a_name_of_anybody(
    lead: FlaskClient, sam: uuid.UUID, juniper: House
) -> None:
    lead.post(PATTERNS, data=asked(begins="08:00", ends="20:00"))
    with transaction() as session:
        shift = session.scalars(sa.select(Shift).where(Shift.day == date(2026, 11, 22))).first()
        assert shift is not None
        shift.person_id, shift.published_at = sam, SUNDAY
        shift.came_at = shift.starts_at
    for page in ("cover", "cover/print"):
        answer = lead.get(f"/houses/juniper-house/{page}?from=2026-11-22&to=2026-11-22")
        assert "Once there were fewer than the house asked for" in seen(answer)
        assert "1 of 2 were there" in seen(answer)
        assert "Sam" not in answer.text
    hours = seen(lead.get("/houses/juniper-house/hours?from=2026-11-22&to=2026-11-22"))
    assert "Sam 12:00 6:32 0:00" in hours
