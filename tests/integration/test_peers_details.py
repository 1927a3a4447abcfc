"""What peers say of themselves, from their own page to the text that reaches them."""

from __future__ import annotations

import logging
import uuid
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import lock_stream
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging.models import Consent, Correspondent, Message
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.policy.consent_words import sentence, version_of
from respite.messaging.purposes import PEER_PURPOSES, Purpose
from respite.messaging.service import reading
from respite.messaging.service.writing import write
from respite.staffing.models import Peer, PeerWord, Shift
from respite.staffing.policy.peer_words import WordKind
from respite.staffing.service.texting import reachable
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import says

NUMBER, OTHER = "+13035550171", "+13035550172"
PAGE = "/me/details/juniper-house"
WORDS = "/houses/juniper-house/settings/peer-words"


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


def told(browser: Browser, number: str = "303 555 0171", purposes: tuple[Purpose, ...] = (), **more: object) -> None:
    """Fill the phone's form as a person does, ticks and all."""
    form = browser.form(PAGE, f"{PAGE}/phone")
    form.fields.setlist("purposes", [str(each) for each in purposes])
    answer = browser.send(form, number=number, **more)
    assert answer.status_code == 303, answer.text[-3000:]


def as_correspondent(sam: uuid.UUID) -> Correspondent:
    db.session.rollback()
    return db.session.scalars(sa.select(Correspondent).where(Correspondent.subject_id == sam)).one()


def standing() -> dict[str, Consent]:
    db.session.rollback()
    return {each.purpose: each for each in db.session.scalars(sa.select(Consent).where(Consent.ended_at.is_(None)))}


def word(juniper: House, kind: WordKind, name: str) -> uuid.UUID:
    with transaction() as session:
        made = PeerWord(house_id=juniper.id, kind=kind, name=name)
        session.add(made)
    return made.id


def test_one_house_is_gone_to_at_once(browser: Browser) -> None:
    assert browser.get("/me/details").location == PAGE


def test_number_hours_and_each_yes_are_given_by_oneself(juniper: House, sam: uuid.UUID, browser: Browser) -> None:
    page = browser.get(PAGE).text
    for purpose in PEER_PURPOSES:
        assert sentence(purpose, "en", "Juniper House").split("{")[0][:60] in page
    told(browser, purposes=(Purpose.SHIFTS, Purpose.DUTY), hours_from="10:00", hours_until="21:30")
    person = as_correspondent(sam)
    assert (person.kind, person.number, person.name) == (CorrespondentKind.PEER, NUMBER, "Sam")
    assert (person.hours_from, person.hours_until) == (time(10), time(21, 30))
    found = standing()
    assert set(found) == {Purpose.SHIFTS, Purpose.DUTY}
    for purpose, consent in found.items():
        assert (consent.method, consent.wording) == ("web", version_of(Purpose(purpose)))
        assert consent.recorded_by == f"person:{sam}"
    assert reachable(db.session(), juniper.id, sam, Purpose.DUTY)
    assert not reachable(db.session(), juniper.id, sam, Purpose.READ_SOON)


def test_neither_log_nor_event_holds_a_number_or_a_name(
    sam: uuid.UUID, browser: Browser, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        told(browser, purposes=(Purpose.DUTY, Purpose.READ_SOON))
        browser.fill(PAGE, f"{PAGE}/known", pronouns="quetzal", others="Quetzalish")
        browser.post(f"{PAGE}/phone", {"number": "303 555 01711"})
    db.session.rollback()
    events = " ".join(db.session.scalars(sa.select(Event.data)))
    said = caplog.text + " ".join(capfd.readouterr()) + events
    assert not [each for each in ("5550171", "555-0171", "555 0171", "Sam", "uetzal") if each in said]


def test_a_tick_taken_away_counts_at_once_and_calls_back_what_waits(sam: uuid.UUID, browser: Browser) -> None:
    told(browser, purposes=(Purpose.SHIFTS,))
    waits = waiting_text(sam, Purpose.SHIFTS)
    told(browser, purposes=())
    assert not standing()
    db.session.rollback()
    assert db.session.get_one(Message, waits).state == "canceled"


def test_another_number_asks_anew_for_each_yes(sam: uuid.UUID, browser: Browser) -> None:
    told(browser, purposes=(Purpose.SHIFTS, Purpose.DUTY))
    told(browser, "303 555 0172", purposes=(Purpose.DUTY,))
    assert as_correspondent(sam).number == OTHER
    assert set(standing()) == {Purpose.DUTY}
    assert standing()[Purpose.DUTY].number_index == as_correspondent(sam).number_index


def test_no_number_and_a_tick_is_said_beside_the_number(browser: Browser) -> None:
    form = browser.form(PAGE, f"{PAGE}/phone")
    form.fields.setlist("purposes", [Purpose.DUTY])
    answer = browser.send(form, number="")
    assert answer.status_code == 422
    assert "take the ticks away" in answer.text
    assert not standing()


def test_a_number_that_asked_for_no_more_says_so(sam: uuid.UUID, browser: Browser) -> None:
    told(browser, purposes=(Purpose.DUTY,))
    says("STOP", NUMBER)
    form = browser.form(PAGE, f"{PAGE}/phone")
    assert "START from the phone itself" in browser.get(PAGE).text
    form.fields.setlist("purposes", [Purpose.DUTY, Purpose.SHIFTS])
    answer = browser.send(form)
    assert answer.status_code == 409
    assert "no more texts" in answer.text
    assert Purpose.SHIFTS not in standing()


def test_an_older_page_is_answered_with_how_it_stands(browser: Browser) -> None:
    told(browser)
    form = browser.form(PAGE, f"{PAGE}/phone")
    told(browser, hours_from="11:00")
    answer = browser.send(form, hours_from="12:00")
    assert answer.status_code in (409, 412)
    assert "It says now: 11:00" in answer.text


def test_who_is_on_call_is_asked_to_read_by_what_they_said_on_their_page(
    app: Flask, clock: StillClock, juniper: House, sam: uuid.UUID, browser: Browser
) -> None:
    told(browser, purposes=(Purpose.READ_SOON,))
    with transaction() as session:
        session.add(
            Shift(
                house_id=juniper.id,
                person_id=sam,
                kind="on-call",
                starts_at=SUNDAY - timedelta(hours=1),
                ends_at=SUNDAY + timedelta(hours=9),
                published_at=SUNDAY,
            )
        )
    with transaction() as session:
        lock_stream(session, juniper.id)
        reading.raise_soon(session, juniper.id, "words", SUNDAY)
    db.session.rollback()
    asked = db.session.scalars(sa.select(Message).where(Message.purpose == Purpose.READ_SOON)).one()
    assert (asked.number, asked.state) == (NUMBER, "queued")
    assert asked.correspondent_id == as_correspondent(sam).id


def test_a_new_name_for_a_title_is_at_once_on_every_page(juniper: House, browser: Browser, lead: Browser) -> None:
    assert lead.fill(WORDS, WORDS, name="Peer companion").status_code == 303
    db.session.rollback()
    title = db.session.scalars(sa.select(PeerWord)).one()
    assert browser.fill(PAGE, f"{PAGE}/known", title=title.id, pronouns="they").status_code == 303
    assert "Peer companion" in browser.get("/houses/juniper-house/colleagues").text
    answer = lead.fill(WORDS, f"/peer-words/{title.id}", name="House companion")
    for page in (browser.get("/houses/juniper-house/colleagues"), browser.get(PAGE)):
        assert "House companion" in page.text
        assert "Peer companion" not in page.text
    undo(lead, answer)
    assert "Peer companion" in browser.get("/houses/juniper-house/colleagues").text


def test_a_title_off_the_list_is_nobodys_and_comes_back_by_undo(
    juniper: House, browser: Browser, lead: Browser
) -> None:
    title = word(juniper, WordKind.TITLE, "Guide")
    browser.fill(PAGE, f"{PAGE}/known", title=title)
    gone = lead.fill(WORDS, f"/peer-words/{title}/off")
    assert "Guide" not in browser.get("/houses/juniper-house/colleagues").text
    undo(lead, gone)
    assert "Guide" in browser.get("/houses/juniper-house/colleagues").text


def test_languages_are_those_of_the_list_and_any_other(sam: uuid.UUID, browser: Browser) -> None:
    form = browser.form(PAGE, f"{PAGE}/known")
    form.fields.setlist("languages", ["ase", "es"])
    assert browser.send(form, others="Hopi, spanish, English").status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Peer)).one().languages == ["en", "es", "ase", "Hopi"]
    assert "American Sign Language" in browser.get("/houses/juniper-house/colleagues").text


def test_wishes_are_kept_and_an_empty_one_is_the_houses(sam: uuid.UUID, browser: Browser) -> None:
    browser.fill(PAGE, f"{PAGE}/wishes", hours=24, nights=2, rest="", no_nights_until="2026-12-24", asked_until="21:00")
    db.session.rollback()
    peer = db.session.scalars(sa.select(Peer)).one()
    assert (peer.wanted_minutes, peer.most_nights_in_a_row, peer.least_rest_minutes) == (1440, 2, None)
    assert str(peer.no_nights_until) == "2026-12-24"
    assert (peer.asked_until, peer.on_call_willing) == (time(21), True)


def test_what_is_shared_is_sealed_and_ends_everywhere_at_once(
    juniper: House, sam: uuid.UUID, browser: Browser, lead: Browser
) -> None:
    veteran = word(juniper, WordKind.SHARE, "veteran")
    browser.fill(PAGE, f"{PAGE}/shares", shares=veteran)
    db.session.rollback()
    raw = db.session.execute(sa.text("SELECT shares_sealed FROM peer")).scalar_one()
    assert veteran.bytes not in bytes(raw)
    assert str(veteran).encode() not in bytes(raw)
    pages = ("/houses/juniper-house/colleagues", f"/houses/juniper-house/people/{sam}", "/houses/juniper-house/people")
    assert all("veteran" not in lead.get(page).text for page in pages)
    browser.fill(PAGE, f"{PAGE}/shares", colleagues="yes")
    assert "veteran" in lead.get(pages[0]).text
    assert "veteran" in lead.get(pages[1]).text
    browser.fill(PAGE, f"{PAGE}/shares", shares=None)
    assert all("veteran" not in lead.get(page).text for page in pages)
    db.session.rollback()
    assert db.session.scalars(sa.select(Peer.shares_sealed)).one() is None
    told_of = db.session.scalars(sa.select(Event).where(Event.kind == "staffing.peer.changed")).all()
    assert told_of
    assert all(event.data == "{}" for event in told_of)


def test_whoever_keeps_shifts_sees_how_to_call_and_keeps_the_contract(
    sam: uuid.UUID, browser: Browser, lead: Browser
) -> None:
    told(browser, hours_from="10:00")
    page = f"/houses/juniper-house/people/{sam}"
    assert "(303) 555-0171" in lead.get(page).text
    assert lead.fill(page, hours=32).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Peer.most_minutes)).one() == 32 * 60
    assert browser.get(page).status_code == 404
    assert "555-0171" not in browser.get("/houses/juniper-house/colleagues").text


def test_another_house_knows_nothing_of_it(app: Flask, sam: uuid.UUID, aspen: House, person: MakePerson) -> None:
    person("there@example.org", {aspen.id: Role.DIRECTOR}, "Ty")
    there = Browser(app, "there@example.org")
    assert there.get(f"/houses/aspen-house/people/{sam}").status_code == 404
    assert there.get(PAGE).status_code == 404


def waiting_text(sam: uuid.UUID, purpose: Purpose) -> uuid.UUID:
    person = as_correspondent(sam)
    with transaction() as session:
        return write(
            session,
            person.house_id,
            number=person.number,
            purpose=purpose,
            words="The kettle is on.",
            dedupe_key=uuid.uuid4().hex,
            made_by="clock",
            correspondent_id=person.id,
            now=SUNDAY + timedelta(hours=2),
        ).id


def undo(browser: Browser, answer: TestResponse) -> None:
    form = next(each for each in forms_of(browser.follow(answer)) if "Undo" in each.buttons)
    assert browser.send(form).status_code == 303
