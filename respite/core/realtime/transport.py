"""The hardened WebSocket. Measured: without it a vanished screen keeps a server thread for a quarter of an hour.

`Sec-WebSocket-Extensions` is dropped, because browsers offer deflate and it doubles memory and time for
messages this small. A peer that stops answering is given up after 20 seconds, and closing wakes the thread
that waits for it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI

LARGEST_MESSAGE = 64 * 1024  # bytes; a viewer sends a house's name
GIVEN_UP_AFTER_MS = 20_000
Environ = dict[str, Any]


class Seats:
    """How many sockets this process has open, and how many it may have: every one keeps a thread of the server."""

    def __init__(self, most: int, spare: int = 8) -> None:
        self.most = most
        self.opened: Callable[[], None] = lambda: None
        """Called when a socket opens: what serves sockets starts with the first one."""
        # A few more are let in at this level, to be told in words by the namespace that the house is full.
        self.spare = spare
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        return self._taken

    @property
    def full(self) -> bool:
        return self._taken > self.most

    @contextmanager
    def seat(self) -> Iterator[bool]:
        """Take a seat while the socket is open; False where there is none left."""
        with self._lock:
            got = self._taken < self.most + self.spare
            self._taken += got
        try:
            yield got
        finally:
            with self._lock:
                self._taken -= got


class HardenedWebSocket(SimpleWebSocketWSGI):
    def __init__(self, seats: Seats, handler: Callable[..., Any], server: Any) -> None:
        super().__init__(handler, server, max_message_size=LARGEST_MESSAGE)
        self.seats = seats

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Any:
        if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not environ.get("HTTP_SEC_WEBSOCKET_KEY"):
            start_response("400 BAD REQUEST", [("Content-Type", "text/plain")])
            return [b"not a WebSocket"]
        with self.seats.seat() as got:
            if not got:
                start_response("503 SERVICE UNAVAILABLE", [("Content-Type", "text/plain"), ("Retry-After", "30")])
                return [b"too many screens"]
            self.seats.opened()
            keep_honest(environ.get("gunicorn.socket") or environ.get("werkzeug.socket"))
            plain = {name: value for name, value in environ.items() if name != "HTTP_SEC_WEBSOCKET_EXTENSIONS"}
            return super().__call__(plain, start_response)

    def close(self) -> None:
        try:
            with suppress(OSError):
                super().close()
        finally:
            self.ws.connected = False
            self.ws.event.set()
            with suppress(OSError):
                self.ws.sock.shutdown(socket.SHUT_RDWR)


def keep_honest(sock: socket.socket | None) -> None:
    """Have the kernel notice a peer that is gone."""
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GIVEN_UP_AFTER_MS)
