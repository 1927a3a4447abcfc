"""The board's rows: every door as it is now, whatever was swept or not, and when it changes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from respite.accounts.actor import COMMAND
from respite.board.doors import wall_choice
from respite.board.queries import board_of
from respite.board.rows import Board, Door
from respite.board.words import Words
from respite.core.db import db, transaction
from respite.guests.models import Guest, WallChoice
from respite.guests.policy.stay_states import BedState
from respite.guests.service.leaving import leave
from respite.guests.service.saving import call_made, confirm
from respite.guests.service.staying import choose_for_wall, go_out
from respite.guests.service.visits import begin_visit
from respite.houses.models import Bed, House
from respite.houses.service.doors import close_bed, make_ready
from tests.boards import DAY, HOUR, MINUTE, TONIGHT, bed, here, juniper, on_shift, saved
from tests.places import SUNDAY


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return juniper()


def _door(house: House, name: str, now: object = SUNDAY) -> Door:
    return next(door for door in board_of(house, now).doors if door.name == name)  # type: ignore[arg-type]


def test_a_door_goes_round_free_saved_here_getting_ready_free(house: House) -> None:
    assert _door(house, "Cedar").state == BedState.FREE
    saved(house, "Cedar", minutes=60)
    door = _door(house, "Cedar")
    assert (door.state, door.guest_label, door.saved_until) == (BedState.HELD, "Jo", SUNDAY + HOUR)
    stay = here(house, "Willow", "Sam", nights=4)
    assert (_door(house, "Willow").state, _door(house, "Willow").until) == (BedState.OCCUPIED, date(2026, 11, 26))
    leave(COMMAND, stay.id, now=SUNDAY + HOUR)
    assert _door(house, "Willow", SUNDAY + HOUR).state == BedState.READYING
    make_ready(COMMAND, bed(house, "Willow").id, now=SUNDAY + 2 * HOUR)
    assert _door(house, "Willow", SUNDAY + 2 * HOUR).state == BedState.FREE


def test_a_door_that_is_got_ready_says_whom_it_is_for(app: Flask, house: House) -> None:
    leave(COMMAND, here(house, "Willow").id, now=SUNDAY)
    assert (_door(house, "Willow").awaited, board_of(house, SUNDAY).summary.arriving) == (False, 0)
    stay = saved(house, "Willow", "Ana", minutes=60)
    board, door = board_of(house, SUNDAY), _door(house, "Willow")
    assert (door.state, door.awaited, door.awaited_name, door.awaited_until) == (
        BedState.READYING,
        True,
        "Ana",
        SUNDAY + HOUR,
    )
    assert board.summary.arriving == 1
    assert (door.guest_label, door.stay_id, door.wall_label) == (None, None, None), "for the desk alone"
    assert _said(app, board, door) == [
        "For Ana, saved until 3:32 pm.",
        "Para Ana, apartada hasta las 15:32.",
    ]
    confirm(COMMAND, stay.id, now=SUNDAY)
    assert _said(app, board_of(house, SUNDAY), _door(house, "Willow")) == [
        "For Ana tonight.",
        "Para Ana, esta noche.",
    ]
    assert _said(app, board, replace(door, awaited_name=None)) == [
        "For somebody without a name, saved until 3:32 pm.",
        "Para alguien sin nombre, apartada hasta las 15:32.",
    ]
    make_ready(COMMAND, bed(house, "Willow").id, now=SUNDAY)
    assert (_door(house, "Willow").state, _door(house, "Willow").guest_label) == (BedState.HELD, "Ana")


def test_a_door_that_is_got_ready_is_nobodys_once_the_time_is_over(house: House) -> None:
    leave(COMMAND, here(house, "Willow").id, now=SUNDAY)
    saved(house, "Willow", "Ana", minutes=60)
    assert not _door(house, "Willow", SUNDAY + HOUR).awaited
    assert board_of(house, SUNDAY + HOUR).summary.arriving == 0


def _said(app: Flask, board: Board, door: Door) -> list[str | None]:
    said = []
    for language in ("en", "es"):
        with app.test_request_context(), force_locale(language):
            said.append(Words(board).second(door))
    return said


def test_a_saved_bed_whose_time_is_over_is_free_though_nobody_swept(house: House) -> None:
    saved(house, "Cedar", minutes=60)
    assert _door(house, "Cedar", SUNDAY + HOUR - MINUTE).state == BedState.HELD
    assert _door(house, "Cedar", SUNDAY + HOUR).state == BedState.FREE


def test_a_later_saved_bed_leaves_the_door_free_and_says_from_when_it_is_not(house: House) -> None:
    saved(house, "Aspen", first_night=date(2026, 11, 27))
    door = _door(house, "Aspen")
    assert (door.state, door.until, door.stay_id) == (BedState.FREE, date(2026, 11, 27), None)


def test_whoever_is_behind_the_door_comes_before_everything_else(house: House) -> None:
    stay = here(house, "Fern")
    with transaction() as session:
        session.get_one(Bed, bed(house, "Fern").id).getting_ready_since = SUNDAY
    assert _door(house, "Fern").state == BedState.OCCUPIED
    leave(COMMAND, stay.id, now=SUNDAY)
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + DAY, reason="Window", now=SUNDAY)
    assert _door(house, "Fern").state == BedState.CLOSED
    assert _door(house, "Fern").until == TONIGHT + DAY


def test_a_closure_ends_when_the_night_turns(house: House) -> None:
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + DAY, reason="", now=SUNDAY)
    six_in_the_morning = SUNDAY + timedelta(hours=15, minutes=28)
    assert _door(house, "Fern", six_in_the_morning - MINUTE).state == BedState.CLOSED
    assert _door(house, "Fern", six_in_the_morning).state == BedState.FREE


@pytest.mark.parametrize(
    ("choice", "most", "shown"),
    [
        (WallChoice.NOTHING, "name", (None, None)),
        (WallChoice.PICTURE, "name", (None, "🌻")),
        (WallChoice.PICTURE, "picture", (None, "🌻")),
        (WallChoice.PICTURE, "nothing", (None, None)),
        (WallChoice.INITIAL, "initial", ("R.", None)),
        (WallChoice.INITIAL, "picture", (None, None)),
        (WallChoice.NAME, "name", ("Rosa", None)),
        (WallChoice.NAME, "initial", (None, None)),
        (WallChoice.NAME, "nothing", (None, None)),
    ],
)
def test_the_wall_gets_exactly_what_was_chosen_and_is_allowed(
    app: Flask, choice: WallChoice, most: str, shown: tuple[str | None, str | None]
) -> None:
    guest = Guest(wall_choice=choice, picture="🌻")
    guest.name = "Rosa"
    assert wall_choice(guest, most) == shown


def test_a_changed_mind_is_seen_at_once(house: House) -> None:
    stay = here(house, "Sage", "Rosa")
    assert stay.guest_id is not None
    choose_for_wall(COMMAND, stay.guest_id, "name", None, now=SUNDAY)
    assert _door(house, "Sage").wall_label == "Rosa"
    choose_for_wall(COMMAND, stay.guest_id, "nothing", None, now=SUNDAY)
    assert (_door(house, "Sage").wall_label, _door(house, "Sage").picture) == (None, None)


def test_nothing_of_a_guest_is_for_the_wall_before_they_came(house: House) -> None:
    stay = saved(house, "Cedar", "Rosa")
    assert stay.guest_id is not None
    choose_for_wall(COMMAND, stay.guest_id, "name", None, now=SUNDAY)
    assert _door(house, "Cedar").wall_label is None


def test_out_and_back_is_shown_while_it_lasts(house: House) -> None:
    stay = here(house, "Willow")
    go_out(COMMAND, stay.id, back_about=SUNDAY + 2 * HOUR, now=SUNDAY)
    assert (_door(house, "Willow").out, _door(house, "Willow").back_about) == (True, SUNDAY + 2 * HOUR)


def test_chairs_people_and_counts(house: House) -> None:
    begin_visit(COMMAND, house.id, who=None, now=SUNDAY)
    saved(house, "Cedar")
    here(house, "Willow")
    on_shift(house, "Dana", "floor", -HOUR, HOUR)
    on_shift(house, "Priya", "on-call", -HOUR, 8 * HOUR)
    on_shift(house, "Mei", "floor", HOUR, 8 * HOUR)
    board = board_of(house, SUNDAY)
    assert [seat.visit_id is not None for seat in board.chairs] == [True, False, False, False]
    assert [person.name for person in board.here_now] == ["Dana"]
    assert [person.name for person in board.on_call] == ["Priya"]
    assert board.next_on is not None
    assert (board.next_on.at, board.next_on.names) == (SUNDAY + HOUR, ("Mei",))
    counts = board.summary
    assert (counts.free, counts.arriving, counts.leaving, counts.chairs_free) == (4, 1, 0, 3)


def test_the_desk_is_asked_to_call_before_a_saved_bed_runs_out(house: House) -> None:
    stay = saved(house, "Cedar", minutes=60)
    assert board_of(house, SUNDAY + 29 * MINUTE).notices == ()
    notice = board_of(house, SUNDAY + 30 * MINUTE).notices[0]
    assert (notice.kind, notice.name, notice.place, notice.at) == ("call", "Jo", "Cedar", SUNDAY + HOUR)
    call_made(COMMAND, stay.id, now=SUNDAY + 31 * MINUTE)
    assert board_of(house, SUNDAY + 31 * MINUTE).notices == ()


def test_a_long_visit_is_mentioned_to_the_desk_at_the_houses_hour(house: House) -> None:
    begin_visit(COMMAND, house.id, who=None, now=SUNDAY)
    assert board_of(house, SUNDAY + 20 * HOUR - MINUTE).notices == ()
    assert [notice.kind for notice in board_of(house, SUNDAY + 20 * HOUR).notices] == ["visit"]


def test_the_next_change_is_the_first_thing_that_happens_by_itself(house: House) -> None:
    evening = SUNDAY + timedelta(hours=3, minutes=28)
    assert board_of(house, SUNDAY).next_change_at == evening
    saved(house, "Cedar", minutes=60)
    assert board_of(house, SUNDAY).next_change_at == SUNDAY + 30 * MINUTE
    on_shift(house, "Dana", "floor", -HOUR, 10 * MINUTE)
    saved(house, "Aspen", "Lou")  # the shift was written without an event, so let the version move
    assert board_of(house, SUNDAY).next_change_at == SUNDAY + 10 * MINUTE


def _counted(house: House, now: object) -> tuple[Board, int]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    assert house.id  # loaded, as a request's guard has it
    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        return board_of(house, now), len(asked)  # type: ignore[arg-type]
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def test_the_board_is_few_reads_and_one_while_nothing_changes(house: House) -> None:
    for number, name in enumerate(("Willow", "Aspen", "Sage")):
        here(house, name, f"Guest {number}")
    first, reads = _counted(house, SUNDAY)
    assert reads <= 11  # the eleventh reads the promises, which no other row leads to
    again, reads = _counted(house, SUNDAY + MINUTE)
    assert (reads, again is first) == (1, True)
    changed, _reads = _counted(house, first.next_change_at)
    assert changed is not first
    saved(house, "Cedar")
    assert board_of(house, SUNDAY + MINUTE).version > first.version


def test_a_clock_put_back_does_not_keep_a_later_board(house: House) -> None:
    saved(house, "Cedar", minutes=60)
    assert _door(house, "Cedar", SUNDAY + 2 * HOUR).state == BedState.FREE
    assert _door(house, "Cedar", SUNDAY).state == BedState.HELD
