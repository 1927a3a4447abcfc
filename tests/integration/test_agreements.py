"""Agreements by version: read or agreed to on their page or together, new since then, and never needed."""

from __future__ import annotations

import html
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.db import db
from respite.core.errors import NotFound
from respite.guest_page.models import GuestLink
from respite.guests.errors import NotNewest
from respite.guests.models import AgreementRead, AgreementText, ReadHow, Stay, Topic
from respite.guests.policy.stay_states import EndKind, StayState
from respite.guests.service.agreements import read_together, write_version
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.houses.models import House
from respite.houses.service.guest_words import change_guest_words
from respite.houses.service.opening import open_house
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

SETTINGS = "/houses/juniper-house/settings/agreements"
HOUR = timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, now=SUNDAY)


@pytest.fixture
def robin(app: Flask, juniper: House) -> OwnPage:
    return has_a_page(juniper, "Robin")


@pytest.fixture
def dana(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.COORDINATOR})
    return Browser(app, "dana@example.org")


def write(juniper: House, words: str, spanish: str = "") -> AgreementText:
    return write_version(COMMAND, juniper.id, Topic.COMMUNITY, {"en": words, "es": spanish}, now=SUNDAY)


def reads() -> list[tuple[str, str, int]]:
    db.session.expire_all()
    rows = db.session.execute(
        sa.select(AgreementRead.how, AgreementRead.way, AgreementText.number)
        .join(AgreementText)
        .order_by(AgreementText.number)
    )
    return [(how, way, number) for how, way, number in rows]


def test_a_house_writes_them_and_each_change_is_a_version(app: Flask, juniper: House, dana: Browser) -> None:
    for words in ("Be kind.", "Be kind.", "Be kind, and quiet after ten."):
        assert dana.send(dana.form(SETTINGS), words_en=words, words_es="").status_code == 303
    texts = db.session.scalars(sa.select(AgreementText).order_by(AgreementText.number)).all()
    assert [(text.number, text.words_en) for text in texts] == [(1, "Be kind."), (2, "Be kind, and quiet after ten.")]
    assert "Version 2" in dana.get(SETTINGS).text
    wrong = dana.send(dana.form(SETTINGS), words_en="", words_es="")
    assert wrong.status_code == 422
    assert "one language at least" in wrong.text


def test_a_new_house_begins_with_shipped_words_by_one_tap_and_changes_them(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    assert "We knock, and we wait for a yes." in dana.get(SETTINGS).text
    assert "The house has written nothing down yet." in robin.opened(app).get(robin.at("agreements")).text
    begin = f"{SETTINGS}/start"
    for topic in ("community", "kept"):
        assert dana.post(begin, {"topic": topic}).status_code == 303
    mine = robin.opened(app)
    read = html.unescape(mine.get(robin.at("agreements")).text)
    assert "We knock, and we wait for a yes." in read
    assert "We never write down an illness" in read
    mine.post(robin.at("shown-in"), {"language": "es"})
    assert "Tocamos la puerta y esperamos un sí." in html.unescape(mine.get(robin.at("agreements")).text)
    page = dana.get(SETTINGS).text
    assert begin not in page, "offered where nothing stands yet, and there alone"
    assert dana.send(dana.form(SETTINGS), words_en="We knock.", words_es="Tocamos la puerta.").status_code == 303
    assert dana.post(begin, {"topic": "community"}).status_code == 412, "words of their own are not overwritten"
    assert dana.post(begin, {"topic": "police"}).status_code == 422
    newest = db.session.scalars(sa.select(AgreementText).order_by(AgreementText.number.desc())).first()
    assert newest is not None
    assert (newest.number, newest.words_en) == (2, "We knock.")


def test_read_on_their_page_in_their_language_and_seen_by_peers(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    text_id = write(juniper, "Be kind.", "Trátanos bien.").id
    mine = robin.opened(app)
    assert "Be kind." in mine.get(robin.at("agreements")).text
    form = mine.form(robin.at("agreements"), robin.at("agreements", str(text_id)))
    assert mine.send(form, how="agreed").status_code == 303
    assert reads() == [("agreed", "own-page", 1)]
    assert "You agreed to this: 2:32 pm." in mine.get(robin.at("agreements")).text
    assert "You agreed to this: 2:32 pm." in dana.get(f"/stays/{robin.stay_id}/agreements").text
    assert "Living here together, version 1" in html.unescape(mine.get(robin.at("record")).text)
    mine.post(robin.at("shown-in"), {"language": "es"})
    assert "Trátanos bien." in html.unescape(mine.get(robin.at("agreements")).text)


def test_a_new_version_says_so_and_shows_what_was_read(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    old = write(juniper, "Be kind.").id
    mine = robin.opened(app)
    mine.post(robin.at("agreements", str(old)), {"how": "read"})
    new = write(juniper, "Be kind, and quiet after ten.").id
    page = mine.get(robin.at("agreements")).text
    assert "New since you read it" in page
    assert "What you read before" in page
    assert "New since you read it" in dana.get(f"/stays/{robin.stay_id}/agreements").text
    answer = mine.post(robin.at("agreements", str(old)), {"how": "agreed"})
    assert answer.status_code == 409
    mine.post(robin.at("agreements", str(new)), {"how": "agreed"})
    assert reads() == [("read", "own-page", 1), ("agreed", "own-page", 2)]
    assert "New since you read it" not in mine.get(robin.at("agreements")).text
    mine.post(robin.at("agreements", str(new)), {"how": "none"})
    assert reads() == [("read", "own-page", 1)]


def test_read_together_at_the_welcome(app: Flask, juniper: House, robin: OwnPage, dana: Browser) -> None:
    text_id = write(juniper, "Be kind.").id
    assert f"/stays/{robin.stay_id}/agreements" in dana.get(f"/stays/{robin.stay_id}/welcome").text
    page = f"/stays/{robin.stay_id}/agreements"
    assert dana.fill(page, f"{page}/{text_id}").status_code == 303
    assert reads() == [("agreed", "together", 1)]
    assert "You agreed to this" in dana.get(page).text
    assert f"/stays/{robin.stay_id}/agreements" in dana.get(f"/stays/{robin.stay_id}").text


def test_the_rule_about_the_police_is_the_one_of_the_words_for_guests(
    app: Flask, juniper: House, robin: OwnPage, dana: Browser
) -> None:
    write_version(COMMAND, juniper.id, Topic.POLICE, now=SUNDAY)
    mine = robin.opened(app)
    assert "We ask you before we call" in html.unescape(mine.get(robin.at("agreements")).text)
    change_guest_words(COMMAND, juniper.id, {"police_en": "We never call them."}, now=SUNDAY)
    assert "Take this as the next version" in dana.get(SETTINGS).text
    assert "We never call them." not in mine.get(robin.at("agreements")).text
    assert write_version(COMMAND, juniper.id, Topic.POLICE, now=SUNDAY).number == 2
    assert "We never call them." in mine.get(robin.at("agreements")).text


def test_a_stay_needs_none_of_it_and_with_the_guest_it_goes(app: Flask, juniper: House, robin: OwnPage) -> None:
    text_id = write(juniper, "Be kind.").id
    other = has_a_page(juniper, "Ana")
    read_together(COMMAND, robin.stay_id, text_id, ReadHow.READ, now=SUNDAY)
    for page in (robin, other):
        leave(COMMAND, page.stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
        assert db.session.get_one(Stay, page.stay_id).state == StayState.LEFT
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY + HOUR)
    assert reads() == []
    assert db.session.scalars(sa.select(GuestLink).where(GuestLink.guest_id == robin.guest_id)).all() == []


def test_another_houses_text_is_not_there(app: Flask, juniper: House, robin: OwnPage) -> None:
    aspen = open_house(COMMAND, name="Aspen", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    theirs = write_version(COMMAND, aspen.id, Topic.COMMUNITY, {"en": "Hush."}, now=SUNDAY).id
    with pytest.raises(NotFound):
        read_together(COMMAND, robin.stay_id, theirs, ReadHow.READ, now=SUNDAY)
    old = write(juniper, "One.").id
    write(juniper, "Two.")
    with pytest.raises(NotNewest):
        read_together(COMMAND, robin.stay_id, old, ReadHow.READ, now=SUNDAY)
    record = json.loads(robin.opened(app).get(robin.at("record.json")).text)
    assert "agreement_read" not in {each["table"] for each in record["kept"]}
