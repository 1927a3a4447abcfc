"""Cards of places: put together, on paper, behind a link that names nobody, and by text as it was read."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

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
from respite.messaging.service.gate import Later, look
from respite.resources.cards import texting
from respite.resources.cards.errors import NotAsRead, NotToBeTexted, TextedAlready
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
