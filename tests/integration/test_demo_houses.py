"""The demo houses show the same believable week whenever they are made: any hour, any day, any odd night."""

from __future__ import annotations

import shutil
import socket
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import make_url

from respite.accounts.models import Person
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.board.queries import board_of
from respite.board.rows import Board
from respite.cli.demo import load
from respite.cli.demo.people import DANA, DOMAIN, LUIS, MARISOL, PASSWORD, everybody
from respite.cli.demo.story import Story
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.due import Due
from respite.core.settings import WrongSetting
from respite.factory import create_app
from respite.followup.models import FollowUp
from respite.followup.models import State as FollowUpState
from respite.guests.models import Note, Stay
from respite.guests.policy.stay_states import BedState, StayState
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local
from respite.messaging.models import Message, NumberStop, ReadSoon, Thread
from respite.messaging.policy.states import State
from tests.people import quick_hashes  # noqa: F401  (passwords without their cost)
from tests.places import SUNDAY, settings_for

DENVER = "America/Denver"
ONE_OF_EACH = Counter(
    {BedState.OCCUPIED: 2, BedState.FREE: 1, BedState.HELD: 1, BedState.READYING: 1, BedState.CLOSED: 1}
)


def at(wall: str, fold: int = 0) -> datetime:
    return instant_of(datetime.fromisoformat(wall), DENVER, fold=fold)


def boards(now: datetime) -> tuple[Board, Board]:
    """Both houses, made and drawn at `now`."""
    for demo in load.missing():
        load.make(demo, now)
    db.session.expire_all()
    return tuple(  # type: ignore[return-value]
        board_of(db.session.scalars(sa.select(House).where(House.slug == slug)).one(), now)
        for slug in ("juniper-house", "casa-enebro")
    )


#: A database with both houses as they were made on SUNDAY, once one test has made them.
_kept: list[Path] = []


@pytest.fixture
def the_week(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], None]:
    """Puts the houses of SUNDAY into the app's database. Making them takes seconds, so they are made once."""

    def put() -> None:
        path = Path(str(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database))
        if not _kept:
            made = app.test_cli_runner().invoke(args=["demo", "load"])
            assert made.exit_code == 0, made.output
            _kept.append(tmp_path_factory.mktemp("demo") / "week.db")
            db.session.remove()
            db.engine.dispose()
            shutil.copy(path, _kept[0])
        db.session.remove()
        db.engine.dispose()
        shutil.copy(_kept[0], path)

    return put


def states(board: Board) -> Counter[BedState]:
    return Counter(door.state for door in board.doors)


def must_be_the_week(now: datetime) -> None:
    juniper, enebro = boards(now)
    assert states(juniper) == ONE_OF_EACH
    assert states(enebro) == ONE_OF_EACH - Counter({BedState.OCCUPIED: 1, BedState.CLOSED: 1})
    for board in (juniper, enebro):
        assert board.here_now
        assert board.on_call
        assert board.next_on is not None
        assert board.gatherings[0].starts_at.tzinfo is not None
        assert any(gathering.meal for gathering in board.gatherings)
        assert board.left_line
        assert board.notices == ()
        assert board.summary.free == board.summary.arriving == 1
        assert board.summary.leaving == 0
    assert len(juniper.gatherings) >= 3
    assert [row.name for row in juniper.waiting] == ["Ida", "Wes", "Bea"]
    assert (len(juniper.chairs), juniper.summary.chairs_free) == (4, 2)
    assert (len(enebro.chairs), enebro.summary.chairs_free) == (2, 1)
    must_look_like_the_picture(juniper, now)
    must_be_true(now)


def must_look_like_the_picture(board: Board, now: datetime) -> None:
    willow, aspen, sage, cedar, lark, fern = board.doors
    assert (willow.name, willow.state, willow.guest_label, willow.pronouns) == (
        "Willow", BedState.OCCUPIED, "Sam", "they",
    )  # fmt: skip
    assert willow.out
    assert willow.back_about is not None
    assert willow.back_about > now
    assert willow.check_in_wish == "at 8 pm"
    assert willow.picture is None
    assert (aspen.state, aspen.until_is) == (BedState.FREE, "held")
    assert (sage.guest_label, sage.picture, sage.out) == ("Rosa", "🌻", False)
    assert cedar.guest_label == "Jo"
    assert cedar.saved_until is not None
    assert cedar.saved_until > now
    assert cedar.call_before is None
    assert lark.ready_since is not None
    assert lark.ready_since < now
    assert fern.reason == "Window being mended."
    assert [(door.until - board.summary.tonight).days for door in (willow, sage, fern, aspen) if door.until] == [
        4,
        2,
        3,
        5,
    ]


def must_be_true(now: datetime) -> None:
    """Nothing came from the future, in another order, or round the use cases."""
    assert list(broken_links()) == []
    for house in db.session.scalars(sa.select(House)):
        told = db.session.scalars(sa.select(Event.at).where(Event.stream == house.id).order_by(Event.version)).all()
        assert list(told) == sorted(told)
        assert told[-1] <= now
    assert db.session.scalar(sa.select(sa.func.min(Due.due_at))) > now


@pytest.mark.parametrize("now", [at("2026-11-23T00:10"), at("2026-11-24T06:00")])
def test_the_week_just_after_midnight_and_as_the_night_turns(app: Flask, now: datetime) -> None:
    must_be_the_week(now)


@pytest.mark.slow
@pytest.mark.parametrize(
    "now",
    [
        at("2027-03-14T01:59"),  # the clocks go forward within the minute
        at("2027-03-14T03:00"),
        at("2026-11-01T01:30"),  # the hour that comes twice, and its second time
        at("2026-11-01T01:30", fold=1),
        at("2028-02-29T07:00"),  # as a shift turns
        at("2026-12-31T23:59"),
        at("2027-01-01T08:59"),
        at("2027-06-18T22:00"),
    ],
)
def test_the_same_week_at_any_other_time(app: Flask, now: datetime) -> None:
    must_be_the_week(now)


def test_the_roster_has_a_past_and_a_future(app: Flask, the_week: Callable[[], None]) -> None:
    the_week()
    house = db.session.scalars(sa.select(House).where(House.slug == "juniper-house")).one()
    stays = db.session.scalars(sa.select(Stay).where(Stay.house_id == house.id)).unique().all()
    by_state = Counter(stay.state for stay in stays)
    assert by_state[StayState.LEFT] >= 7
    assert by_state[StayState.RAN_OUT] == 1
    names = {stay.guest.name for stay in stays if stay.guest and stay.state == StayState.HELD}
    assert names == {"Jo", "Al", "Kim", "Noor", "Robin", "Casey"}
    assert {stay.ended_how for stay in stays if stay.left_at} == {"as-planned", "sooner-own-choice"}
    waiting_to_be_passed_on = [note for note in db.session.scalars(sa.select(Note)) if note.passed_on_at is None]
    assert len(waiting_to_be_passed_on) == 2


def test_texts_come_with_one_of_each_thing_that_a_person_meets(app: Flask, the_week: Callable[[], None]) -> None:
    the_week()
    unread = {thread.number for thread in db.session.scalars(sa.select(Thread).where(Thread.unseen_since.is_not(None)))}
    assert unread == {"+13035550127", "+17195550186", "+14805550121"}
    ends = Counter(
        (message.state, message.reason) for message in db.session.scalars(sa.select(Message)) if message.next_at is None
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(NumberStop)) == 1, (
        "and nothing was left to hold back"
    )
    assert ends[State.NEEDS_HUMAN, "no-common-hour"] == 1
    assert ends[State.DELIVERED, None] >= 20
    assert set(ends) == {(State.NEEDS_HUMAN, "no-common-hour"), (State.DELIVERED, None)}
    waiting = db.session.scalars(sa.select(Message.next_at).where(Message.next_at.is_not(None))).all()
    planned = sa.select(sa.func.count()).select_from(FollowUp).where(FollowUp.state == FollowUpState.PLANNED)
    assert waiting
    assert (db.session.scalar(planned) or 0) >= 8, "what follows a stay is planned, and no text before its time"
    assert all(at is not None and at > SUNDAY for at in waiting)
    assert db.session.scalar(sa.select(sa.func.count()).where(ReadSoon.taken_at.is_(None))) == 0


def test_made_once_and_left_alone_after(app: Flask, clock: StillClock) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo", "load"])
    assert first.exit_code == 0, first.output
    assert first.output.endswith("Juniper House · Casa Enebro\n")
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    db.session.rollback()
    again = runner.invoke(args=["demo", "load"])
    assert (again.exit_code, again.output) == (0, "")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == events


def test_a_story_tells_only_what_is_over(app: Flask, the_week: Callable[[], None]) -> None:
    the_week()
    house = db.session.scalars(sa.select(House).where(House.slug == "juniper-house")).one()
    story = Story(house, {}, SUNDAY)
    with pytest.raises(ValueError, match="is after"):
        story.tell(datetime(2026, 11, 22, 21, 33, tzinfo=UTC), lambda _now: None)


def test_the_welcome_is_thirteen_calm_lines(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["demo", "welcome"]).output
    assert len(said.splitlines()) == 13
    for needed in (
        "http://127.0.0.1:5000/",
        "/wall",
        "/demo/phones",
        f"dana@{DOMAIN}",
        "eight letters",
        "Ready",
        "Beds",
        "Ctrl+C",
    ):
        assert needed in said
    assert f"{MARISOL.email}." in said
    assert max(len(line) for line in said.splitlines()) <= 100
    assert "!" not in said


def test_a_week_that_grew_old_says_how_to_make_a_fresh_one(
    app: Flask, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=["demo", "load"])
    assert "--anew" not in runner.invoke(args=["demo", "welcome"]).output
    made = load.made_at()
    assert made is not None
    monkeypatch.setattr("respite.cli.demo.commands.machine_now", lambda: made + timedelta(days=3))
    assert "made 3 days ago" in runner.invoke(args=["demo", "welcome"]).output
    clock.advance(timedelta(days=3))
    anew = runner.invoke(args=["demo", "load", "--anew"])
    assert anew.exit_code == 0, anew.output
    assert "kept as" in anew.output
    house = db.session.scalars(sa.select(House).where(House.slug == "juniper-house")).one()
    assert states(board_of(house, clock.now())) == ONE_OF_EACH


def test_make_run_says_when_its_port_is_taken(app: Flask) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        url, keys = app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["respite.settings"].keys_file
        app.extensions["respite.settings"] = settings_for(url, keys, public_url=f"http://127.0.0.1:{port}")
        result = app.test_cli_runner().invoke(args=["prepare"])
    assert result.exit_code == 1
    assert f"PORT={port + 1} make run" in result.output
    assert db.session.scalars(sa.select(House)).all() == []


def test_make_run_prepares_all_and_says_how_to_begin(app: Flask) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    url, keys = app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["respite.settings"].keys_file
    app.extensions["respite.settings"] = settings_for(url, keys, public_url=f"http://127.0.0.1:{port}")
    result = app.test_cli_runner().invoke(args=["prepare"])
    assert result.exit_code == 0, result.output
    assert f"http://127.0.0.1:{port}/wall" in result.output
    assert len(load.missing()) == 0


def test_nobody_in_the_demo_can_be_written_to(app: Flask) -> None:
    assert all(someone.email.endswith(".example") for someone in everybody())


@pytest.mark.parametrize("command", ["load", "welcome"])
def test_production_has_no_demo(app: Flask, command: str) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    keys = app.extensions["respite.settings"].keys_file
    app.extensions["respite.settings"] = settings_for(url, keys, mode="production", public_url="https://a.example.org")
    result = app.test_cli_runner().invoke(args=["demo", command])
    assert result.exit_code != 0
    assert "demo mode only" in result.output
    assert db.session.scalars(sa.select(House)).all() == []


def test_the_printed_words_open_every_account(app: Flask, the_week: Callable[[], None]) -> None:
    the_week()
    for someone in (DANA, MARISOL):
        browser = app.test_client()
        sent = browser.post("/sign-in", data={"email": someone.email, "password": PASSWORD})
        assert sent.status_code == 302 or sent.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(Person.password_hash.is_(None))) == 0


def test_the_sign_in_page_shows_who_lives_here(app: Flask, the_week: Callable[[], None]) -> None:
    assert DANA.email not in app.test_client().get("/sign-in").text
    the_week()
    page = app.test_client().get("/sign-in").text
    assert "This is a demo house" in page
    for someone in (DANA, LUIS, MARISOL):
        assert someone.email in page
    assert PASSWORD in page
    assert "Juniper House, Casa Enebro" in page


def test_the_sign_in_page_of_a_real_house_shows_nobody(app: Flask) -> None:
    url, keys = app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["respite.settings"].keys_file
    real = create_app(settings_for(url, keys, mode="production", public_url="https://a.example.org"))
    assert "demo" not in real.test_client().get("/sign-in", base_url="https://a.example.org").text


def test_the_spanish_house_speaks_spanish(app: Flask, the_week: Callable[[], None]) -> None:
    the_week()
    browser = app.test_client()
    browser.post("/sign-in", data={"email": MARISOL.email, "password": PASSWORD})
    desk = browser.get("/houses/casa-enebro/board").text
    for said in ("planta baja", "apartada", "preparándose", "Lucía", "una semana completa"):
        assert said in desk
    assert "ground floor" not in desk


def test_production_does_not_start_on_a_demo_database(app: Flask, the_week: Callable[[], None]) -> None:
    url, keys = app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["respite.settings"].keys_file
    real = settings_for(url, keys, mode="production", public_url="https://a.example.org")
    create_app(real)
    the_week()
    db.session.remove()
    with pytest.raises(WrongSetting, match="DATABASE_URL: names a demo database"):
        create_app(real)


def test_evenings_keep_their_evening(app: Flask) -> None:
    """Soup is at six by the house's clock, on both sides of a change of the clocks."""
    juniper, _enebro = boards(at("2026-10-31T12:00"))
    meal = next(gathering for gathering in juniper.gatherings if gathering.meal)
    assert local(meal.starts_at, DENVER).hour == 18
