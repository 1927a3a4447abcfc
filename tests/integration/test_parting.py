"""Was this helpful? Answered once, tied to nobody, shown only as many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db
from respite.core.errors import NotFound
from respite.guests.models import PartingAnswer
from respite.guests.policy.parting import FEWEST, Said, by_quarter, quarter_of
from respite.guests.service import parting
from respite.houses.models import House
from tests.at_once import at_once
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import rows


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def peer(app: Flask, juniper: House, person: MakePerson) -> FlaskClient:
    person("peer@example.org", {juniper.id: Role.PEER}, "Ana")
    browser = app.test_client()
    sign_in(browser, "peer@example.org")
    return browser


def address(peer: FlaskClient) -> str:
    page = peer.get("/houses/juniper-house/parting").text
    return page.split('href="/parting/')[1].split('"')[0]


def answered() -> list[tuple[str | None, str | None]]:
    return [(each.helpful, each.instead) for each in rows(PartingAnswer)]


def test_it_is_answered_without_signing_in_and_once(app: Flask, juniper: House, peer: FlaskClient) -> None:
    link, guest = f"/parting/{address(peer)}", app.test_client()
    assert "Was being here helpful?" in guest.get(link).text
    for helpful in ("yes", "no"):
        sent = guest.post(link, data={"helpful": helpful, "instead": "The hospital, I think."})
        assert (sent.status_code, sent.headers["Location"]) == (303, "/parting")
    assert answered() == [("yes", "The hospital, I think.")]
    assert "Thank you" in guest.get("/parting").text


def test_nothing_of_an_answer_says_whose_it_is_or_when_it_came(juniper: House, peer: FlaskClient) -> None:
    events = len(rows(Event))
    peer.post(f"/parting/{address(peer)}", data={"helpful": "partly"})
    (row,) = rows(PartingAnswer)
    assert {column.name for column in sa.inspect(PartingAnswer).columns} == {
        "id", "house_id", "quarter", "helpful", "instead_sealed",
    }  # fmt: skip
    assert row.quarter == quarter_of(SUNDAY.date())
    assert len(rows(Event)) == events, "a line in the log would stand beside the leaving"


def test_where_answers_lie_in_the_database_does_not_tell_when_they_came(app: Flask, juniper: House) -> None:
    for n in range(12):
        parting.answer(parting.hand_over(juniper.id), "yes", f"place {n}", now=SUNDAY)
    place = {"sqlite": "rowid", "postgresql": "ctid"}[db.session.get_bind().dialect.name]
    lie = [row.id for row in db.session.execute(sa.text(f"SELECT id FROM parting_answer ORDER BY {place}"))]
    assert lie == sorted(lie)
    assert len(set(lie)) == 12
    assert sorted(words or "" for _helpful, words in answered()) == sorted(f"place {n}" for n in range(12))
    if place == "ctid":
        wrote = db.session.execute(sa.text("SELECT DISTINCT xmin::text FROM parting_answer")).all()
        assert len(wrote) == 1, "the last answer wrote them all"


def test_nothing_said_keeps_nothing(juniper: House, peer: FlaskClient) -> None:
    assert peer.post(f"/parting/{address(peer)}", data={"helpful": "", "instead": "  "}).status_code == 303
    assert answered() == []


def test_what_cannot_be_kept_is_told_and_stays_typed(juniper: House, peer: FlaskClient) -> None:
    sent = peer.post(f"/parting/{address(peer)}", data={"helpful": "no", "instead": "x" * 301})
    assert sent.status_code == 422
    assert "Please keep this to 300 letters." in sent.text
    assert "x" * 301 in sent.text
    assert answered() == []


@pytest.mark.parametrize("token", ["", "guessed", "W10.aaaa.bbbb"])
def test_a_link_that_the_house_did_not_hand_over_leads_nowhere(app: Flask, juniper: House, token: str) -> None:
    assert app.test_client().get(f"/parting/{token}").status_code == 404
    if token:
        assert app.test_client().post(f"/parting/{token}", data={"helpful": "yes"}).status_code == 404
    assert answered() == []


def test_a_link_ends_after_a_week(app: Flask, juniper: House, monkeypatch: pytest.MonkeyPatch) -> None:
    token = parting.hand_over(juniper.id)
    monkeypatch.setattr(parting, "ANSWERED_WITHIN", -1)
    with pytest.raises(NotFound):
        parting.house_of(token)


def test_a_question_answered_by_many_taps_at_once_is_answered_once(app: Flask, juniper: House) -> None:
    token = parting.hand_over(juniper.id)
    at_once(app, *[lambda: parting.answer(token, "yes", None, now=SUNDAY)] * 8)
    assert answered() == [("yes", None)]


def test_a_quarter_is_shown_when_it_is_over_and_enough_people_answered(
    app: Flask, juniper: House, person: MakePerson
) -> None:
    person("reader@example.org", {juniper.id: Role.COORDINATOR}, "Rae")
    browser = app.test_client()
    sign_in(browser, "reader@example.org")
    for n in range(FEWEST):
        parting.answer(parting.hand_over(juniper.id), ("yes", "partly")[n % 2], f"place {n}", now=SUNDAY)
    page = "/houses/juniper-house/what-guests-said"
    assert "place 0" not in browser.get(page).text, "the quarter goes on"
    for n in range(FEWEST):
        parting.answer(parting.hand_over(juniper.id), "yes", f"summer {n}", now=SUNDAY - timedelta(days=100))
    shown = browser.get(page).text
    assert "July to September 2026" in shown
    assert "5 said that it helped" in shown
    assert all(f"summer {n}" in shown for n in range(FEWEST))
    assert "place 0" not in shown
    # A board reads less: no count under 11, no words of fewer, and how many said what only where each is 11.
    person("board@example.org", {juniper.id: Role.BOARD_READER}, "Bo")
    board = app.test_client()
    sign_in(board, "board@example.org")
    assert "Nothing to show yet." in board.get(page).text
    for n in range(FEWEST, 12):
        parting.answer(parting.hand_over(juniper.id), "yes", f"summer {n}", now=SUNDAY - timedelta(days=100))
    told = board.get(page).text
    assert "12 answered this." in told
    assert "said that it helped" not in told
    assert "summer 11" in told


@pytest.mark.parametrize(("count", "shown"), [(FEWEST - 1, 0), (FEWEST, 1)])
def test_few_answers_are_not_shown(count: int, shown: int) -> None:
    said = [Said(date(2026, 7, 1), None if n == 0 else "yes", f"w{n}") for n in range(count)]
    found = by_quarter(said, date(2026, 10, 1))
    assert len(found) == shown
    assert by_quarter(said, date(2026, 9, 30)) == []
    for each in found:
        assert (each.helped, each.answered, each.instead) == (
            count - 1,
            count - 1,
            tuple(f"w{n}" for n in range(count)),
        )


def test_who_may_not_read_figures_or_keep_beds_sees_neither_page(
    app: Flask, juniper: House, person: MakePerson, peer: FlaskClient
) -> None:
    person("volunteer@example.org", {juniper.id: Role.VOLUNTEER}, "Vi")
    volunteer = app.test_client()
    sign_in(volunteer, "volunteer@example.org")
    assert volunteer.get("/houses/juniper-house/parting").status_code == 404
    assert peer.get("/houses/juniper-house/what-guests-said").status_code == 404
