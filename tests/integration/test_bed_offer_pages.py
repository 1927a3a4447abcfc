"""Offering a bed by the pages, with scripts off: who is next and why, what they said, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.guests.models import BedOffer, Stay
from respite.guests.policy.offers import How
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from tests.pages import Browser
from tests.people import MakePerson, person, quick_hashes  # noqa: F401  (fixtures)
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.waiting_line import HOUR, Line

LIST = "/houses/juniper-house/waiting"
OFFER = f"{LIST}/offer"


@pytest.fixture
def line(juniper: House, actor_in: Callable[..., Actor]) -> Line:
    return Line(juniper, actor_in)


@pytest.fixture
def peer(app: Flask, juniper: House, person: MakePerson) -> Browser:  # noqa: F811
    person("luis@example.org", {juniper.id: Role.PEER}, name="Luis")
    return Browser(app, "luis@example.org")


def test_whoever_asked_first_stands_in_the_form_and_is_asked(peer: Browser, line: Line) -> None:
    line.waits("Ana")
    line.waits("Bo")
    form = peer.form(OFFER)
    assert form.fields["waiting_id"] == next(str(key) for key, name in line.names.items() if name == "Ana")
    assert (form.fields["how"], form.fields["bed_id"]) == ("text", str(line.beds[0]))
    answer = peer.send(form, goes_on="yes")
    assert answer.location == LIST
    said = peer.follow(answer).text
    assert "Willow is kept for their answer until 4:32 pm." in said
    assert "Asked by text at 2:32 pm." in said
    assert "They can answer until 4:32 pm." in said
    assert "Without a yes, the next in line is asked by itself." in said
    (offer,) = rows(BedOffer)
    assert (offer.how, offer.goes_on, offer.nights, offer.passed_over) == ("text", True, 2, None)


def test_a_double_tap_asks_once(peer: Browser, line: Line) -> None:
    line.waits("Ana")
    form = peer.form(OFFER)
    assert [peer.send(form).status_code for _tap in range(2)] == [303, 303]
    assert len(rows(BedOffer)) == len(line.texted()) == 1


def test_what_speaks_against_asking_somebody_is_said_beside_their_name(peer: Browser, line: Line) -> None:
    no = line.waits("Ana")
    line.waits("Bo", answer_from=time(9), answer_until=time(11))
    offer = line.offers(no)
    line.says("Ana", f"N{line.code(offer)}", SUNDAY)
    page = peer.get(OFFER).text
    assert "said not now" in page
    assert "can answer from Monday 9 am on" in page


def test_passing_somebody_over_needs_a_fact_and_keeps_what_was_typed(peer: Browser, line: Line) -> None:
    line.waits("Ana")
    bo = line.waits("Bo")
    answer = peer.fill(OFFER, waiting_id=bo.id, how="call", nights=1)
    assert answer.status_code == 409
    assert "Somebody asked earlier and can be asked now." in answer.text
    form = peer.form(OFFER)
    assert peer.send(form, waiting_id=bo.id, how="call", said="does-not-fit").status_code == 303
    assert rows(BedOffer)[0].passed_over == "does-not-fit"


@pytest.mark.parametrize(("button", "waits", "states"), [("yes", [], ["held"]), ("not-now", ["Ana"], ["not-taken"])])
def test_what_they_said_on_the_telephone_is_one_tap_and_one_tap_back(
    peer: Browser, line: Line, button: str, waits: list[str], states: list[str]
) -> None:
    offer = line.offers(line.waits("Ana", text=False), how=How.CALL)
    page = peer.get(LIST).text
    assert 'href="tel:+13035552000"' in page
    answer = peer.fill(LIST, f"/bed-offers/{offer.id}/{button}")
    assert line.waiting() == waits
    assert [stay.state for stay in rows(Stay)] == states
    peer.undo(answer)
    assert line.waiting() == ["Ana"]
    assert line.saved() == [("nobody", "offered")]


def test_the_desk_says_who_is_asked_and_the_wall_says_saved(peer: Browser, line: Line, clock: StillClock) -> None:
    line.offers(line.waits("Ana", text=False), how=How.CALL)
    desk = peer.get("/houses/juniper-house/board").text
    for words in ("asked about Willow until 4:32 pm", "Willow is kept for Ana until 4:32 pm. Please call and ask.",
                  "Somebody on the list is being asked.", "1 waiting", "Who is asked"):  # fmt: skip
        assert words in desk
    assert "1 arriving" not in desk
    assert "a guest without a name" not in desk
    clock.advance(2 * HOUR)
    desk = peer.get("/houses/juniper-house/board").text
    assert "Somebody on the list is being asked." not in desk
    assert "asked about" not in desk


def test_saving_an_offered_door_shows_the_fact_first(peer: Browser, line: Line) -> None:
    line.offers(line.waits("Ana"))
    page = f"/beds/{line.beds[0]}/save"
    assert "This door is kept until 4:32 pm for somebody on the list who is being asked." in peer.get(page).text
    assert peer.fill(page, name="Zed", nights=1).status_code == 409
    assert line.saved() == [("nobody", "offered")]
    assert peer.fill(page, name="Zed", nights=1, over_offer="yes").status_code == 303
    assert (line.saved(), line.waiting()) == ([("Zed", "held")], ["Ana"])


def test_the_roster_draws_an_offered_door_without_a_name(peer: Browser, line: Line) -> None:
    line.offers(line.waits("Ana"))
    page = peer.get("/houses/juniper-house/beds").text
    assert "saved until 4:32 pm" in page
    assert "Ana" not in page
    assert "no name" not in page


def test_before_a_text_runs_out_the_desk_asks_for_a_call(peer: Browser, line: Line, clock: StillClock) -> None:
    """S45: quiet after one hour and two, asked for half an hour before the end, over at four, as it was when made."""
    change_rules(COMMAND, line.house_id, {"offer_minutes": 240}, number_seen=None, now=SUNDAY)
    line.offers(line.waits("Ana"))
    edited = {"offer_minutes": 30, "ask_minutes_before": 200}
    change_rules(COMMAND, line.house_id, edited, number_seen=None, now=SUNDAY)
    line.offers(line.waits("Bo"), 1)
    assert "kept for Bo until 3:02 pm. Please call and ask." in peer.get("/houses/juniper-house/board").text
    asks = "Willow is kept for Ana until 6:32 pm. Please call and ask."
    said = []
    for _half_hour in range(9):
        said.append(asks in peer.get("/houses/juniper-house/board").text)
        clock.advance(HOUR / 2)
    assert said == [False] * 7 + [True, False]


def test_a_stay_that_is_nobody_s_has_no_page_of_its_own(peer: Browser, line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    assert peer.get(f"/stays/{offer.stay_id}").location == LIST
