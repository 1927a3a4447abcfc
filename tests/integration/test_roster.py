"""The roster as it is read and served: bars, free counts, what can be done from it, and for whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.board.roster import Bar, BarKind, DoorRow, Free, Roster
from respite.board.roster_bars import Viewer, roster_of
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.due import sweep
from respite.guests.errors import SomebodyBehindTheDoor
from respite.guests.models import Stay
from respite.guests.service.leaving import leave
from respite.guests.service.moving import extend, move
from respite.guests.service.staying import choose_for_wall
from respite.houses.errors import BedTaken
from respite.houses.models import Bed, BedNight, House
from respite.houses.queries import beds_of
from respite.houses.service.doors import close_bed, open_bed_again
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.boards import DAY, HOUR, TONIGHT, bed, here, juniper, saved
from tests.people import MakePerson, person, quick_hashes, sign_in  # noqa: F401
from tests.places import SUNDAY

STAFF = Viewer(names=True, role=Role.COORDINATOR)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return juniper()


@pytest.fixture
def come_in(app: Flask, house: House, person: MakePerson) -> Callable[..., FlaskClient]:  # noqa: F811
    def come(role: Role = Role.COORDINATOR) -> FlaskClient:
        person(f"{role}@example.org", {house.id: role})
        browser = app.test_client()
        sign_in(browser, f"{role}@example.org")
        return browser

    return come


def roster(
    house: House, first: date | None = None, nights: int = 30, viewer: Viewer = STAFF, **at: timedelta
) -> Roster:
    db.session.expire_all()
    return roster_of(house, first, nights, viewer, SUNDAY + at.get("later", timedelta()))


def row(drawn: Roster, door: str) -> DoorRow:
    return next(one for one in drawn.rows if one.name == door)


def bars(drawn: Roster, door: str) -> list[Bar]:
    return [piece for piece in row(drawn, door).pieces if isinstance(piece, Bar)]


def only(drawn: Roster, door: str) -> Bar:
    (bar,) = bars(drawn, door)
    return bar


def doors_of(drawn: Roster, rows: tuple[int, ...]) -> list[str]:
    return [drawn.rows[place].name for place in rows]


# -- what is drawn ---------------------------------------------------------------------------------------------


def test_each_stay_and_closure_is_one_bar_over_its_nights(house: House) -> None:
    sam = here(house, "Willow", "Sam", nights=4)
    kim = saved(house, "Sage", "Kim", nights=7, first_night=TONIGHT + 3 * DAY)
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + 3 * DAY, reason="window", now=SUNDAY)
    drawn = roster(house)
    found = {(door, bar.kind, bar.name or bar.reason, bar.column, bar.span, bar.claim_id) for door in
             ("Willow", "Sage", "Fern") for bar in bars(drawn, door)}  # fmt: skip
    assert {facts[:5] for facts in found} == {
        ("Willow", BarKind.HERE, "Sam", 0, 4),
        ("Sage", BarKind.SAVED, "Kim", 3, 7),
        ("Fern", BarKind.CLOSED, "window", 0, 3),
    }
    assert {sam.id, kim.id} < {facts[5] for facts in found}
    assert all(isinstance(piece, Free) for piece in row(drawn, "Aspen").pieces)


def test_a_bar_that_began_before_the_window_says_so_and_keeps_its_first_night(house: House) -> None:
    here(house, "Willow", nights=4)
    bar = only(roster(house, TONIGHT + 2 * DAY), "Willow")
    assert (bar.column, bar.span, bar.began_before, bar.goes_on) == (0, 2, True, False)
    assert (bar.first, bar.last) == (TONIGHT, TONIGHT + 3 * DAY)


def test_nights_after_the_leaving_day_are_a_bar_of_their_own(house: House) -> None:
    sam = here(house, "Willow", "Sam", nights=1)
    drawn = roster(house, later=DAY)
    bar = only(drawn, "Willow")
    assert (bar.kind, bar.past_leaving, bar.first, bar.span) == (BarKind.HERE, True, TONIGHT + DAY, 1)
    assert (row(drawn, "Willow").leaving, row(drawn, "Willow").leaver) == (sam.until, "Sam")
    assert drawn.free[0] == 5, "somebody behind the door has it tonight, whatever was agreed"
    sweep(SUNDAY + DAY + 12 * HOUR)
    planned, past = bars(roster(house, TONIGHT, later=2 * DAY), "Willow")
    assert (planned.past_leaving, planned.span, planned.goes_on, planned.ends_here) == (False, 1, True, False)
    assert (past.past_leaving, past.span, past.began_before) == (True, 2, True)


def test_a_saved_bed_that_had_to_give_way_needs_a_door_and_names_those_that_are_free(house: House) -> None:
    here(house, "Willow", "Sam", nights=1)
    saved(house, "Willow", "Kim", nights=2, first_night=TONIGHT + DAY, minutes=10_080)
    saved(house, "Aspen", "Al", nights=9 - 2, first_night=TONIGHT + 2 * DAY, minutes=10_080)
    sweep(SUNDAY + DAY + 12 * HOUR)
    drawn = roster(house, later=DAY + 12 * HOUR)
    (kim,) = drawn.without_door
    (bar,) = [piece for piece in kim.pieces if isinstance(piece, Bar)]
    assert (kim.name, bar.kind, bar.column, bar.span) == ("Kim", BarKind.SAVED, 0, 2)
    assert doors_of(drawn, bar.moves_to) == ["Sage", "Cedar", "Lark", "Fern"]


def test_a_saved_bed_whose_time_is_over_is_free_though_nobody_swept(house: House) -> None:
    saved(house, "Willow", minutes=60)
    assert bars(roster(house), "Willow") != []
    drawn = roster(house, later=HOUR)
    assert (bars(drawn, "Willow"), drawn.free[0]) == ([], 6)


def test_who_left_or_moved_leaves_their_nights_behind_and_nothing_to_be_done_there(house: House) -> None:
    sam = here(house, "Willow", "Sam", nights=4)
    move(COMMAND, sam.id, bed(house, "Aspen").id, now=SUNDAY + DAY)
    drawn = roster(house, TONIGHT, later=DAY)
    old, new = only(drawn, "Willow"), only(drawn, "Aspen")
    assert (old.kind, old.span, old.standing, old.moves_to) == (BarKind.WAS, 1, False, ())
    assert (new.kind, new.column, new.span, new.standing) == (BarKind.HERE, 1, 3, True)
    leave(COMMAND, sam.id, now=SUNDAY + 2 * DAY)
    drawn = roster(house, TONIGHT, later=2 * DAY)
    assert [only(drawn, door).kind for door in ("Willow", "Aspen")] == [BarKind.WAS, BarKind.WAS]
    assert row(drawn, "Aspen").getting_ready


def test_a_closure_that_was_opened_again_leaves_only_its_past_nights(house: House) -> None:
    fern = bed(house, "Fern").id
    closure = close_bed(COMMAND, fern, first_night=TONIGHT, until=TONIGHT + 5 * DAY, reason="", now=SUNDAY)
    assert only(roster(house), "Fern").standing
    open_bed_again(COMMAND, closure.id, now=SUNDAY + 2 * DAY)
    bar = only(roster(house, TONIGHT, later=2 * DAY), "Fern")
    assert (bar.span, bar.standing) == (2, False)


# -- what can be done ------------------------------------------------------------------------------------------


def test_a_stay_can_move_to_exactly_the_doors_that_take_it(house: House) -> None:
    sam = here(house, "Willow", "Sam", nights=4)
    saved(house, "Aspen", "Al", nights=1, first_night=TONIGHT + 3 * DAY)
    saved(house, "Sage", "Kim", nights=2, first_night=TONIGHT + 4 * DAY)
    here(house, "Cedar", "Bo", nights=0)
    drawn = roster(house)
    offered = doors_of(drawn, only(drawn, "Willow").moves_to)
    assert offered == ["Sage", "Lark", "Fern"]
    for door in offered:
        move(COMMAND, sam.id, bed(house, door).id, now=SUNDAY)
    for door in ("Aspen", "Cedar"):
        with pytest.raises((BedTaken, SomebodyBehindTheDoor)):
            move(COMMAND, sam.id, bed(house, door).id, now=SUNDAY)


def test_more_nights_are_offered_as_far_as_rules_and_door_leave_them_and_to_whom_may_grant_them(house: House) -> None:
    sam = here(house, "Willow", "Sam", nights=2)
    saved(house, "Willow", "Kim", nights=2, first_night=TONIGHT + 4 * DAY)
    assert only_here(roster(house)).more_nights == 2, "Kim has the night after"
    assert only_here(roster(house, viewer=Viewer(True, Role.PEER))).more_nights == 0, "a coordinator answers it"
    extend(COMMAND, sam.id, 1, now=SUNDAY)
    assert only_here(roster(house)).more_nights == 0, "made longer as often as the rules allow"
    change_rules(COMMAND, house.id, {"extensions_most": 3, "longest_stay": 3}, number_seen=None, now=SUNDAY)
    assert only_here(roster(house)).more_nights == 0, "the longest stay is reached"


def only_here(drawn: Roster) -> Bar:
    return next(bar for bar in bars(drawn, "Willow") if bar.kind == BarKind.HERE)


# -- counts ----------------------------------------------------------------------------------------------------


def test_free_counts_are_those_of_the_database_for_every_night(house: House) -> None:
    here(house, "Willow", "Sam", nights=4)
    saved(house, "Sage", "Kim", nights=7, first_night=TONIGHT + 3 * DAY)
    saved(house, "Aspen", "Al", nights=4, first_night=TONIGHT + 5 * DAY)
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT + DAY, until=TONIGHT + 9 * DAY, reason="", now=SUNDAY)
    drawn = roster(house)
    rows = db.session.execute(sa.select(BedNight.night, sa.func.count()).group_by(BedNight.night))
    taken = {night: count for night, count in rows}  # noqa: C416
    doors = db.session.scalar(sa.select(sa.func.count()).select_from(Bed))
    assert drawn.free == tuple(doors - taken.get(night, 0) for night in drawn.nights)


@contextmanager
def counted() -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            said.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", hear)


def test_it_is_read_with_six_queries_however_much_there_is(house: House) -> None:
    for place, door in enumerate(("Willow", "Aspen", "Sage", "Cedar", "Lark")):
        here(house, door, f"Guest {place}", nights=2 + place)
        saved(house, door, f"Next {place}", nights=3, first_night=TONIGHT + 8 * DAY)
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + 9 * DAY, reason="", now=SUNDAY)
    house_again = db.session.get_one(House, house.id)
    with counted() as said:
        drawn = roster_of(house_again, None, 30, STAFF, SUNDAY)
    assert len(said) <= 6, said
    assert sum(len(bars(drawn, one.name)) for one in drawn.rows) == 11


def test_the_page_of_twelve_doors_stays_under_100_kb(app: Flask, person: MakePerson) -> None:  # noqa: F811
    big = open_house(COMMAND, name="Big", kind="respite", timezone="America/Denver", beds=12, chairs=0, now=SUNDAY)
    for one in beds_of(db.session(), big.id)[:4]:
        here(big, one.name, f"Guest {one.name}", nights=5)
    person("dana@example.org", {big.id: Role.COORDINATOR})
    browser = app.test_client()
    sign_in(browser, "dana@example.org")
    page = browser.get("/houses/big/beds")
    assert page.status_code == 200
    assert len(page.data) < 100_000


# -- the page --------------------------------------------------------------------------------------------------


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_bars_are_read_aloud_with_door_guest_state_and_nights(
    house: House, come_in: Callable[..., FlaskClient]
) -> None:
    sam = here(house, "Willow", "Sam", nights=4)
    assert sam.guest_id is not None
    choose_for_wall(COMMAND, sam.guest_id, "picture", "🌻", now=SUNDAY)
    saved(house, "Sage", "Kim", nights=7, first_night=TONIGHT + 3 * DAY)
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + DAY, reason="window", now=SUNDAY)
    page = come_in().get("/houses/juniper-house/beds").text
    assert "Willow, Sam, here, 22 to 25 November" in page
    assert "Sage, Kim, saved until 6:32 pm, 25 November to 1 December" in page
    assert "Fern, window, closed, 22 November" in page
    assert "Sam 🌻" in page
    assert "For someone new: A full stay of 7 nights is open from tonight." in text_of(page)
    spanish = come_in(Role.SUPERVISOR)
    spanish.set_cookie("language", "es")
    with db.session.begin():
        db.session.execute(sa.text("UPDATE person SET language = 'es'"))
    assert "Willow, Sam, aquí, del 22 al 25 de noviembre" in spanish.get("/houses/juniper-house/beds").text


def test_free_nights_from_tonight_on_lead_to_saving_them(house: House, come_in: Callable[..., FlaskClient]) -> None:
    here(house, "Willow", nights=4)
    dana = come_in()
    page = dana.get(f"/houses/juniper-house/beds?from={TONIGHT - 3 * DAY}").text
    willow, aspen = bed(house, "Willow").id, bed(house, "Aspen").id
    links = re.findall(rf'href="/beds/{aspen}/save\?first_night=([\d-]+)&amp;nights=1"', page)
    assert links == [str(TONIGHT + n * DAY) for n in range(27)]
    first = re.search(rf'href="/beds/{willow}/save\?first_night=([\d-]+)', page)
    assert first is not None
    assert first[1] == str(TONIGHT + 4 * DAY)
    assert dana.get(f"/beds/{aspen}/save?first_night={TONIGHT + DAY}&nights=1").status_code == 200


def test_who_may_not_see_guests_sees_bars_without_names_and_without_ways(
    house: House, come_in: Callable[..., FlaskClient]
) -> None:
    stay = here(house, "Willow", "Sam", nights=1)
    page = come_in(Role.VOLUNTEER).get("/houses/juniper-house/beds").text
    assert "Willow, here, 22 November" in page
    for kept in ("Sam", str(stay.id), "/save", "/move", "data-version-of"):
        assert kept not in page
    parts = come_in(Role.DIRECTOR).get("/houses/juniper-house/beds/parts").json
    assert "Sam" in parts["parts"]["roster"]


def test_who_may_not_see_the_board_sees_no_roster(
    app: Flask, house: House, come_in: Callable[..., FlaskClient]
) -> None:
    here(house, "Willow", "Sam")
    reader, stranger = come_in(Role.BOARD_READER), app.test_client()
    for path in ("", "/parts", "/print"):
        assert reader.get(f"/houses/juniper-house/beds{path}").status_code == 404
        assert "Willow" not in stranger.get(f"/houses/juniper-house/beds{path}").text


@pytest.mark.parametrize("wrong", ["from=yesterday", "from=2026-02-30", "from=" + "9" * 400, "from=%00", "nights=31"])
def test_a_wish_that_cannot_be_read_is_answered_in_words(
    house: House, come_in: Callable[..., FlaskClient], wrong: str
) -> None:
    dana = come_in()
    for path in ("", "/parts", "/print"):
        answer = dana.get(f"/houses/juniper-house/beds{path}?{wrong}")
        assert answer.status_code == 422
        assert "This must be a day" in answer.text or "one of the answers shown" in answer.text


def test_one_can_go_earlier_later_and_back_to_tonight(house: House, come_in: Callable[..., FlaskClient]) -> None:
    dana = come_in()
    page = dana.get("/houses/juniper-house/beds").text
    assert f'href="/houses/juniper-house/beds?from={TONIGHT + 30 * DAY}"' in page
    assert f'href="/houses/juniper-house/beds?from={TONIGHT - 30 * DAY}"' in page
    assert "Tonight" not in page
    fortnight = dana.get(f"/houses/juniper-house/beds?from={TONIGHT + 14 * DAY}&nights=14").text
    assert 'href="/houses/juniper-house/beds?nights=14"' in fortnight, "earlier and tonight are the same there"
    assert fortnight.count('scope="col"') == 14


def test_the_parts_are_the_page_anew_with_its_version_and_when_it_changes_by_itself(
    house: House, come_in: Callable[..., FlaskClient], clock: StillClock
) -> None:
    dana = come_in()
    stay = saved(house, "Willow", "Jo", minutes=90)
    page = dana.get("/houses/juniper-house/beds").text
    parts = dana.get("/houses/juniper-house/beds/parts").json
    assert parts["names"] == ["roster"]
    assert f'data-version="{parts["version"]}"' in page
    assert parts["parts"]["roster"].strip() in page
    assert stay.saved_until is not None
    assert parts["next"] == stay.saved_until.isoformat()
    clock.at = SUNDAY + 2 * HOUR
    assert "Jo" not in dana.get("/houses/juniper-house/beds/parts").json["parts"]["roster"]


def test_the_sheet_of_paper_names_guests_and_leads_nowhere(house: House, come_in: Callable[..., FlaskClient]) -> None:
    here(house, "Willow", "Sam", nights=4)
    page = come_in().get("/houses/juniper-house/beds/print").text
    table = page[page.index("<table") : page.rindex("</table>")]
    assert "Sam" in table
    assert 'href="/' not in table
    assert page.count('scope="col"') == 30
    assert "Printed Sunday 22 November, 2:32 pm." in text_of(page)


def test_a_stay_without_a_name_says_so(house: House, come_in: Callable[..., FlaskClient]) -> None:
    stay = here(house, "Willow", "Sam", nights=1)
    with db.session.begin():
        db.session.execute(sa.update(Stay).where(Stay.id == stay.id).values(guest_id=None))
    assert "Willow, a guest without a name, here, 22 November" in come_in().get("/houses/juniper-house/beds").text
