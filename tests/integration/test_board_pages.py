"""The desk and the wall: the same partials for a page and a part, drawn for whoever looks."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import COMMAND
from respite.accounts.models import Display, Membership, Person
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.guests.service.notes import leave_line
from respite.guests.service.people import Named
from respite.guests.service.staying import choose_for_wall, go_out, wish_check_in
from respite.guests.service.visits import begin_visit
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import Gathering, House
from respite.houses.service.doors import close_bed
from tests.boards import (
    DAY,
    DOORS,
    HOUR,
    MINUTE,
    TONIGHT,
    bed,
    browser,
    here,
    juniper,
    on_shift,
    saved,
    screen_of,
    session_of,
)
from tests.places import SUNDAY

BOARD = "/houses/juniper-house/board"
#: Everything about guests that no wall may show.
PRIVATE = ("Sam", "Rosa", "Jo", "by bus", "Ida", "a full week", "8 pm", "back about", "5:32", "Window", "Bo")


@pytest.fixture
def house(app: Flask) -> House:
    """The house of the pictures: somebody in each state, a visit, somebody waiting."""
    house = juniper()
    sam = here(house, "Willow", "Sam")
    go_out(COMMAND, sam.id, back_about=SUNDAY + 3 * HOUR, now=SUNDAY)
    wish_check_in(COMMAND, sam.id, "8 pm", now=SUNDAY)
    rosa = here(house, "Sage", "Rosa", nights=2)
    assert rosa.guest_id is not None
    choose_for_wall(COMMAND, rosa.guest_id, "picture", "🌻", now=SUNDAY)
    saved(house, "Cedar", "Jo", minutes=120, coming="by bus about 4")
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + 3 * DAY, reason="Window", now=SUNDAY)
    begin_visit(COMMAND, house.id, who=None, now=SUNDAY)
    add_waiting(COMMAND, house.id, who=Named("Ida"), asked=Asked("a full week"), now=SUNDAY)
    leave_line(COMMAND, house.id, "The third night I slept.", now=SUNDAY)
    on_shift(house, "Dana", "floor", -HOUR, HOUR)
    with transaction() as session:
        session.add(
            Gathering(
                house_id=house.id,
                kind="meal",
                title="Soup",
                detail="in the kitchen",
                starts_at=SUNDAY + 4 * HOUR,
                ends_at=SUNDAY + 5 * HOUR,
            )
        )
    return house


@pytest.fixture
def peer(app: Flask, house: House) -> FlaskClient:
    return browser(app, session=session_of(house, Role.PEER))


@pytest.fixture
def wall(app: Flask, house: House) -> FlaskClient:
    return browser(app, screen=screen_of(house))


def _words(page: str) -> str:
    """What a person reads on the page."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def _parts(client: FlaskClient, names: str | None = None, path: str = f"{BOARD}/parts") -> dict[str, Any]:
    answer = client.get(path, query_string={"names": names} if names is not None else {})
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.text)
    return found


def _without_keys(part: str) -> str:
    """A part without what is fresh each time it is drawn."""
    return re.sub(r'name="(csrf_token|key)" value="[^"]*"', "", part).strip()


def test_the_desk_says_what_the_house_needs_to_know(peer: FlaskClient) -> None:
    page = _words(peer.get(BOARD).text)
    for said in (
        "Sunday afternoon",
        "2 free tonight · 3 chairs free · 1 arriving · 1 waiting",
        "here, out and back about 5:32 pm",
        "Sam",
        "Until Thursday. Check-in wish: 8 pm.",
        "🌻 Rosa",
        "saved until 4:32 pm",
        "Coming: by bus about 4. Until Wednesday.",
        "closed till Wednesday",
        "Window",
        "3 of 4 chairs free",
        "Ida, a full week",
        "until 3:32 pm",
    ):
        assert said in page, said


def test_every_part_is_drawn_like_the_page_that_it_belongs_to(peer: FlaskClient, wall: FlaskClient) -> None:
    for client, path, parts in ((peer, BOARD, f"{BOARD}/parts"), (wall, "/wall", "/wall/parts")):
        page = client.get(path).text
        on_page = set(re.findall(r'data-part="([^"]+)"', page))
        answer = _parts(client, path=parts)
        assert set(answer["parts"]) == on_page == set(answer["names"])
        plain = re.sub(r"\s+", "", _without_keys(page))
        for name, part in answer["parts"].items():
            for element in re.split(r"(?=<div class=\"rail-part)", part):
                assert re.sub(r"\s+", "", _without_keys(element)) in plain, name


def test_what_needs_a_look_is_said_at_the_desk_and_never_on_the_wall(
    app: Flask, house: House, clock: StillClock
) -> None:
    clock.advance(100 * MINUTE)
    peer = browser(app, session=session_of(house, Role.PEER))
    assert "Cedar is saved until 4:32 pm. Please call Jo before then." in _words(peer.get(BOARD).text)
    assert "I called" in _words(_parts(peer, "notices")["parts"]["notices"])
    volunteer = browser(app, session=session_of(house, Role.VOLUNTEER))
    assert "call Jo" not in volunteer.get(BOARD).text
    wall = browser(app, screen=screen_of(house))
    assert "Please call" not in wall.get("/wall").text
    assert "notices" not in _parts(wall, path="/wall/parts")["parts"]


def test_only_the_parts_that_were_asked_for_come(peer: FlaskClient, house: House) -> None:
    name = f"door-{bed(house, 'Cedar').id}"
    answer = _parts(peer, f"{name},people,{name},door-nobody,layout,house-face")
    assert list(answer["parts"]) == [name, "people"]
    assert "Cedar" in answer["parts"][name]
    assert _parts(peer, "")["parts"] == {}


def test_the_wall_shows_doors_and_states_and_what_a_guest_chose(wall: FlaskClient) -> None:
    page = wall.get("/wall").text
    words = _words(page)
    assert all(name in words for name in DOORS)
    assert {"here", "free", "saved", "closed"} <= set(words.split())
    assert "🌻" in words
    assert "till Wed" in words
    assert "3 of 4 chairs free" in words
    assert "Soup" in words
    assert "The third night I slept." in words


def test_no_word_of_a_guest_reaches_the_wall(wall: FlaskClient) -> None:
    for answer in (wall.get("/wall").text, json.dumps(_parts(wall, path="/wall/parts"), ensure_ascii=False)):
        words = set(re.findall(r"\w+", answer))
        found = [private for private in PRIVATE if (private in words if private.isalpha() else private in answer)]
        assert found == []


def test_the_wall_says_nothing_where_nobody_is_on(app: Flask, house: House, clock: StillClock) -> None:
    clock.advance(2 * HOUR)
    words = _words(browser(app, screen=screen_of(house)).get("/wall").text)
    assert "Here now" not in words
    assert "obody" not in words


def test_a_screen_in_the_living_room_gets_no_doors_at_all(app: Flask, house: House) -> None:
    client = browser(app, screen=screen_of(house, face="house"))
    for answer in (client.get("/wall").text, client.get("/wall?face=doors").text, client.get("/wall/parts").text):
        assert "Willow" not in answer
        assert "Soup" in answer


def test_a_screen_that_was_hidden_for_visitors_comes_back_hidden(wall: FlaskClient) -> None:
    assert re.search(r'data-face="house" hidden', wall.get("/wall").text)
    wall.set_cookie("face", "house", path="/wall")
    page = wall.get("/wall").text
    assert re.search(r'data-face="doors" hidden', page)
    assert not re.search(r'data-face="house" hidden', page)


def test_more_than_eight_doors_are_spread_over_pages(app: Flask) -> None:
    house = juniper(tuple(f"Door {number}" for number in range(1, 12)), name="Big House")
    client = browser(app, screen=screen_of(house))
    pages = client.get("/wall").text.split('class="wall-doors"')[1:]
    assert [page.count("<article") - page.count('class="note') for page in pages] == [6, 5]
    assert "hidden" not in pages[0].split(">")[0]
    assert "hidden" in pages[1].split(">")[0]
    second = client.get("/wall?page=2").text.split('class="wall-doors"')[1:]
    assert "hidden" in second[0].split(">")[0]
    for odd in ("0", "3", "-1", "x", "9" * 400):
        assert client.get("/wall", query_string={"page": odd}).status_code == 200


def test_the_wall_is_dark_in_quiet_hours_and_speaks_the_screens_language(
    app: Flask, house: House, clock: StillClock
) -> None:
    client = browser(app, screen=screen_of(house, language="es"))
    day = client.get("/wall").text
    assert 'lang="es" data-theme="day"' in day
    assert "apartada" in day
    clock.advance(8 * HOUR)
    night = client.get("/wall").text
    assert 'data-theme="night"' in night
    assert "is-quiet" in night
    assert _parts(client, path="/wall/parts")["quiet"] is True


@pytest.mark.parametrize("role", [Role.BOARD_READER, Role.CLINICAL_ON_CALL])
def test_a_role_without_the_board_finds_nothing(app: Flask, house: House, role: Role) -> None:
    client = browser(app, session=session_of(house, role))
    assert client.get(BOARD).status_code == 404
    assert client.get(f"{BOARD}/parts").status_code == 404
    assert "No house is open to you for now" in client.get("/").text


def test_a_volunteer_sees_states_and_no_guest(app: Flask, house: House) -> None:
    client = browser(app, session=session_of(house, Role.VOLUNTEER))
    drawn = client.get(BOARD).text + json.dumps(_parts(client))
    words = set(re.findall(r"\w+", drawn))
    assert "Willow" in words
    assert "back about" not in drawn
    assert words.isdisjoint({"Sam", "Rosa", "Jo", "Ida", "bus"})
    assert "Welcome" not in words


def test_people_of_another_house_find_nothing(app: Flask, house: House) -> None:
    other = juniper(name="Bar House")
    client = browser(app, session=session_of(other, Role.DIRECTOR))
    assert client.get(BOARD).status_code == 404
    assert client.get(f"{BOARD}/parts").status_code == 404
    screen = browser(app, screen=screen_of(other))
    assert "🌻" not in screen.get("/wall").text
    assert screen.get(BOARD).status_code in (302, 303, 401)


def test_nobody_signed_in_is_asked_to_sign_in_and_a_screen_never(app: Flask, house: House) -> None:
    answer = app.test_client().get(BOARD)
    assert answer.status_code in (302, 303, 401)
    unpaired = app.test_client()
    assert unpaired.get("/wall/parts").status_code == 404
    assert "password" not in unpaired.get("/wall").text


def test_a_screen_that_was_taken_back_gets_nothing_more(app: Flask, house: House, wall: FlaskClient) -> None:
    assert wall.get("/wall/parts").status_code == 200
    with transaction() as session:
        session.query(Display).one().revoked_at = SUNDAY
    assert wall.get("/wall/parts").status_code == 404
    assert "Willow" not in wall.get("/wall").text


def test_home_leads_to_the_house_or_asks_which(app: Flask, house: House) -> None:
    one = browser(app, session=session_of(house, Role.PEER))
    assert one.get("/").headers["Location"] == BOARD
    other = juniper(name="Bar House")
    token = session_of(house, Role.PEER, name="Mei")
    with transaction() as session:
        mei = session.query(Person).filter_by(name="Mei").one()
        session.add(Membership(person_id=mei.id, house_id=other.id, role=Role.PEER, began_at=SUNDAY))
    words = browser(app, session=token).get("/").text
    assert "Juniper House" in words
    assert "Bar House" in words


def test_where_one_can_go_is_what_would_open(app: Flask, house: House) -> None:
    def offered(role: Role) -> set[str]:
        page = browser(app, session=session_of(house, role)).get(BOARD).text
        nav = page.split('<nav class="top-nav"')[1].split("</nav>")[0]
        return set(re.findall(r'href="([^"]+)"', nav))

    for role in (Role.PEER, Role.VOLUNTEER, Role.COORDINATOR):
        client = browser(app, session=session_of(house, role))
        for address in offered(role):
            assert client.get(address).status_code == 200, (role, address)
    assert BOARD in offered(Role.VOLUNTEER)


def test_the_board_reads_no_row_while_it_is_drawn(app: Flask, house: House, peer: FlaskClient) -> None:
    peer.get(BOARD)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert peer.get(f"{BOARD}/parts").status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    selects = [statement for statement in asked if statement.startswith("SELECT")]
    # The session, its person's roles twice (as rows and as rights), the house, the version.
    assert len(selects) <= 5, selects
