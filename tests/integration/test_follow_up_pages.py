"""What follows a stay, on the guest's own page, on the stay's page and under House."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from respite.accounts.roles import Role
from respite.core.clock import house_now
from respite.core.db import db
from respite.followup.queries import plan_now, rows_of_stay
from respite.houses.models import House
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.texts_in import SAM, says

AFTER = "/houses/juniper-house/after"
PLAN = "/houses/juniper-house/settings/after"


@pytest.fixture
def robin(app: Flask, juniper: House) -> OwnPage:
    return has_a_page(juniper, "Robin", phone="303 555 0143")


@pytest.fixture
def dana(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    return Browser(app, "dana@example.org")


def ways(page: OwnPage) -> dict[str, tuple[str, str]]:
    db.session.rollback()
    found = {row.window: (row.way, row.state) for row in rows_of_stay(db.session(), page.stay_id)}
    db.session.rollback()
    return found


def test_a_guest_reads_the_words_and_chooses_each(app: Flask, juniper: House, robin: OwnPage, dana: Browser) -> None:
    own = robin.opened(app)
    assert robin.at("after") in own.get(robin.path).text
    page = own.get(robin.at("after")).text
    assert "it&#39;s Juniper House. How is today?" in page
    assert "Up to six texts in the three months after you leave" in page

    # A text without a yes is refused, beside the step; with one it stands.
    chosen = {"way-h48": "text", "way-d7": "call", "way-d90": "none"}
    refused = own.post(robin.at("after"), dict(chosen))
    assert refused.status_code == 422
    assert "A text needs their yes to such texts first." in refused.text
    assert ways(robin) == {}
    assert own.post(robin.at("after"), {**chosen, "yes": "yes"}).status_code == 303
    assert ways(robin) == {"h48": ("text", "chosen"), "d7": ("call", "chosen"), "d90": ("none", "chosen")}

    # The house reads how each stands, and plans them when they leave; nothing is chosen for them that they left open.
    card = dana.get(f"/stays/{robin.stay_id}").text
    assert "After the stay" in card
    assert "not chosen yet" in card
    assert dana.post(f"/stays/{robin.stay_id}/leaving", {"how": "as-planned"}).status_code == 303
    assert ways(robin)["h48"] == ("text", "planned")
    assert ways(robin)["d7"] == ("call", "planned")
    assert ways(robin)["d90"] == ("none", "over")
    assert "Robin" in dana.get(AFTER).text

    # They change their mind on their page, and somebody of the house writes down what they say by telephone.
    assert own.post(robin.at("after"), {"way-h48": "none"}).status_code == 303
    assert ways(robin)["h48"] == ("none", "over")
    assert dana.post(f"/stays/{robin.stay_id}/after", {"way-d90": "call", "way-h48": "text"}).status_code == 303
    assert (ways(robin)["h48"][1], ways(robin)["d90"]) == ("planned", ("call", "planned"))


def test_a_house_changes_its_plan(juniper: House, dana: Browser) -> None:
    page = dana.get(PLAN)
    assert 'value="48"' in page.text
    step = {"after-0": "3", "unit-0": "days", "asks-0": "call", "on-0": "yes", "after-1": "400", "unit-1": "days"}
    wrong = dana.post(PLAN, {**step, "version": "0"})
    assert (wrong.status_code, "92 days" in wrong.text) == (422, True)
    assert dana.post(PLAN, {**step, "after-1": "", "version": "0"}).status_code == 303
    assert [(each.window, each.on) for each in plan_now(db.session(), juniper.id).steps] == [("h72", True)]
    db.session.rollback()
    assert dana.post(PLAN, {**step, "after-1": "", "version": "0"}).status_code == 412


def test_one_step_chosen_after_the_stay_is_one_step(app: Flask, juniper: House, robin: OwnPage, dana: Browser) -> None:
    own = robin.opened(app)
    assert dana.post(f"/stays/{robin.stay_id}/leaving", {"how": "as-planned"}).status_code == 303
    assert ways(robin) == {}
    assert own.post(robin.at("after"), {"way-d7": "text", "yes": "yes"}).status_code == 303
    assert ways(robin) == {"d7": ("text", "planned")}


def test_after_stop_no_page_says_that_a_text_comes_and_start_brings_it_back(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    stay = f"/stays/{robin.stay_id}"
    leaving = {"how": "as-planned", "number": SAM, "follow_up": "yes", "way-d7": "call"}
    assert dana.post(f"{stay}/leaving", leaving).status_code == 303
    planned = dana.get(stay).text
    says("STOP", SAM, at=house_now())
    stopped, coming = dana.get(stay).text, dana.get(AFTER).text
    assert (planned.count("planned, "), stopped.count("planned, ")) == (4, 1)
    assert stopped.count("no more texts, as asked") == 3
    assert "a call" in coming
    assert "a text" not in coming
    assert {state for _way, state in ways(robin).values()} == {"planned"}
    says("START", SAM, at=house_now() + timedelta(seconds=1))
    assert dana.get(stay).text.count("planned, ") == 4
    assert dana.get(AFTER).text.count("a text") == 3
