"""The pages of promises: the desk, the house's list, one promise, a guest's card, one's own page."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import COMMAND
from respite.accounts.models import Person
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.errors import Invalid
from respite.guest_page.service.links import give_link
from respite.guests.models import Stay
from respite.houses.models import House
from respite.promises.models import Promise
from respite.promises.service.acts import let_go
from tests.boards import HOUR, MINUTE, browser, here, juniper, screen_of, session_of, token_for
from tests.pages import Browser, forms_in
from tests.people import MakePerson
from tests.places import SUNDAY

BOARD = "/houses/juniper-house/board"
LIST = "/houses/juniper-house/promises"
WORDS = "Find the marmalade"


@pytest.fixture
def house(app: Flask) -> House:
    return juniper(("Willow", "Aspen"))


@pytest.fixture
def stay(house: House) -> Stay:
    return here(house, "Willow", "Sam")


@pytest.fixture
def dana(app: Flask, house: House, person: MakePerson) -> Browser:
    person("dana@example.org", {house.id: Role.PEER})
    return Browser(app, "dana@example.org")


@pytest.fixture
def luis(app: Flask, house: House, person: MakePerson) -> Browser:
    person("luis@example.org", {house.id: Role.PEER}, "Luis")
    return Browser(app, "luis@example.org")


def gives(who: Browser, **typed: object) -> Promise:
    """Somebody writes the line on the desk."""
    answer = who.send(who.form(BOARD, LIST), words=WORDS, **typed)
    assert (answer.status_code, answer.location) == (303, BOARD)
    return the_one()


def the_one() -> Promise:
    db.session.rollback()
    return db.session.scalars(sa.select(Promise).execution_options(populate_existing=True)).one()


def id_of(name: str) -> Any:
    return db.session.scalar(sa.select(Person.id).where(Person.name == name))


def part_of(client: FlaskClient) -> str:
    answer = client.get(f"{BOARD}/parts", query_string={"names": "promises"})
    return str(answer.json["parts"].get("promises", ""))  # type: ignore[index]


# -- the desk ---------------------------------------------------------------------------------------------------


def test_a_line_on_the_desk_is_a_promise_and_one_tap_ends_it(dana: Browser, luis: Browser) -> None:
    promise = gives(dana, day="2026-11-22", at="16:00")
    assert (promise.owner_id, promise.due_at) == (id_of("Dana"), SUNDAY + 88 * MINUTE)
    page = luis.get(BOARD)
    assert WORDS in page.text
    assert "4 pm" in page.text
    done = luis.send(luis.form(BOARD, f"/promises/{promise.id}/kept"))
    assert done.location == BOARD
    said = luis.follow(done)
    assert "Done. Thank you." in said.text
    assert WORDS not in said.text
    assert (the_one().state, the_one().ended_by) == ("kept", f"person:{id_of('Luis')}")
    undo = next(form for form in forms_in(said.text, BOARD) if form.action == f"/promises/{promise.id}/open")
    luis.send(undo)
    assert the_one().state == "open"


def test_a_promise_just_given_is_taken_back_words_and_all(dana: Browser) -> None:
    promise = gives(dana)
    dana.get(BOARD)  # which says the first with its own Undo
    answer = dana.send(dana.form(BOARD, LIST), words="Another one")
    undo = [form for form in forms_in(dana.follow(answer).text, BOARD) if form.action.endswith("/taken-back")]
    assert len(undo) == 1
    assert str(promise.id) not in undo[0].action
    dana.send(undo[0])
    assert the_one().id == promise.id


def test_late_is_an_amber_word_and_the_part_moves_by_itself(
    app: Flask, house: House, dana: Browser, clock: StillClock
) -> None:
    gives(dana, at="15:00")
    peer = browser(app, session=session_of(house, Role.PEER, "Mei"))
    assert "due" not in part_of(peer)
    clock.at = SUNDAY + HOUR
    late = part_of(peer)
    assert "was for 3 pm" in late
    assert 'class="promise-when due"' in late
    assert "<svg" in late
    assert f"Late: {WORDS}" in late


def test_the_desk_shows_eight_and_says_how_many_more(dana: Browser) -> None:
    for number in range(10):
        dana.send(dana.form(BOARD, LIST), words=f"Promise {number}")
    page = dana.get(BOARD).text
    assert page.count('class="promise"') == 8
    assert "and 2 more" in page


def test_who_sees_no_guests_sees_no_promise(app: Flask, house: House, dana: Browser, stay: Stay) -> None:
    promise = gives(dana)
    dana.fill(f"/stays/{stay.id}/promises/new", words="Lend the marmalade spoon")
    for role in (Role.VOLUNTEER, Role.CLINICAL_ON_CALL, Role.BOARD_READER):
        client = browser(app, session=session_of(house, role, role.value))
        assert "marmalade" not in client.get(BOARD).text
        assert "marmalade" not in client.get(f"{BOARD}/parts").text
        assert client.get(LIST).status_code == 404
        assert client.get(f"/promises/{promise.id}").status_code == 404
        assert "marmalade" not in client.get("/me").text
    for face in ("doors", "house"):
        screen = browser(app, screen=screen_of(house, face=face))
        assert "marmalade" not in screen.get("/wall").text
        assert "marmalade" not in json.dumps(screen.get("/wall/parts").json)
    for role in (Role.PEER, Role.DIRECTOR):
        told = app.test_client().get(
            "/api/v1/houses/juniper-house/board", headers={"Authorization": f"Bearer {token_for(house, role)}"}
        )
        assert told.status_code == 200
        assert "marmalade" not in told.text
        assert "promise" not in told.text


# -- the list and one promise -----------------------------------------------------------------------------------


def test_nothing_typed_is_lost(dana: Browser) -> None:
    refused = dana.fill(LIST, words=WORDS, day="2026-11-22", at="09:00")
    assert refused.status_code == 422
    form = next(form for form in forms_in(refused.text, LIST) if form.action == LIST)
    assert (form.fields["words"], form.fields["at"], form.fields["day"]) == (WORDS, "09:00", "2026-11-22")
    assert "This time is over." in refused.text
    too_long = dana.fill(LIST, words="x" * 141)
    assert too_long.status_code == 422
    assert "x" * 141 in too_long.text
    nobody = dana.fill(LIST, words=WORDS, owner="00000000-0000-0000-0000-000000000001")
    assert nobody.status_code == 422
    assert "This cannot go to them just now" in nobody.text


def test_tonight_after_midnight_is_the_morning_after(dana: Browser, clock: StillClock) -> None:
    gives(dana, day="2026-11-22", at="01:30")
    assert the_one().due_at == SUNDAY + 10 * HOUR + 58 * MINUTE


def test_the_same_form_twice_is_one_promise(dana: Browser) -> None:
    form = dana.form(BOARD, LIST)
    first, second = dana.send(form, words=WORDS), dana.send(form, words=WORDS)
    assert (first.status_code, second.status_code) == (303, 303)
    assert the_one().words == WORDS


def test_it_is_handed_on_moved_and_both_are_undone(dana: Browser, luis: Browser) -> None:
    promise = gives(dana)
    page = f"/promises/{promise.id}"
    handed = dana.fill(page, f"{page}/owner", owner=str(id_of("Luis")))
    assert the_one().owner_id == id_of("Luis")
    said = dana.follow(handed)
    assert "It is with Luis now." in said.text
    assert WORDS in luis.get("/me").text
    assert WORDS not in dana.get("/me").text
    dana.send(next(f for f in forms_in(said.text, page) if f.action == f"{page}/owner" and "Undo" in f.buttons))
    assert the_one().owner_id == id_of("Dana")
    moved = dana.fill(page, f"{page}/when", day="2026-11-24", at="")
    assert the_one().by_day
    said = dana.follow(moved)
    assert "Tuesday" in dana.get(BOARD).text
    dana.send(next(f for f in forms_in(said.text, page) if f.action == f"{page}/when" and "Undo" in f.buttons))
    assert the_one().due_at is None


def test_a_promise_that_moved_on_is_told_to_the_second(dana: Browser, luis: Browser) -> None:
    promise = gives(dana)
    page = f"/promises/{promise.id}"
    old = luis.form(page, f"{page}/kept")
    older = luis.form(page, f"{page}/owner")
    dana.fill(page, f"{page}/owner", owner="")
    stale = luis.send(old)
    assert stale.status_code == 412
    assert luis.send(older, owner="me").status_code == 412
    dana.fill(page, f"{page}/kept")
    again = luis.send(luis.form(LIST), words="Mine") and luis.send(old)
    assert again.status_code == 409
    assert "Somebody was faster" in again.text


def test_what_was_done_lately_stands_below_with_who_and_when(dana: Browser) -> None:
    promise = gives(dana)
    dana.fill(f"/promises/{promise.id}", f"/promises/{promise.id}/let-go")
    page = dana.get(LIST).text
    assert "In the last seven days" in page
    assert "let go 2:32 pm" in page
    one = dana.get(f"/promises/{promise.id}").text
    assert "Open it again" in one
    assert "Dana" in one


# -- a guest's card ---------------------------------------------------------------------------------------------


def test_a_guest_is_promised_something_in_two_taps(dana: Browser, stay: Stay) -> None:
    assert f"/stays/{stay.id}/promises/new" in dana.get(BOARD).text
    dana.fill(f"/stays/{stay.id}/promises/new", words=WORDS, day="leaving", owner="")
    promise = the_one()
    assert (promise.subject_kind, promise.subject_id, promise.owner_id) == ("guest", stay.guest_id, None)
    assert promise.due_at is not None
    assert promise.due_at.date() == stay.until
    card = dana.get(f"/stays/{stay.id}").text
    assert WORDS in card
    assert "whoever is on" in card
    assert "for Sam" in dana.get(BOARD).text
    refused = dana.fill(f"/stays/{stay.id}/promises/new", words="", day="2026-11-23")
    assert refused.status_code == 422
    form = next(f for f in forms_in(refused.text, f"/stays/{stay.id}/promises/new") if "words" in f.fields)
    assert form.fields["day"] == "2026-11-23"


def test_in_spanish(app: Flask, house: House, dana: Browser) -> None:
    gives(dana, at="15:00")
    client = browser(app, session=session_of(house, Role.PEER, "Sol", language="es"))
    page = client.get(BOARD).text
    assert "Lo que prometimos" in page
    assert "15:00" in page


# -- a word to whom it was for ----------------------------------------------------------------------------------


def test_let_go_with_a_word_that_its_guest_reads(dana: Browser, stay: Stay) -> None:
    dana.send(dana.form(f"/stays/{stay.id}/promises/new"), words=WORDS)
    promise = the_one()
    page = f"/promises/{promise.id}"
    refused = dana.send(dana.form(page, f"{page}/let-go"), word="x" * 281)
    assert refused.status_code == 422
    assert "x" * 281 in refused.text
    assert the_one().state == "open"
    dana.send(dana.form(page, f"{page}/let-go"), word="The shop has none; plum jam is in the kitchen.")
    assert (the_one().state, the_one().word) == ("let-go", "The shop has none; plum jam is in the kitchen.")
    assert "plum jam" in dana.get(page).text
    again = dana.send(dana.form(page, f"{page}/open"))
    assert (the_one().state, the_one().word_sealed) == ("open", None)
    # Kept nowhere, and not typed in vain: the form has it still.
    form = next(form for form in forms_in(again.text, page) if form.action == f"{page}/let-go")
    assert form.fields["word"] == "The shop has none; plum jam is in the kitchen."
    assert "They have no link to their page now." in dana.get(page).text
    give_link(COMMAND, stay.guest_id, "a-token-of-theirs", now=SUNDAY)
    assert "They read it on their page, beside what we said." in dana.get(page).text


def test_a_word_to_nobody_is_refused(dana: Browser) -> None:
    promise = gives(dana)
    with pytest.raises(Invalid) as wrong:
        let_go(COMMAND, promise.id, "Sorry", now=SUNDAY)
    assert list(wrong.value.fields or ()) == ["word"]
    assert the_one().state == "open"
