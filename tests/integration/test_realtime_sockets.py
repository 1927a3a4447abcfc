"""Who may watch a house over a socket, and that a socket ends when that is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.models import ApiToken, Display, Membership, Person, SignIn
from respite.accounts.roles import RIGHTS, May, Role
from respite.accounts.signals import announce
from respite.board.sockets import BoardNamespace
from respite.core.clock import machine_now
from respite.core.db import transaction
from respite.core.realtime import relay
from respite.core.realtime.server import GuardedNamespace, below
from respite.houses.models import House
from respite.houses.service.doors import close_bed
from tests.boards import DAY, TONIGHT, bed, juniper, screen_of, session_of, token_for
from tests.places import SUNDAY
from tests.sockets import Refused, Viewer, served, until


@pytest.fixture
def house(app: Flask) -> House:
    return juniper()


@pytest.fixture
def other(app: Flask) -> House:
    return juniper(name="Bar House")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def come(address: str) -> Iterator[Callable[..., Viewer]]:
    """Opens a viewer's socket; all are closed at the end."""
    opened: list[Viewer] = []

    def one(session: str | None = None, screen: str | None = None, auth: Any = None) -> Viewer:
        cookies = [f"{name}={value}" for name, value in (("sid", session), ("display", screen)) if value]
        opened.append(Viewer(address, cookies="; ".join(cookies) or None, auth=auth))
        return opened[-1]

    yield one
    for viewer in opened:
        viewer.leave()


Come = Callable[..., Viewer]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DISPLAY])
def test_a_person_watches_where_their_role_sees_the_board(house: House, other: House, come: Come, role: Role) -> None:
    viewer = come(session=session_of(house, role))
    answer = viewer.watch("juniper-house")
    if May.SEE_BOARD in RIGHTS[role]:
        assert answer == {"version": 1}
    else:
        assert set(answer) == {"error"}
    assert set(viewer.watch("bar-house")) == {"error"}


def test_a_screen_watches_its_own_house_alone(house: House, other: House, come: Come) -> None:
    viewer = come(screen=screen_of(house))
    assert viewer.watch("juniper-house") == {"version": 1}
    assert set(viewer.watch("bar-house")) == {"error"}


def test_a_token_watches_its_own_house_as_its_role_may(house: House, other: House, come: Come) -> None:
    viewer = come(auth={"token": token_for(house)})
    assert viewer.watch("juniper-house") == {"version": 1}
    assert set(viewer.watch("bar-house")) == {"error"}
    reader = come(auth={"token": token_for(house, Role.BOARD_READER)})
    assert set(reader.watch("juniper-house")) == {"error"}


def test_the_wall_is_a_screen_although_somebody_is_signed_in_beside_it(
    app: Flask, house: House, other: House, come: Come
) -> None:
    session, screen = session_of(other, Role.PEER), screen_of(house)
    assert come(session, screen, {"screen": True}).watch("juniper-house") == {"version": 1}
    assert set(come(session, screen).watch("juniper-house")) == {"error"}


@pytest.mark.parametrize("auth", [None, {}, {"token": "wrong"}, {"token": 7}, {"token": ""}, "token", ["x"], 5])
def test_who_brings_nothing_good_gets_no_socket(app: Flask, house: House, come: Come, auth: Any) -> None:
    with pytest.raises(Refused, match="sign in first"):
        come(auth=auth)
    with pytest.raises(Refused):
        come(session="no such session", screen="no such screen", auth=auth)


def test_what_is_no_wish_gets_a_sentence_and_the_socket_lives(house: House, come: Come) -> None:
    viewer = come(session=session_of(house, Role.PEER))
    for wish in (None, 3, "x", [], {}, {"house": 3}, {"house": ""}, {"house": "x" * 100}, {"house": "\x00"}):
        answer = viewer.ask("watch", wish)
        assert set(answer) == {"error"}, wish
    assert viewer.watch("juniper-house") == {"version": 1}


def _change(model: Any, column: str) -> Callable[[], None]:
    """Another process writes: nobody in this one is told."""

    def act() -> None:
        with transaction() as session:
            session.execute(sa.update(model).values({column: machine_now()}))

    return act


def _step_back() -> None:
    with transaction() as session:
        session.execute(sa.update(Membership).values(role=Role.STEPPED_BACK, role_before=Membership.role))


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(_change(SignIn, "ended_at"), id="signed out"),
        pytest.param(_change(SignIn, "locked_at"), id="locked"),
        pytest.param(_change(Person, "deactivated_at"), id="account closed"),
        pytest.param(_change(Membership, "ended_at"), id="left the house"),
        pytest.param(_step_back, id="stepped back"),
    ],
)
def test_a_persons_socket_ends_with_what_opened_it(
    app: Flask, house: House, come: Come, ends: Callable[[], None]
) -> None:
    viewer = come(session=session_of(house, Role.PEER))
    viewer.watch("juniper-house")
    ends()
    assert until(lambda: viewer.closed.is_set())
    assert until(lambda: app.extensions["respite.seats"].taken == 0)


def test_a_role_that_no_longer_sees_the_board_ends_the_socket(house: House, come: Come) -> None:
    viewer = come(session=session_of(house, Role.PEER))
    viewer.watch("juniper-house")
    with transaction() as session:
        session.execute(sa.update(Membership).values(role=Role.BOARD_READER))
    assert until(lambda: viewer.closed.is_set())


@pytest.mark.parametrize(("model", "column"), [(Display, "revoked_at"), (ApiToken, "revoked_at")])
def test_a_screen_or_token_taken_back_ends_its_socket_and_hears_nothing_more(
    app: Flask, house: House, come: Come, model: Any, column: str
) -> None:
    viewer = come(screen=screen_of(house)) if model is Display else come(auth={"token": token_for(house)})
    viewer.watch("juniper-house")
    other = come(session=session_of(house, Role.PEER))
    other.watch("juniper-house")
    _change(model, column)()
    assert until(lambda: viewer.closed.is_set())
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + DAY, reason="", now=SUNDAY)
    assert other.next("changed")["version"] == 2
    assert all(kind != "changed" for kind, _data in list(viewer.heard.queue))
    with pytest.raises(Refused):
        come(screen="gone") if model is Display else come(auth={"token": "gone"})


def test_closing_takes_one_round_of_the_sweep_and_none_is_later_than_that(app: Flask, house: House, come: Come) -> None:
    """The sweep is due every second, and a change in this process is told at once."""
    assert relay.LOOK_EVERY <= 1.0
    viewer = come(session=session_of(house, Role.PEER))
    viewer.watch("juniper-house")
    app.extensions["respite.relay"]._next_look = float("inf")  # only the announcement can wake it
    _change(SignIn, "ended_at")()
    announce("sign-in:x")
    assert until(lambda: viewer.closed.is_set())


def test_two_screens_of_one_account_live_side_by_side(house: House, come: Come) -> None:
    session = session_of(house, Role.PEER)
    desk, phone = come(session=session), come(session=session)
    desk.watch("juniper-house")
    phone.watch("juniper-house")
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + DAY, reason="", now=SUNDAY)
    assert desk.next("changed") == phone.next("changed")
    assert desk.connected
    assert phone.connected
    desk.leave()
    close_bed(COMMAND, bed(house, "Lark").id, first_night=TONIGHT, until=TONIGHT + DAY, reason="", now=SUNDAY)
    assert phone.next("changed")["version"] == 3


def test_no_room_is_heard_before_it_is_watched(house: House, come: Come) -> None:
    silent = come(session=session_of(house, Role.PEER))
    watching = come(session=session_of(house, Role.PEER))
    watching.watch("juniper-house")
    close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + DAY, reason="", now=SUNDAY)
    assert watching.next("changed")["version"] == 2
    assert silent.heard.empty()


def test_an_event_without_a_guard_is_refused(app: Flask, house: House) -> None:
    class Open(GuardedNamespace):
        def on_connect(self, _auth: Any = None) -> None: ...

        def on_peek(self, _data: Any = None) -> str:
            return "secret"

    server = app.extensions["socketio"]
    server.on_namespace(Open("/open"))
    handler = below(server).namespace_handlers["/open"]
    assert handler.trigger_event("connect", "sid", {}) is False
    assert set(handler.trigger_event("peek", "sid")) == {"error"}


def test_every_event_of_every_namespace_states_its_guard(app: Flask) -> None:
    handlers = below(app.extensions["socketio"]).namespace_handlers
    assert set(handlers) == {"/board"}
    assert below(app.extensions["socketio"]).handlers == {}
    assert isinstance(handlers["/board"], BoardNamespace)
    for name in dir(handlers["/board"]):
        if name.startswith("on_") and name != "on_disconnect":
            assert hasattr(getattr(handlers["/board"], name), "__respite_guard__"), name
