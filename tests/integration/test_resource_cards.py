"""Cards of places: put together, on paper, behind a link that names nobody, and by text as it was read."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound
from respite.guests.models import Guest
from respite.guests.policy.stay_states import EndKind
from respite.guests.service import texting as guest_texts
from respite.guests.service.leaving import Ending, leave
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import Wishes
from respite.messaging.service.erasing import forget_numbers
from respite.messaging.service.gate import End, Go, Later, look
from respite.messaging.service.ground import number_mark
from respite.messaging.service.stopping import stop_number
from respite.resources.cards import texting
from respite.resources.cards.errors import NotAsRead, NotToBeTexted, TextedAlready, TextedOften
from respite.resources.cards.models import ResourceCard, ResourceCardPlace
from respite.resources.cards.service import LASTS, MOST, link_of, make, throw_away_old
from respite.resources.models import Service
from respite.resources.policy import Status
from tests.directories import DENVER, Directory
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows

DAY = timedelta(days=1)
PHONE = "+13035550155"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def pat(juniper: House, person: MakePerson) -> Actor:
    return Actor(ActorKind.PERSON, person("pat@example.org", {juniper.id: Role.PEER}, "Pat"), {juniper.id: Role.PEER})


@pytest.fixture
def three(app: Flask) -> list[uuid.UUID]:
    """Checked lately, long ago, and never."""
    directory = Directory()
    return [
        directory.plant("Elm Pantry", at=DENVER, phone="+13035550111", assured_date=SUNDAY.date() - 30 * DAY),
        directory.plant("Depression clinic", assured_date=date(2025, 3, 4)),
        directory.plant("New Pantry"),
    ]


def path_of(link: str) -> str:
    return "/c/" + link.rsplit("/c/", 1)[1]


def has_left(house: House) -> OwnPage:
    """Nobody texts a guest who is here."""
    robin = has_a_page(house, "Robin", PHONE)
    leave(COMMAND, robin.stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
    return robin


def says_yes(robin: OwnPage, language: str = "es") -> None:
    wishes = Wishes(True, language, time(0), time(0), "America/Denver")
    guest_texts.change_wishes(COMMAND, robin.guest_id, wishes, now=SUNDAY)
    guest_texts.give_consent(COMMAND, robin.guest_id, Purpose.CONNECTIONS, PHONE, "in-person", now=SUNDAY)


def test_from_a_few_words_to_a_page_that_says_nothing_about_anybody(
    app: Flask, juniper: House, pat: Actor, three: list[uuid.UUID], clock: StillClock
) -> None:
    elm, clinic, new = three
    staff = Browser(app, "pat@example.org")
    assert f"/resources/card?service={elm}" in staff.get(f"/resources/services/{elm}").text
    found = html.unescape(staff.get(f"/resources/card?service={elm}&q=pantri").text)
    assert f"/resources/card?service={elm}&service={new}" in found
    assert (staff.post("/resources/card", {}).status_code, rows(ResourceCard)) == (422, [])
    made = staff.post("/resources/card", {"service": [str(each) for each in (elm, clinic, new)]})
    assert made.status_code == 303
    assert made.location is not None
    (card,) = rows(ResourceCard)
    link = link_of(card.id)
    assert f'href="{link}"' in html.unescape(staff.get(made.location).text)
    sheet = staff.get(f"/resources/cards/{card.id}/sheet").text
    nobody = app.test_client()
    answer = nobody.get(path_of(link))
    for page in (answer.text, sheet):
        assert page.index("Elm Pantry") < page.index("Depression clinic") < page.index("New Pantry")
        for mark in ("checked 23 October", "not checked since 4 March 2025", "not checked yet", "1 Elm Street"):
            assert mark in page, mark
        assert re.findall(r"<title>(.*?)</title>", page) == ["Places and numbers"]
        assert not any(word in page for word in ("Juniper", "Respite", "Pat"))
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    spanish = nobody.get(f"{path_of(link)}?in=es")
    assert 'lang="es"' in spanish.text
    assert "Set-Cookie" not in spanish.headers
    with transaction() as session:
        session.get_one(Service, elm).status = Status.DEFUNCT
    assert "No longer in the directory" in nobody.get(path_of(link)).text
    for wrong in (path_of(link)[:-1] + ("A" if link[-1] != "A" else "B"), f"/c/{card.id}", "/c/x"):
        missing = nobody.get(wrong)
        assert (missing.status_code, "Pantry" in missing.text, "Set-Cookie" in missing.headers) == (404, False, False)
        assert "Respite" not in missing.text
    clock.at = SUNDAY + LASTS
    assert nobody.get(path_of(link)).status_code == 404
    assert throw_away_old() == 1
    assert rows(ResourceCardPlace) == []


def test_what_was_read_is_what_is_texted_and_only_with_a_yes(
    app: Flask, juniper: House, pat: Actor, three: list[uuid.UUID]
) -> None:
    robin, staff = has_left(juniper), Browser(app, "pat@example.org")
    card = make(pat, juniper.id, three, now=SUNDAY)
    page = f"/stays/{robin.stay_id}/cards/{card.id}"
    assert f"/resources/card?stay={robin.stay_id}" in html.unescape(staff.get(f"/stays/{robin.stay_id}").text)
    assert page in staff.get(f"/resources/cards/{card.id}?stay={robin.stay_id}").text
    assert "did not say yes to texts" in staff.get(page).text
    with pytest.raises(NotToBeTexted):
        texting.text(pat, card.id, robin.guest_id, "x", now=SUNDAY)
    says_yes(robin)
    preview = html.unescape(staff.get(page).text)
    words = preview.split("data-text>", 1)[1].split("</pre>", 1)[0]
    assert link_of(card.id) in words
    assert not any(name in words for name in ("clinic", "Pantry"))
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', preview)
    assert mark is not None
    says_yes(robin, "en")  # other words would leave now
    with pytest.raises(NotAsRead):
        texting.text(pat, card.id, robin.guest_id, mark[1], now=SUNDAY)
    assert rows(Message, Message.template == "connection") == []
    says_yes(robin, "es")
    assert staff.post(page, {"mark": mark[1]}).status_code == 303
    (message,) = rows(Message, Message.template == "connection")
    assert (message.body, message.purpose, message.made_by, message.language) == (words, "connections", pat.ref, "es")
    with pytest.raises(TextedAlready):
        texting.text(pat, card.id, robin.guest_id, mark[1], now=SUNDAY)
    told = [each for each in rows(Event) if each.kind.startswith("resource.card.")]
    assert [each.kind for each in told] == ["resource.card.made", "resource.card.texted"]
    assert not any(str(robin.guest_id) in each.data or "Robin" in each.data for each in told)
    guest_texts.take_consent_back(pat, robin.guest_id, Purpose.CONNECTIONS, now=SUNDAY)
    db.session.rollback()
    assert rows(Message, Message.template == "connection")[0].state in ("canceled", "suppressed")


def test_a_second_card_of_a_day_waits_for_the_next(juniper: House, pat: Actor, three: list[uuid.UUID]) -> None:
    robin = has_left(juniper)
    says_yes(robin)
    texts = []
    for each in three[:2]:
        card = make(pat, juniper.id, [each], now=SUNDAY)
        words = texting.words_of(db.session(), card, robin_of(robin))
        assert words is not None
        texts.append(texting.text(pat, card.id, robin.guest_id, texting.mark_of(words), now=SUNDAY).id)
    with transaction() as session:
        session.execute(sa.update(Message).where(Message.id == texts[0]).values(state="sent", posted_at=SUNDAY))
    verdict = look(db.session(), db.session.get_one(Message, texts[1]), SUNDAY + timedelta(hours=1))
    assert isinstance(verdict, Later)


def robin_of(page: OwnPage) -> Guest:
    return db.session.get_one(Guest, page.guest_id)


def test_what_stands_against_a_card(
    app: Flask, juniper: House, aspen: House, pat: Actor, three: list[uuid.UUID], person: MakePerson
) -> None:
    directory = Directory("more")
    many = [directory.plant(f"Place {n}") for n in range(MOST + 1)]
    for wrong in ([], many):
        with pytest.raises(Invalid):
            make(pat, juniper.id, wrong, now=SUNDAY)
    with pytest.raises(NotFound):
        make(pat, juniper.id, [uuid.uuid4()], now=SUNDAY)
    with pytest.raises(NotFound):
        make(pat, aspen.id, three, now=SUNDAY)
    robin = has_left(juniper)
    says_yes(robin)
    theirs = make(COMMAND, aspen.id, three, now=SUNDAY)  # a card of another house is none of ours
    staff = Browser(app, "pat@example.org")
    assert staff.get(f"/resources/cards/{theirs.id}").status_code == 404
    assert staff.get(f"/stays/{robin.stay_id}/cards/{theirs.id}").status_code == 404
    with pytest.raises(NotFound):
        texting.text(pat, theirs.id, robin.guest_id, "x", now=SUNDAY)
    person("nell@example.org", {juniper.id: Role.VOLUNTEER}, "Nell")
    assert Browser(app, "nell@example.org").get("/resources/card").status_code == 404


# -- to somebody who is on the phone now -----------------------------------------------------------------------------

CALLER = "(303) 555-0177"


def sent_to_caller(staff: Browser, card_id: uuid.UUID, language: str = "en", **more: str) -> TestResponse:
    """The form as it is read now, and sent."""
    page = f"/resources/cards/{card_id}/text"
    marks = dict(re.findall(r'name="(mark-[a-z]+)" value="([0-9a-f]{64})"', staff.get(page).text))
    return staff.post(page, {"number": CALLER, "language": language, "said_yes": "yes", **marks, **more})


def test_a_caller_has_the_card_by_text_at_once_and_nothing_of_them_stays(
    app: Flask, juniper: House, pat: Actor, three: list[uuid.UUID], clock: StillClock
) -> None:
    clock.at = night = SUNDAY.replace(hour=9)  # two at night in Denver
    staff, card = Browser(app, "pat@example.org"), make(pat, juniper.id, three, now=night)
    page = f"/resources/cards/{card.id}/text"
    assert page in staff.get(f"/resources/cards/{card.id}").text
    read = html.unescape(staff.get(page).text)
    unasked = sent_to_caller(staff, card.id, said_yes="")
    assert (unasked.status_code, "Please ask them first" in unasked.text) == (422, True)
    assert sent_to_caller(staff, card.id, number="303").status_code == 422
    assert sent_to_caller(staff, card.id, **{"mark-es": "0" * 64}, language="es").status_code == 409
    assert rows(Message) == []
    assert sent_to_caller(staff, card.id, "es").status_code == 303
    (text,) = rows(Message)
    assert (text.purpose, text.number, text.correspondent_id) == (Purpose.CARD, "+13035550177", None)
    assert text.body is not None
    assert text.body in read
    assert link_of(card.id) in text.body
    assert isinstance(look(db.session(), text, night), Go)  # they ask for it now, so now it is
    assert isinstance(look(db.session(), text, night + timedelta(hours=1)), End)
    assert sent_to_caller(staff, card.id, number="303 555 0178").status_code == 409
    assert len(rows(Message)) == 1
    (told,) = (event for event in rows(Event) if event.kind == "resource.card.texted")
    assert "0177" not in told.data
    with transaction() as session:
        session.execute(sa.update(Message).values(state="delivered", next_at=None))
    assert forget_numbers(night + DAY) == 0
    assert forget_numbers(night + DAY + timedelta(seconds=1)) == 1
    (text,) = rows(Message)
    assert (text.number, text.body) == (None, None)


def test_a_number_that_asked_for_no_more_has_no_card_by_text(
    app: Flask, juniper: House, pat: Actor, three: list[uuid.UUID]
) -> None:
    staff = Browser(app, "pat@example.org")
    card, later = (make(pat, juniper.id, three, now=SUNDAY) for _each in range(2))
    assert sent_to_caller(staff, card.id).status_code == 303
    with transaction() as session:
        stop_number(session, number_mark("+13035550177"), source="stop", said_at=SUNDAY, now=SUNDAY)
    (text,) = rows(Message)
    assert isinstance(look(db.session(), text, SUNDAY), End)
    refused = sent_to_caller(staff, later.id)
    assert (refused.status_code, "asked for no more texts" in refused.text) == (409, True)
    assert len(rows(Message)) == 1


def test_so_many_cards_an_hour_and_no_more(
    app: Flask, juniper: House, pat: Actor, three: list[uuid.UUID], clock: StillClock
) -> None:
    def send() -> None:
        card = make(pat, juniper.id, three[:1], now=clock.at)
        mark = texting.mark_of(texting.words_for_caller(db.session(), card, "en"))
        texting.text_caller(pat, card.id, "+13035550177", "en", mark, now=clock.at)

    for _each in range(texting.MOST_AN_HOUR):
        send()
    with pytest.raises(TextedOften):
        send()
    clock.at += timedelta(hours=1)
    send()


def test_only_whoever_keeps_texts_in_the_house_of_the_card_sends_it(
    app: Flask, juniper: House, aspen: House, person: MakePerson, pat: Actor, three: list[uuid.UUID]
) -> None:
    card = make(pat, juniper.id, three, now=SUNDAY)
    person("other@example.org", {aspen.id: Role.DIRECTOR}, "Other")
    other = Browser(app, "other@example.org")
    assert other.get(f"/resources/cards/{card.id}/text").status_code == 404
    assert other.post(f"/resources/cards/{card.id}/text", {"number": CALLER}).status_code == 404
