"""`/demo/phones`: texts are read and answered there, by whoever keeps a house's texts, and nowhere outside the demo."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from respite.accounts.actor import COMMAND
from respite.accounts.models import Person
from respite.accounts.roles import Role
from respite.audit.service import lock_stream
from respite.core.clock import MovableClock, StillClock, house_now
from respite.core.db import db, transaction
from respite.core.demo_clock import reader
from respite.houses.models import House
from respite.messaging import phones
from respite.messaging.models import Correspondent, Inbound, Message, SimText
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.messaging.service import sending
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import write
from tests.pages import Browser, forms_of
from tests.people import MakePerson, aspen, juniper, person, quick_hashes  # noqa: F401  (fixtures)
from tests.places import SUNDAY

SAM, JO, STRANGER = "+13035550142", "+13035550117", "+17205550100"
PAGE = "/demo/phones"


@pytest.fixture
def browser(app: Flask, juniper: House, person: MakePerson) -> Browser:  # noqa: F811
    person("dana@example.org", {juniper.id: Role.PEER})
    put(juniper, "Sam", SAM)
    return Browser(app, "dana@example.org")


def put(house: House, name: str, number: str) -> None:
    with transaction() as session:
        someone = Correspondent(
            house_id=house.id,
            kind=CorrespondentKind.GUEST,
            subject_id=uuid.uuid4(),
            number_index=number_mark(number),
            made_at=house_now(),
        )
        someone.name, someone.number = name, number
        session.add(someone)


def texted(house: House, number: str, words: str) -> None:
    """The house sends a text, and it arrives."""
    with transaction() as session:
        lock_stream(session, house.id)
        _write(session, house, number, words, house_now())
    sending.pump(house_now, hands=1)


def _write(session: Session, house: House, number: str, words: str, not_before: Any) -> None:
    write(
        session,
        house.id,
        number=number,
        purpose=Purpose.ANSWER,
        words=words,
        dedupe_key=f"test:{uuid.uuid4()}",
        not_before=not_before,
        made_by=COMMAND.ref,
        now=house_now(),
    )


def answers(browser: Browser, number: str, words: str, **more: object) -> Any:
    form = next(form for form in forms_of(browser.get(PAGE)) if form.fields.get("number") == number)
    return browser.send(form, words=words, **more)


def came_in() -> list[Inbound]:
    return list(db.session.scalars(sa.select(Inbound).order_by(Inbound.received_at)))


def test_a_text_arrives_on_its_phone(browser: Browser, juniper: House) -> None:  # noqa: F811
    assert "1 phone without texts" in browser.get(PAGE).text
    texted(juniper, SAM, "The kettle is on.")
    page = browser.get(PAGE).text
    assert "The kettle is on." in page
    assert "(303) 555-0142" in page
    assert "without texts" not in page


def test_answering_is_heard_as_a_text_from_that_number(browser: Browser, juniper: House) -> None:  # noqa: F811
    answer = answers(browser, SAM, "thank you <3")
    assert answer.status_code == 303
    assert answer.location.startswith(f"{PAGE}#phone-")
    assert "thank you &lt;3" in browser.follow(answer).text
    (inbound,) = came_in()
    assert (inbound.body, inbound.via, inbound.house_id, inbound.sent_at) == (
        "thank you <3", "simulator", juniper.id, SUNDAY,
    )  # fmt: skip
    text = db.session.scalars(sa.select(SimText)).one()
    assert (text.sid, text.to_phone) == (inbound.sid, False)


def test_a_second_tap_writes_nothing_twice(browser: Browser) -> None:
    form = next(form for form in forms_of(browser.get(PAGE)) if form.fields.get("number") == SAM)
    for _tap in range(2):
        assert browser.send(form, words="hello").status_code == 303
    assert len(came_in()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SimText)) == 1


def test_what_fails_behind_the_phone_leaves_no_half_a_text(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phones, "heard", lambda **_text: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        answers(browser, SAM, "hello")
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SimText)) == 0


def test_an_empty_text_is_said_beside_its_box_and_nothing_is_sent(browser: Browser) -> None:
    answer = answers(browser, SAM, "  ")
    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") == 1
    assert came_in() == []


def test_somebody_new_writes_to_a_house(browser: Browser, juniper: House) -> None:  # noqa: F811
    page = browser.follow(answers(browser, STRANGER, "is there room?")).text
    assert "is there room?" in page
    assert "wrote by themselves" in page
    assert [inbound.house_id for inbound in came_in()] == [juniper.id]
    numbers = {form.fields.get("number") for form in forms_of(browser.get(PAGE))}
    assert {SAM, STRANGER, "+17205550101"} <= numbers


def test_somebody_new_writes_to_the_house_that_was_chosen(
    app: Flask, browser: Browser, juniper: House, aspen: House, person: MakePerson  # noqa: F811
) -> None:  # fmt: skip
    person("luis@example.org", {juniper.id: Role.PEER, aspen.id: Role.PEER})
    luis = Browser(app, "luis@example.org")
    answers(luis, STRANGER, "to aspen", house=str(aspen.id))
    assert [inbound.house_id for inbound in came_in()] == [aspen.id]
    assert "to aspen" in luis.get(PAGE).text
    assert "to aspen" not in browser.get(PAGE).text


def test_another_house_s_phones_are_not_there(
    app: Flask, browser: Browser, juniper: House, aspen: House, person: MakePerson  # noqa: F811
) -> None:  # fmt: skip
    put(aspen, "Quetzal", JO)
    texted(aspen, JO, "A canary.")
    page = browser.get(PAGE).text
    assert "Quetzal" not in page
    assert "A canary." not in page
    form = next(form for form in forms_of(browser.get(PAGE)) if form.fields.get("number") == SAM)
    assert browser.send(form, number=JO, words="hello").status_code in (404, 422)
    assert browser.send(form, number=JO, words="hello", house=str(juniper.id)).status_code == 404
    assert browser.send(form, number=STRANGER, words="hello", house=str(aspen.id)).status_code == 422
    assert came_in() == []


def test_a_phone_that_two_houses_know_shows_each_its_own_texts(
    app: Flask, browser: Browser, juniper: House, aspen: House, person: MakePerson, clock: StillClock  # noqa: F811
) -> None:  # fmt: skip
    put(aspen, "Sam", SAM)
    texted(juniper, SAM, "From Juniper.")
    clock.advance(timedelta(minutes=1))
    texted(aspen, SAM, "From Aspen.")
    answers(browser, SAM, "to whoever wrote last")  # which is Aspen
    page = browser.get(PAGE).text
    assert "From Juniper." in page
    assert "From Aspen." not in page
    assert "to whoever wrote last" not in page
    person("luis@example.org", {juniper.id: Role.PEER, aspen.id: Role.PEER})
    both = Browser(app, "luis@example.org").get(PAGE).text
    assert all(words in both for words in ("From Juniper.", "From Aspen.", "to whoever wrote last"))


def test_who_keeps_no_texts_sees_no_phone(
    app: Flask, browser: Browser, juniper: House, person: MakePerson  # noqa: F811
) -> None:  # fmt: skip
    texted(juniper, SAM, "A canary.")
    person("vera@example.org", {juniper.id: Role.VOLUNTEER})
    vera = Browser(app, "vera@example.org")
    page = vera.get(PAGE)
    assert page.status_code == 200
    assert "A canary." not in page.text
    assert "Sam" not in page.text
    sent = vera.post(PAGE, {"number": SAM, "words": "hello", "house": str(juniper.id)})
    assert sent.status_code in (404, 422)
    assert came_in() == []


def test_a_stop_is_said_on_the_phone(browser: Browser) -> None:
    answers(browser, SAM, "STOP")
    sending.pump(house_now, hands=1)
    page = browser.get(PAGE).text
    assert "This number asked for no more texts." in page
    assert "Reply START to come back." in page


def test_the_parts_say_nothing_until_something_looks_different(browser: Browser, juniper: House) -> None:  # noqa: F811
    texted(juniper, SAM, "One.")
    first = browser.get(f"{PAGE}/parts").json
    assert first["names"] == sorted(["clock", *(name for name in first["names"] if name.startswith("phone-"))])
    assert browser.get(f"{PAGE}/parts?mark={first['mark']}").status_code == 204
    texted(juniper, SAM, "Two.")
    again = browser.get(f"{PAGE}/parts?mark={first['mark']}")
    assert again.status_code == 200
    assert again.json["names"] == first["names"]
    assert any("Two." in html for html in again.json["parts"].values())


def test_a_silent_phone_that_gets_its_first_text_has_another_name(browser: Browser, juniper: House) -> None:  # noqa: F811
    before = browser.get(f"{PAGE}/parts").json["names"]
    texted(juniper, SAM, "One.")
    after = browser.get(f"{PAGE}/parts").json["names"]
    assert [name.partition("-")[0] for name in before if name != "clock"] == ["silent"]
    assert [name.partition("-")[0] for name in after if name != "clock"] == ["phone"]


def test_many_texts_are_counted_and_the_newest_shown(
    browser: Browser, juniper: House, clock: StillClock  # noqa: F811
) -> None:  # fmt: skip
    for n in range(15):
        clock.advance(timedelta(minutes=1))
        texted(juniper, SAM, f"Text number {n}.")
    page = browser.get(PAGE).text
    assert "3 earlier texts" in page
    assert "Text number 2." not in page
    assert "Text number 3." in page
    assert page.index("Text number 3.") < page.index("Text number 14.")


def test_skipping_ahead_to_the_next_text_comes_back_here(app: Flask, browser: Browser, juniper: House) -> None:  # noqa: F811
    app.extensions["respite.clock"] = MovableClock(reader(app))
    due = house_now() + timedelta(days=2, hours=3)
    with transaction() as session:
        lock_stream(session, juniper.id)
        _write(session, juniper, SAM, "Two days on.", due)
    form = next(form for form in forms_of(browser.get(PAGE)) if "Skip to the next text" in form.buttons)
    answer = browser.send(form)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Two days on." in browser.follow(answer).text
    message = db.session.scalars(sa.select(Message)).one()
    assert message.state == "delivered"
    assert timedelta(0) <= house_now() - due < timedelta(seconds=30)


def test_there_are_no_phones_in_a_real_house_or_beside_a_real_provider(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "/demo/phones" in browser.get("/demo").text
    with monkeypatch.context() as patch:
        patch.setitem(app.extensions, "respite.gateway", object())
        for answer in (browser.get(PAGE), browser.get(f"{PAGE}/parts"), browser.post(PAGE, {"number": SAM})):
            assert answer.status_code == 404
        assert "/demo/phones" not in browser.get("/demo").text
    settings = app.extensions["respite.settings"]
    monkeypatch.setitem(app.extensions, "respite.settings", replace(settings, mode="production"))
    assert browser.get(PAGE).status_code == 404


def test_in_spanish(app: Flask, juniper: House, person: MakePerson) -> None:  # noqa: F811
    someone = person("ana@example.org", {juniper.id: Role.PEER})
    with transaction() as session:
        session.get_one(Person, someone).language = "es"
    assert "Los teléfonos de la demostración" in Browser(app, "ana@example.org").get(PAGE).text


def test_the_times_are_those_of_the_phone(browser: Browser, juniper: House, clock: StillClock) -> None:  # noqa: F811
    texted(juniper, SAM, "Now.")
    assert "2:32 pm" in browser.get(PAGE).text
    clock.advance(timedelta(days=3))
    assert "Sunday 2:32 pm" in browser.get(PAGE).text
