"""The hardened WebSocket is the one in use: small, without deflate, and free again when its peer is gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
import websocket
from flask import Flask

from respite.core.realtime.server import below, let_go, most_sockets, own_origin, threads_served
from respite.core.realtime.transport import LARGEST_MESSAGE, HardenedWebSocket, Seats
from tests.boards import juniper, token_for
from tests.sockets import WAIT, Refused, Viewer, served, until

Raw = Callable[..., websocket.WebSocket]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def raw(address: str) -> Iterator[Callable[..., websocket.WebSocket]]:
    """Opens plain WebSockets to the server, below Socket.IO, and closes what is still open at the end."""
    opened: list[websocket.WebSocket] = []

    def open_one(*headers: str) -> websocket.WebSocket:
        plain = websocket.WebSocket()
        opened.append(plain)
        plain.connect(
            address.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket", header=list(headers), timeout=WAIT
        )
        assert plain.recv().startswith("0{")
        return plain

    yield open_one
    for plain in opened:
        plain.shutdown()


def _joined(plain: websocket.WebSocket, token: str) -> str:
    """Join the namespace by hand, and return the viewer's id."""
    plain.send("40/board," + json.dumps({"token": token}))
    answer = plain.recv()
    assert answer.startswith("40/board,"), answer
    sid: str = json.loads(answer.removeprefix("40/board,"))["sid"]
    return sid


def test_the_hardened_class_is_used_and_only_websockets_are(app: Flask) -> None:
    engine = below(app.extensions["socketio"]).eio
    made = engine._async["websocket"](lambda ws: [], engine)
    assert isinstance(made, HardenedWebSocket)
    assert engine.transports == ["websocket"]
    assert engine.async_mode == "threading"
    assert (engine.ping_interval, engine.ping_timeout, engine.max_http_buffer_size) == (10, 8, LARGEST_MESSAGE)


def test_the_deflate_that_browsers_offer_is_not_taken(raw: Raw) -> None:
    plain = raw("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
    assert "sec-websocket-extensions" not in {name.lower() for name in plain.headers}


def test_a_socket_closed_by_the_server_is_free_although_its_peer_says_nothing(app: Flask, raw: Raw) -> None:
    token = token_for(juniper())
    plain = raw()
    sid = _joined(plain, token)
    seats: Seats = app.extensions["respite.seats"]
    assert seats.taken == 1
    let_go(app.extensions["socketio"], sid, "/board")
    assert until(lambda: seats.taken == 0)


def test_a_peer_that_vanishes_gives_its_seat_back(app: Flask, raw: Raw) -> None:
    token = token_for(juniper())
    plain = raw()
    _joined(plain, token)
    plain.sock.close()  # no farewell: the cable was pulled
    assert until(lambda: app.extensions["respite.seats"].taken == 0)
    assert until(lambda: len(app.extensions["respite.watchers"]) == 0)


def test_a_message_beyond_64_kb_ends_the_socket(app: Flask, raw: Raw) -> None:
    plain = raw()
    plain.send("42/board," + json.dumps(["watch", {"house": "x" * (LARGEST_MESSAGE + 1)}]))
    assert until(lambda: app.extensions["respite.seats"].taken == 0)


def test_what_is_no_websocket_is_refused_without_a_seat(app: Flask) -> None:
    answer = app.test_client().get(
        "/socket.io/?EIO=4&transport=websocket", headers={"Upgrade": "websocket", "Connection": "Upgrade"}
    )
    assert answer.status_code == 400
    assert app.test_client().get("/socket.io/?EIO=4&transport=polling").status_code == 400
    assert app.extensions["respite.seats"].taken == 0


def test_sockets_beyond_the_limit_are_refused_in_words_and_pages_go_on(app: Flask, address: str) -> None:
    token = token_for(juniper())
    app.extensions["respite.seats"].most = 1
    first = Viewer(address, auth={"token": token})
    with pytest.raises(Refused, match="looks again every ten seconds"):
        Viewer(address, auth={"token": token})
    assert first.connected
    health = app.test_client().get("/health/ready")
    assert (health.status_code, health.json["sockets"]["most"]) == (200, 1)  # type: ignore[index]
    first.leave()
    assert until(lambda: app.extensions["respite.seats"].taken == 0)
    Viewer(address, auth={"token": token}).leave()


def test_far_beyond_the_limit_the_handshake_itself_is_refused(app: Flask, raw: Raw) -> None:
    seats: Seats = app.extensions["respite.seats"]
    seats.most, seats.spare = 0, 0
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        raw()
    assert refused.value.status_code == 503


def test_a_foreign_page_gets_no_socket(raw: Raw) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        raw("Origin: https://elsewhere.example")
    assert refused.value.status_code == 400


def test_whose_origin_is_ours() -> None:
    here = {"HTTP_HOST": "127.0.0.1:5000"}
    assert own_origin("http://127.0.0.1:5000", None, here)
    assert own_origin("http://127.0.0.1:5000", "http://127.0.0.1:5000", here)
    assert own_origin("http://127.0.0.1:5000", "http://localhost:5000", {"HTTP_HOST": "localhost:5000"})
    assert not own_origin("http://127.0.0.1:5000", "null", here)
    assert not own_origin("https://house.example.org", "http://house.example.org", {"HTTP_HOST": "house.example.org"})
    assert not own_origin("https://house.example.org", "https://evil.example", {"HTTP_HOST": "evil.example"})


def test_pages_keep_their_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_sockets(200) == 168
    assert most_sockets(8) == 4
    monkeypatch.setattr("sys.argv", ["/x/bin/gunicorn", "--workers", "1", "--threads", "96", "app:app"])
    assert threads_served() == 96
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--threads=64")
    monkeypatch.setattr("sys.argv", ["/x/bin/gunicorn", "app:app"])
    assert threads_served() == 64
    monkeypatch.setattr("sys.argv", ["/x/bin/pytest"])
    assert threads_served() == 200
