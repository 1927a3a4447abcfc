"""A real server on a real port, and viewers that come to it over real WebSockets."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import socketio
from flask import Flask
from werkzeug.serving import make_server

WAIT = 10.0  # seconds: bounds every wait here; what is waited for usually comes in a few milliseconds


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the app on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        app.extensions["respite.relay"].stop()
        server.shutdown()
        thread.join(timeout=WAIT)
        server.server_close()


class Refused(Exception):
    """The server did not let the socket in; the message is its sentence, empty where it gave none."""


class Viewer:
    """Someone who watches. Keeps what it heard in order."""

    def __init__(
        self, address: str, *, cookies: str | None = None, auth: Any = None, origin: str | None = None
    ) -> None:
        refused: list[str] = []
        self.heard: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        self.closed = threading.Event()
        self._client = socketio.Client(reconnection=False, logger=False, engineio_logger=False)
        self._client.on("changed", lambda data: self.heard.put(("changed", data)), namespace="/board")
        self._client.on("pulse", lambda data: self.heard.put(("pulse", data)), namespace="/board")
        self._client.on("disconnect", lambda *_reason: self.closed.set(), namespace="/board")
        headers = {name: value for name, value in (("Cookie", cookies), ("Origin", origin)) if value}
        self._client.on(
            "connect_error",
            lambda why: refused.append(why.get("message", "") if isinstance(why, dict) else str(why)),
            namespace="/board",
        )
        try:
            self._client.connect(
                address,
                headers=headers,
                auth=auth,
                transports=["websocket"],
                namespaces=["/board"],
                wait_timeout=int(WAIT),
            )
        except socketio.exceptions.ConnectionError as error:
            self._client.disconnect()
            raise Refused(*refused) from error

    def watch(self, house: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._client.call("watch", {"house": house}, namespace="/board", timeout=WAIT)
        return answer

    def ask(self, event: str, data: Any = None) -> Any:
        return self._client.call(event, data, namespace="/board", timeout=WAIT)

    def next(self, event: str) -> dict[str, Any]:
        """The next word of this kind; others before it are passed over."""
        until = time.monotonic() + WAIT
        while True:
            kind, data = self.heard.get(timeout=max(0.01, until - time.monotonic()))
            if kind == event:
                return data

    @property
    def connected(self) -> bool:
        return bool(self._client.connected) and not self.closed.is_set()

    def leave(self) -> None:
        self._client.disconnect()


def until(condition: Callable[[], bool]) -> bool:
    """Wait, bounded, until the condition holds; says whether it did."""
    deadline = time.monotonic() + WAIT
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
