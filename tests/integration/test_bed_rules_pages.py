"""The house's rules as pages: set by who may, answered with one tap beside somebody, read out, and printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db
from respite.guests.models import CouldNotOffer, RuleAnswer, Stay, Waiting
from respite.guests.service.people import Named
from respite.guests.service.visits import begin_visit
from respite.guests.service.waiting import add_waiting
from respite.houses.models import BedRule, Elsewhere, House
from respite.houses.policy.bed_rules import RuleKind, RuleWords
from respite.houses.policy.elsewhere import PlaceKind, PlaceWords
from respite.houses.queries import beds_of
from respite.houses.service.bed_rules import add_bed_rule
from respite.houses.service.chairs import add_chair
from respite.houses.service.elsewhere import add_place
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows

SETTINGS = "/houses/juniper-house/settings"
AGE = RuleWords(kind=RuleKind.AGE, least_age=18)
Browse = Callable[[Role], Browser]


@pytest.fixture
def browse(app: Flask, juniper: House, person: MakePerson) -> Browse:
    def make(role: Role) -> Browser:
        email = f"{role}@example.org"
        person(email, {juniper.id: role})
        return Browser(app, email)

    return make


@pytest.fixture
def ana(juniper: House) -> Waiting:
    return add_waiting(COMMAND, juniper.id, who=Named("Ana", phone="303 555 0142"), now=SUNDAY)


def page_of(row: Waiting) -> str:
    return f"/guests/{row.guest_id}/house-rules"


def test_a_coordinator_sets_a_rule_changes_it_takes_it_away_and_has_it_again(juniper: House, browse: Browse) -> None:
    cora = browse(Role.COORDINATOR)
    rules = f"{SETTINGS}/bed-rules"
    assert cora.fill(rules, kind="age", least_age="18").status_code == 303
    assert "Are they 18 or older?" in cora.get(rules).text
    assert cora.fill(f"{rules}/2", least_age="16").status_code == 303
    one = cora.get(f"{rules}/2").text
    assert "Are they 16 or older?" in one
    assert "Are they 18 or older?" in one
    cora.send(cora.form(rules, f"{rules}/2/end"))
    assert "Rules the house had" in cora.get(rules).text
    assert cora.fill(f"{rules}/2").status_code == 303
    assert [(each.edition, each.ended_at is None) for each in sorted(rows(BedRule), key=lambda each: each.edition)] == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_a_wrong_rule_is_drawn_again_with_its_sentence(juniper: House, browse: Browse) -> None:
    answer = browse(Role.COORDINATOR).fill(f"{SETTINGS}/bed-rules", kind="own")
    assert answer.status_code == 422
    assert "in one of the languages or in both" in answer.text
    assert rows(BedRule) == []


def test_a_peer_sets_no_rules(juniper: House, browse: Browse) -> None:
    peer = browse(Role.PEER)
    for page in ("bed-rules", "elsewhere"):
        assert peer.get(f"{SETTINGS}/{page}").status_code == 404


def test_one_tap_answers_a_rule_and_the_list_says_it_in_short(juniper: House, browse: Browse, ana: Waiting) -> None:
    add_bed_rule(COMMAND, juniper.id, AGE, now=SUNDAY)
    add_bed_rule(COMMAND, juniper.id, RuleWords(kind=RuleKind.VETERANS), now=SUNDAY)
    peer = browse(Role.PEER)
    assert "2 rules not asked" in peer.get("/houses/juniper-house/waiting").text
    form = peer.form(page_of(ana))
    assert peer.send(form, says="no").status_code == 303
    assert [(each.number, each.answer) for each in rows(RuleAnswer)] == [(2, "no")]
    assert "Rule 2 says no · 1 rule not asked" in peer.get("/houses/juniper-house/waiting").text


def test_a_no_is_read_out_with_where_else_to_turn_and_counts_with_one_tap(
    juniper: House, browse: Browse, ana: Waiting
) -> None:
    add_bed_rule(COMMAND, juniper.id, AGE, now=SUNDAY)
    add_place(COMMAND, juniper.id, PlaceWords(PlaceKind.SUPPORT, "Urban Peak", phone="+13035550188"), now=SUNDAY)
    peer = browse(Role.PEER)
    peer.send(peer.form(page_of(ana)), says="no")
    page = peer.get(page_of(ana)).text
    for words in ("from the age of 18 on.", "Urban Peak", "Text 988", "As a sheet to print", "No birthday."):
        assert words in page
    form = peer.form(page_of(ana), f"/waiting/{ana.id}/could-not-offer")
    assert form.fields["reason"] == "age"
    assert peer.send(form).status_code == 303
    assert [each.reason for each in rows(CouldNotOffer)] == ["age"]


def test_they_are_told_when_it_changes_only_if_they_like(juniper: House, browse: Browse, ana: Waiting) -> None:
    add_bed_rule(COMMAND, juniper.id, AGE, now=SUNDAY)
    peer = browse(Role.PEER)
    peer.send(peer.form(page_of(ana)), says="no")
    form = peer.form(page_of(ana), button="Promise to tell them")
    assert peer.send(form, changes_on="2026-12-20").status_code == 303
    assert "From 20 December 2026 on that is different." in peer.get(page_of(ana)).text
    assert "Ana" in peer.get("/houses/juniper-house/promises").text
    again = peer.send(peer.form(page_of(ana), button="Promise to tell them"), changes_on="2026-11-01")
    assert "a day that is still to come" in again.text


def test_the_page_begins_at_the_day_of_the_house(
    juniper: House, browse: Browse, ana: Waiting, clock: StillClock
) -> None:
    clock.at = datetime(2026, 11, 23, 2, tzinfo=UTC)  # the evening of the day before, there
    add_bed_rule(COMMAND, juniper.id, AGE, now=SUNDAY)
    peer = browse(Role.PEER)
    peer.send(peer.form(page_of(ana)), says="no")
    assert 'min="2026-11-22"' in peer.get(page_of(ana)).text


def test_the_offer_page_says_it_and_one_goes_on_in_words(juniper: House, browse: Browse, ana: Waiting) -> None:
    add_bed_rule(COMMAND, juniper.id, AGE, now=SUNDAY)
    peer = browse(Role.PEER)
    offer = "/houses/juniper-house/waiting/offer"
    assert "1 rule not asked" in peer.get(offer).text
    peer.send(peer.form(page_of(ana)), says="no")
    assert "rule 2 says no" in peer.get(offer).text
    refused = peer.fill(offer, waiting_id=ana.id, how="call")
    assert refused.status_code == 409
    assert "Rule 2 says no: People can stay in this house from the age of 18 on." in refused.text
    assert peer.fill(offer, waiting_id=ana.id, how="call", all_the_same="yes").status_code == 303


def test_at_the_door_the_questions_are_there_and_a_no_is_not_in_the_way(juniper: House, browse: Browse) -> None:
    add_bed_rule(COMMAND, juniper.id, AGE, now=SUNDAY)
    peer = browse(Role.PEER)
    bed = beds_of(db.session(), juniper.id)[0].id
    db.session.rollback()
    for page in (f"/beds/{bed}/arrival", f"/beds/{bed}/save"):
        refused = peer.fill(page, name="Wes", nights=1, **{"rule-2": "no"})
        assert refused.status_code == 409
        assert "Rule 2 says no" in refused.text
    assert rows(Stay) == []
    page = f"/beds/{bed}/arrival"
    assert peer.fill(page, name="Wes", nights=1, all_the_same="yes", **{"rule-2": "no"}).status_code == 303
    assert len(rows(Stay)) == 1


def test_from_the_chair_to_a_bed_the_same_rules_count(juniper: House, browse: Browse) -> None:
    add_bed_rule(COMMAND, juniper.id, AGE, now=SUNDAY)
    peer = browse(Role.PEER)
    add_chair(COMMAND, juniper.id, now=SUNDAY)
    visit = begin_visit(COMMAND, juniper.id, who=Named("Wes"), now=SUNDAY)
    page = f"/visits/{visit.id}/bed"
    assert "Go on all the same" in peer.get(page).text
    refused = peer.fill(page, nights=1, **{"rule-2": "no"})
    assert (refused.status_code, rows(Stay)) == (409, [])
    assert peer.fill(page, nights=1, all_the_same="yes", **{"rule-2": "no"}).status_code == 303
    assert [stay.state for stay in rows(Stay)] == ["here"]


def test_a_saved_bed_says_at_arrival_what_was_answered(juniper: House, browse: Browse) -> None:
    add_bed_rule(COMMAND, juniper.id, AGE, now=SUNDAY)
    peer = browse(Role.PEER)
    peer.fill("/houses/juniper-house/save", name="Wes", nights=1)
    (stay,) = rows(Stay)
    assert "1 rule not asked" in peer.get(f"/stays/{stay.id}/arrival").text


def test_where_else_to_turn_is_the_houses_own_list(juniper: House, browse: Browse) -> None:
    cora, page = browse(Role.COORDINATOR), f"{SETTINGS}/elsewhere"
    assert cora.fill(page, name="Urban Peak").status_code == 422
    sent = cora.fill(page, name="Urban Peak", phone="303 555 0188", note="Ages 12 to 24.", hours="Day and night")
    assert sent.status_code == 303
    place = next(each for each in rows(Elsewhere) if each.general is None)
    assert cora.fill(f"/elsewhere/{place.id}", name="Urban Peak Shelter").status_code == 303
    paper = "/houses/juniper-house/elsewhere"
    assert "Urban Peak Shelter" in cora.get(paper).text
    assert "Text 988" in cora.get(paper).text
    cora.send(cora.form(page, f"/elsewhere/{place.id}/shown"))
    cora.send(cora.form(page, f"{page}/general"))
    assert "The list is empty." in cora.get(paper).text
    assert cora.get(page).text.count("Show again") >= 2
    cora.send(cora.form(page, f"{page}/general"))
    assert "Text 988" in cora.get(paper).text


def test_the_rules_speak_spanish(app: Flask, juniper: House, browse: Browse, ana: Waiting) -> None:
    wanted = RuleWords(kind=RuleKind.AREA, words_en="Adams County", words_es="el condado de Adams")
    add_bed_rule(COMMAND, juniper.id, wanted, now=SUNDAY)
    peer = browse(Role.PEER)
    assert "Do they live here: Adams County?" in peer.get(page_of(ana)).text
    peer.post("/language", {"language": "es"})
    assert "¿Vive aquí: el condado de Adams?" in peer.get(page_of(ana)).text
