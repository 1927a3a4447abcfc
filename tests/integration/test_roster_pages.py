"""Giving shifts out as a page: a draft is begun, filled while one looks on, put away, published."""

from __future__ import annotations

import re
import threading
import time as machine_time
import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.staffing.models import Roster, RosterRun, Shift, TimeOff
from respite.staffing.policy.patterns import Starter, starters
from respite.staffing.service.patterns import make_patterns
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import rows

PAGE = "/houses/juniper-house/roster"
MONDAY = date(2026, 11, 30)


@pytest.fixture
def peers(juniper: House, person: MakePerson) -> list[uuid.UUID]:
    return [person(f"peer{n}@example.org", {juniper.id: Role.PEER}, f"Peer {n}") for n in range(9)]


@pytest.fixture
def lead(app: Flask, juniper: House, peers: list[uuid.UUID], person: MakePerson) -> FlaskClient:
    person("lead@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    make_patterns(
        COMMAND, juniper.id, starters(Starter.THREE, ("Day", "Evening", "Night")), first_day=MONDAY, now=SUNDAY
    )
    browser = app.test_client()
    sign_in(browser, "lead@example.org")
    return browser


@pytest.fixture
def draft(lead: FlaskClient) -> Roster:
    assert lead.post(PAGE, data={"first": "2026-11-30", "weeks": "1"}).status_code == 303
    (found,) = rows(Roster)
    return found


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def until_over(draft: Roster) -> RosterRun:
    end = machine_time.monotonic() + 90
    while machine_time.monotonic() < end:
        (run,) = rows(RosterRun, RosterRun.roster_id == draft.id)
        if run.ended_at is not None:
            for thread in threading.enumerate():
                if thread.name == "roster-run":
                    thread.join(30)
            return run
        machine_time.sleep(0.05)
    raise AssertionError("it did not end")


def shifts() -> list[Shift]:
    return rows(Shift, Shift.starts_at < SUNDAY + timedelta(days=14), Shift.starts_at > SUNDAY + timedelta(days=8))


def test_a_draft_is_filled_and_given_out(lead: FlaskClient, draft: Roster) -> None:
    assert "places are open. Nobody else sees it." in words(lead.get(PAGE))
    assert lead.post(f"/rosters/{draft.id}/fill", data={"seconds": "10"}).status_code == 303
    assert "Being filled" in (said := words(lead.get(PAGE))) or "It begins in a moment." in said or "Filled." in said
    assert until_over(draft).state == "done"
    said = words(lead.get(PAGE))
    assert "A draft: 0 places are open." in said
    assert "Peer 3" in said
    assert all(shift.person_id is None for shift in shifts())
    given_out = lead.post(f"/rosters/{draft.id}/publish", follow_redirects=True)
    assert "The shifts are given out. 0 people are told by text." in words(given_out)
    assert all(shift.person_id is not None for shift in shifts())
    assert lead.post(f"/rosters/{draft.id}/publish").status_code == 409


def test_what_stays_open_says_why_and_what_would_help(
    lead: FlaskClient, juniper: House, peers: list[uuid.UUID], draft: Roster
) -> None:
    with transaction() as session:
        for who in peers:
            session.add(
                TimeOff(
                    house_id=juniper.id, person_id=who, first_day=MONDAY, until=MONDAY + timedelta(days=1),
                    state="agreed", asked_at=SUNDAY,
                )
            )  # fmt: skip
    lead.post(f"/rosters/{draft.id}/fill", data={"seconds": "10"})
    until_over(draft)
    said = words(lead.get(PAGE))
    assert re.search(r"Day, Mon 30 Nov: \d places? open", said)
    assert "As things stand, it cannot be fewer." in said
    # Two are needed, so it is told as soon as all but one are away; whom the proof spares is left to the solver.
    assert len(set(re.findall(r"Peer \d: away until Tue 1 Dec", said))) == len(peers) - 1
    assert "Each of these changes alone would help:" in said
    lead.post("/language", data={"language": "es"})
    assert "Tal como están las cosas, no pueden ser menos." in words(lead.get(PAGE))


def test_put_away_and_back(lead: FlaskClient, draft: Roster) -> None:
    away = lead.post(f"/rosters/{draft.id}/put-away", follow_redirects=True)
    assert "A draft of some weeks" in words(away)
    assert f'action="/rosters/{draft.id}/take-up"' in away.text
    lead.post(f"/rosters/{draft.id}/take-up")
    assert "Nobody else sees it." in words(lead.get(PAGE))
    assert lead.post(f"/rosters/{draft.id}/take-up").status_code == 409


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"first": "2026-11-21", "weeks": "1"}, 422, "Please choose days from today on"),
        ({"first": "2027-01-15", "weeks": "4"}, 422, "before Sunday 17 January"),
        ({"first": "2026-11-22", "weeks": "1"}, 422, "No shift begins in these days."),
        ({"first": "soon", "weeks": "1"}, 422, ""),
        ({"first": "2026-11-30", "weeks": "9"}, 422, ""),
    ],
)
def test_days_that_cannot_be_are_told(lead: FlaskClient, sent: dict[str, str], status: int, said: str) -> None:
    answer = lead.post(PAGE, data=sent)
    assert answer.status_code == status
    assert said in words(answer)
    assert f'value="{sent["first"]}"' in answer.text
    assert rows(Roster) == []


def test_two_drafts_never_share_a_day(lead: FlaskClient, draft: Roster) -> None:
    answer = lead.post(PAGE, data={"first": "2026-12-04", "weeks": "1"})
    assert answer.status_code == 409
    assert "Another draft has some of these days already." in words(answer)


def test_a_peer_finds_none_of_it(app: Flask, lead: FlaskClient, draft: Roster) -> None:
    peer = app.test_client()
    sign_in(peer, "peer1@example.org")
    assert peer.get(PAGE).status_code == 404
    for act in ("fill", "publish", "put-away", "take-up"):
        assert peer.post(f"/rosters/{draft.id}/{act}", data={"seconds": "10"}).status_code == 404
    db.session.rollback()
    assert db.session.get_one(Roster, draft.id).state == "draft"
