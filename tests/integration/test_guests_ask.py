"""What guests ask and suggest: answered in words, on both screens; an idea without a name is joined to nobody."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.models import Answered
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db
from respite.guests.models import GuestAsk, NamelessIdea
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.full_house import database_digest
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

HOUSE_ASKS = "/houses/juniper-house/asks"


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
def peer(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("pat@example.org", {juniper.id: Role.PEER})
    return Browser(app, "pat@example.org")


def ids(model: type[GuestAsk] | type[NamelessIdea]) -> list[str]:
    db.session.expire_all()
    return [str(each) for each in db.session.scalars(sa.select(model.id))]


def test_asked_taken_and_answered_on_both_screens(app: Flask, robin: OwnPage, peer: Browser) -> None:
    mine = robin.opened(app)
    assert mine.fill(robin.at("asks"), words="A second blanket, please.", kind="request").status_code == 303
    assert "No answer yet." in mine.get(robin.at("asks")).text
    assert "A second blanket, please." in peer.get(HOUSE_ASKS).text
    (ask_id,) = ids(GuestAsk)
    assert peer.fill(HOUSE_ASKS, f"/asks/{ask_id}/take").status_code == 303
    assert "You see to it." in peer.get(HOUSE_ASKS).text
    assert "Somebody sees to it." in mine.get(robin.at("asks")).text
    assert peer.fill(HOUSE_ASKS, f"/asks/{ask_id}/answer", words="It's on your bed.").status_code == 303
    for page in (mine.get(robin.at("asks")), peer.get(HOUSE_ASKS)):
        assert "It's on your bed." in html.unescape(page.text)
    assert "thing that a guest asks" not in peer.get("/houses/juniper-house/board").text


def test_an_answer_needs_words_and_what_was_typed_stays(app: Flask, robin: OwnPage, peer: Browser) -> None:
    mine = robin.opened(app)
    mine.fill(robin.at("asks"), words="Tea?", kind="request")
    (ask_id,) = ids(GuestAsk)
    answer = peer.fill(HOUSE_ASKS, f"/asks/{ask_id}/answer", words="x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in answer.text
    wrong = mine.fill(robin.at("asks"), words="", kind="suggestion")
    assert wrong.status_code == 422
    assert "Please fill this in." in wrong.text


def test_two_who_answer_at_once_do_not_overwrite_each_other(app: Flask, robin: OwnPage, peer: Browser) -> None:
    robin.opened(app).fill(robin.at("asks"), words="Tea?", kind="request")
    (ask_id,) = ids(GuestAsk)
    form = peer.form(HOUSE_ASKS, f"/asks/{ask_id}/answer")
    peer.fill(HOUSE_ASKS, f"/asks/{ask_id}/answer", words="In the kitchen.")
    again = peer.send(form, words="There is none.")
    assert again.status_code in (409, 412)
    db.session.expire_all()
    assert db.session.scalars(sa.select(GuestAsk)).one().answer == "In the kitchen."


def test_an_idea_without_a_name_is_joined_to_nobody(app: Flask, juniper: House, robin: OwnPage, peer: Browser) -> None:
    ana = has_a_page(juniper, "Ana")
    mine, other = robin.opened(app), ana.opened(app)
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    before = database_digest(("nameless_idea", "page_session.seen_at"))
    assert mine.fill(robin.at("asks"), words="Quieter doors.", kind="nameless").status_code == 303
    assert other.fill(ana.at("asks"), words="A piano.", kind="nameless").status_code == 303
    # Nothing but the ideas themselves has changed: no event, no kept answer, nothing beside a guest.
    assert database_digest(("nameless_idea", "page_session.seen_at")) == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == events
    assert db.session.scalars(sa.select(Answered)).all() == []
    columns = {column.name for column in NamelessIdea.__table__.columns}
    assert columns == {"id", "house_id", "month", "words_sealed"}
    stored = [str(each) for each in db.session.scalars(sa.text("SELECT id FROM nameless_idea"))]
    assert stored == sorted(stored), "rows lie in the order of their ids, not in that of sending"
    page = peer.get(HOUSE_ASKS).text
    assert "Quieter doors." in page
    assert "A piano." in page
    assert "Quieter doors." not in mine.get(robin.at("record")).text


def test_the_same_form_twice_is_one_idea_and_read_takes_its_words(app: Flask, robin: OwnPage, peer: Browser) -> None:
    mine = robin.opened(app)
    form = mine.form(robin.at("asks"))
    for _ in range(2):
        assert mine.send(form, words="Quieter doors.", kind="nameless").status_code == 303
    (idea_id,) = ids(NamelessIdea)
    assert peer.fill(HOUSE_ASKS, f"/ideas/{idea_id}/done").status_code == 303
    assert ids(NamelessIdea) == []


def test_another_idea_from_the_same_form_is_another_idea(app: Flask, robin: OwnPage) -> None:
    mine = robin.opened(app)
    form = mine.form(robin.at("asks"))
    for words in ("Quieter doors.", "A piano.", "A piano."):
        assert mine.send(form, words=words, kind="nameless").status_code == 303
    assert sorted(row.words for row in db.session.scalars(sa.select(NamelessIdea))) == ["A piano.", "Quieter doors."]


def test_with_the_guest_goes_what_they_asked(app: Flask, robin: OwnPage, peer: Browser) -> None:
    mine = robin.opened(app)
    mine.fill(robin.at("asks"), words="Tea?", kind="request")
    mine.fill(robin.at("asks"), words="A piano.", kind="nameless")
    leave(COMMAND, robin.stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY + timedelta(hours=1))
    assert ids(GuestAsk) == []
    assert len(ids(NamelessIdea)) == 1


def test_nothing_of_it_is_on_a_wall_or_in_the_log(app: Flask, robin: OwnPage, peer: Browser) -> None:
    robin.opened(app).fill(robin.at("asks"), words="Tea?", kind="request")
    asked = db.session.scalars(sa.select(Event).where(Event.kind == "guest.ask.made")).one()
    assert asked.data == '{"what":"request"}'
