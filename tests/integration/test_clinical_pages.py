"""The clinical on-call: paged about one thing, sees that and nothing else, and every look is written down."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from respite.accounts.roles import Role
from respite.audit.models import AccessLog
from respite.core.due import sweep
from respite.core.errors import Invalid, NotFound
from respite.guests.models import Stay
from respite.guests.service.arriving import welcome_new
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.people import Named
from respite.houses.models import Bed
from respite.messaging.models import Message
from respite.staffing.models import ClinicalPage
from respite.staffing.service import paging
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.watches import MINUTE, Night

WORDS = "Ida would like to talk with somebody tonight"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def ward(night: Night) -> Night:
    night.joins("vera", Role.CLINICAL_ON_CALL)
    night.joins("xeno", Role.CLINICAL_ON_CALL)
    return night


@pytest.fixture
def stay(ward: Night) -> Stay:
    (bed,) = rows(Bed, Bed.house_id == ward.house.id)
    return welcome_new(ward.ana, ward.house.id, who=Named("Ida"), nights=2, bed_id=bed.id, now=SUNDAY)


def ask(ward: Night, stay: Stay | None = None, **changed: Any) -> ClinicalPage:
    wanted: dict[str, Any] = {
        "words": WORDS, "stay_id": stay.id if stay else None, "guest_asked": "yes" if stay else None, "now": SUNDAY,
    }  # fmt: skip
    return paging.page(ward.ana, ward.house.id, **(wanted | changed))


def test_the_guest_is_asked_before_or_told(ward: Night, stay: Stay) -> None:
    with pytest.raises(Invalid) as wrong:
        ask(ward, stay, guest_asked=None)
    assert "guest_asked" in wrong.value.fields
    assert ask(ward, stay, guest_asked="told").guest_id == stay.guest_id


def test_a_stay_of_another_house_is_nobody_s_to_page_about(ward: Night) -> None:
    with pytest.raises(NotFound):
        ask(ward, None, stay_id=uuid.uuid4(), guest_asked="yes")


def test_one_after_another_is_asked_until_somebody_has_it(ward: Night) -> None:
    ask(ward)
    assert ward.texts("page") == [("vera", "page")]
    ward.goes_by(SUNDAY, SUNDAY + 9 * MINUTE)
    assert len(ward.texts("page")) == 1
    ward.goes_by(SUNDAY + 10 * MINUTE, SUNDAY + 10 * MINUTE)
    assert ward.texts("page")[-1] == ("xeno", "page")
    ward.says("xeno", "yes", SUNDAY + 12 * MINUTE)
    assert ward.texts()[-1] == ("xeno", "answer-looks-after")
    ward.goes_by(SUNDAY + 13 * MINUTE, SUNDAY + 60 * MINUTE)
    assert ward.texts("page-unanswered") == []


def test_where_nobody_has_it_the_leads_are_told_once(ward: Night) -> None:
    ask(ward)
    ward.goes_by(SUNDAY, SUNDAY + 90 * MINUTE)
    assert ward.texts("page-unanswered") == [("eli", "page-unanswered")]


def test_no_asks_the_next_at_once(ward: Night) -> None:
    ask(ward)
    ward.says("vera", f"N{ward.code('vera')}", SUNDAY + MINUTE)
    assert ward.texts("page")[-1] == ("xeno", "page")


def test_a_text_holds_a_link_and_no_word_of_it(ward: Night, stay: Stay) -> None:
    ask(ward, stay)
    for message in rows(Message, Message.template == "page"):
        assert "Ida" not in message.body
        assert "/pages/" in message.body


def test_who_has_it_alone_can_open_it_and_only_while_it_is_open(ward: Night) -> None:
    row = ask(ward)
    with pytest.raises(NotFound):
        paging.acknowledge(ward.xeno, row.id, now=SUNDAY)  # not paged yet
    ward.goes_by(SUNDAY + 10 * MINUTE, SUNDAY + 10 * MINUTE)
    paging.acknowledge(ward.xeno, row.id, now=SUNDAY + 11 * MINUTE)
    with pytest.raises(NotFound):
        paging.acknowledge(ward.vera, row.id, now=SUNDAY + 12 * MINUTE)
    paging.end_page(ward.xeno, row.id, now=SUNDAY + 20 * MINUTE)
    with pytest.raises(NotFound):
        paging.acknowledge(ward.xeno, row.id, now=SUNDAY + 21 * MINUTE)


def test_the_words_go_a_week_after_the_end(ward: Night) -> None:
    row = ask(ward)
    paging.end_page(ward.ana, row.id, now=SUNDAY)
    sweep(SUNDAY + timedelta(days=6, hours=23))
    assert rows(ClinicalPage)[0].words == WORDS
    sweep(SUNDAY + timedelta(days=7))
    assert rows(ClinicalPage)[0].words is None


def test_the_words_go_with_the_guest_s_record(ward: Night, stay: Stay) -> None:
    ask(ward, stay)
    leave(ward.ana, stay.id, now=SUNDAY + timedelta(hours=1))
    assert stay.guest_id is not None
    erase_guest(ward.eli, stay.guest_id, now=SUNDAY + timedelta(hours=2))
    (row,) = rows(ClinicalPage)
    assert (row.words, row.guest_id, row.stay_id, row.guest_asked) == (None, None, None, None)


def test_what_they_see_of_the_house_is_that_page(app: Flask, ward: Night, stay: Stay, person: MakePerson) -> None:
    """A psychiatrist's login cannot list guests."""
    person("aaron@example.org", {ward.house.id: Role.CLINICAL_ON_CALL}, "Aaron")
    row = ask(ward, stay)
    other = ask(ward, words="Another thing")
    browser = app.test_client()
    sign_in(browser, "aaron@example.org")
    for path in ("board", "board/parts", "beds", "waiting", "texts", "shifts", "people", "page"):
        assert browser.get(f"/houses/juniper-house/{path}").status_code == 404, path
    assert browser.get(f"/stays/{stay.id}").status_code == 404
    assert "Ida" not in browser.get("/pages").get_data(as_text=True)
    assert rows(AccessLog, AccessLog.what == "page") == []
    for looks in (1, 2):
        page = browser.get(f"/pages/{row.id}")
        assert page.status_code == 200
        assert WORDS in page.get_data(as_text=True)
        seen = rows(AccessLog, AccessLog.what == "page")
        assert [each.subject for each in seen] == [stay.guest_id] * looks
    paging.end_page(ward.ana, other.id, now=SUNDAY)
    assert browser.get(f"/pages/{other.id}").status_code == 404
    assert browser.post(f"/pages/{row.id}/over").status_code == 303
    assert browser.get(f"/pages/{row.id}").status_code == 404


def test_somebody_who_was_not_paged_sees_no_page(app: Flask, ward: Night, person: MakePerson) -> None:
    row = ask(ward)
    person("zoe@example.org", {ward.house.id: Role.CLINICAL_ON_CALL}, "Zoe")
    browser = app.test_client()
    sign_in(browser, "zoe@example.org")
    assert browser.get(f"/pages/{row.id}").status_code == 404
    assert rows(AccessLog, AccessLog.what == "page") == []


def test_the_stay_s_card_says_it(app: Flask, ward: Night, stay: Stay, person: MakePerson) -> None:
    person("lea@example.org", {ward.house.id: Role.PEER}, "Lea")
    browser = app.test_client()
    sign_in(browser, "lea@example.org")
    assert "Ask the clinical on-call" in browser.get(f"/stays/{stay.id}").get_data(as_text=True)
    form = browser.get(f"/houses/juniper-house/page?stay={stay.id}").get_data(as_text=True)
    assert "was told, since a life is at risk" in form
    sent = browser.post(
        "/houses/juniper-house/page", data={"stay": str(stay.id), "guest_asked": "told", "words": WORDS}
    )
    assert sent.status_code == 303
    card = browser.get(f"/stays/{stay.id}").get_data(as_text=True)
    assert "the guest was told, since a life is at risk" in card
    board = browser.get("/houses/juniper-house/board").get_data(as_text=True)
    assert "The clinical on-call was asked" in board
    assert WORDS not in board
