"""The Socket.IO server of an app: how it is set up, how many sockets it takes, and who may speak to it."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, has_app_context
from flask_babel import gettext as _
from flask_socketio import Namespace, SocketIO
from socketio.exceptions import ConnectionRefusedError

from respite.core.db import end_read
from respite.core.errors import NotFound, Refusal
from respite.core.logs import log
from respite.core.realtime.transport import LARGEST_MESSAGE, HardenedWebSocket, Seats
from respite.core.settings import Settings

PING_EVERY, PING_PATIENCE = 10, 8  # seconds
THREADS_FOR_PAGES = 32
USUAL_THREADS = 200
UNKNOWN_FOR = 10.0  # seconds a socket may stay open before it says who it is

_GUARD = "__respite_guard__"
Handler = TypeVar("Handler", bound=Callable[..., Any])


def install(app: Flask) -> SocketIO:
    """Give the app its Socket.IO server. No thread is started here: commands and imports stay quiet."""
    settings: Settings = app.extensions["respite.settings"]
    seats = Seats(most_sockets(threads_served()))
    options: dict[str, Any] = {
        "async_mode": "threading",
        "transports": ["websocket"],
        "max_http_buffer_size": LARGEST_MESSAGE,
        "ping_interval": PING_EVERY,
        "ping_timeout": PING_PATIENCE,
        "cors_allowed_origins": partial(own_origin, settings.public_url),
        "message_queue": settings.redis_url,
        # Handlers read their actor afresh; a copy of the form session would only grow old beside it.
        "manage_session": False,
    }
    server = SocketIO(app, **options)
    # Private, hence the pinned python-engineio and a test that fails when the class is not used.
    engine = below(server).eio
    engine._async = dict(engine._async, websocket=partial(HardenedWebSocket, seats))
    app.extensions["respite.seats"] = seats
    return server


def below(server: SocketIO) -> Any:
    """The Socket.IO server under Flask's: the type stubs leave it out."""
    return server.server  # type: ignore[attr-defined]


def most_sockets(threads: int) -> int:
    """How many sockets leave enough threads for pages: beyond that the whole site would hang."""
    return threads - THREADS_FOR_PAGES if threads >= 2 * THREADS_FOR_PAGES else max(1, threads // 2)


def threads_served() -> int:
    """The threads gunicorn was started with, from its own command line; elsewhere what `make run` uses."""
    if "gunicorn" not in Path(sys.argv[0]).parts[-2:] and "gunicorn" not in Path(sys.argv[0]).name:
        return USUAL_THREADS
    words = shlex.split(os.environ.get("GUNICORN_CMD_ARGS", "")) + sys.argv[1:]
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--threads", type=int, default=1)
    return int(parser.parse_known_args(words)[0].threads)


def own_origin(public_url: str, origin: str | None, environ: dict[str, Any]) -> bool:
    """Whether a handshake comes from one of our own pages. A browser cannot leave its Origin out."""
    if not origin:
        return True
    asked, ours = urlsplit(origin), urlsplit(public_url)
    if (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc):
        return True
    return ours.scheme == "http" and asked.netloc == environ.get("HTTP_HOST")


def guarded(name: str, check: Callable[..., Any]) -> Callable[[Handler], Handler]:
    """State a socket event's guard. `check` gets the namespace and the event's arguments, raises a Refusal or
    returns what the handler gets first. `connect` answers a refusal by refusing the socket, other events by
    `{"error": sentence}`.
    """

    def state(handler: Handler) -> Handler:
        @wraps(handler)
        def answered(self: GuardedNamespace, *arguments: Any) -> Any:
            try:
                return handler(self, check(self, *arguments), *arguments)
            except Refusal as refusal:
                log.info("socket.refused", rule=refusal.rule(), kind=name)
                if handler.__name__ == "on_connect":
                    raise ConnectionRefusedError(str(refusal.sentence)) from refusal
                return {"error": str(refusal.sentence)}
            finally:
                end_read()

        setattr(answered, _GUARD, name)
        return answered  # type: ignore[return-value]

    return state


class GuardedNamespace(Namespace):
    """A namespace whose events are refused unless they state a guard."""

    def trigger_event(self, event: str, *arguments: Any) -> Any:
        handler = getattr(self, f"on_{event}", None)
        if handler is not None and event != "disconnect" and not hasattr(handler, _GUARD):
            log.error("socket.unguarded", kind=event)
            return False if event == "connect" else {"error": str(NotFound.sentence)}
        try:
            return super().trigger_event(event, *arguments)
        except ConnectionRefusedError:
            raise
        except Exception as error:
            log.error("socket.failed", kind=event, error=type(error).__name__)
            if has_app_context() and current_app.config.get("PROPAGATE_EXCEPTIONS"):
                raise
            return False if event == "connect" else {"error": str(Refusal.sentence)}


class TooManyScreens(Refusal):
    status = 503

    def __init__(self) -> None:
        super().__init__(
            _("Many screens are open just now, so this one looks again every ten seconds instead of at once.")
        )


def find_seat() -> None:
    """Refuse a socket beyond the limit in words. Raises TooManyScreens."""
    seats: Seats = current_app.extensions["respite.seats"]
    if seats.full:
        log.info("socket.full", sockets=seats.taken, limit=seats.most)
        raise TooManyScreens


def let_go(server: SocketIO, sid: str, namespace: str) -> None:
    """Close a viewer's socket for good: out of every room at once, then the connection under it."""
    connection = below(server).manager.eio_sid_from_sid(sid, namespace)
    below(server).disconnect(sid, namespace=namespace, ignore_queue=True)
    if connection is not None:
        _close_connection(server, connection)


def _close_connection(server: SocketIO, connection: str) -> None:
    def close() -> None:
        with suppress(KeyError, OSError):
            below(server).eio.disconnect(connection)

    # Closing waits for what is still queued, and the other end may have stopped reading.
    threading.Thread(target=close, name="close-socket", daemon=True).start()


class Strangers:
    """Closes sockets that joined no namespace in time: open but unknown, they would only hold a thread."""

    def __init__(self, server: SocketIO) -> None:
        self._server = server
        self._first_seen: dict[str, float] = {}

    def sweep(self) -> None:
        server = below(self._server)
        known = {
            connection
            for rooms in list(server.manager.rooms.values())
            for connection in dict(rooms.get(None, {})).values()
        }
        now = time.monotonic()
        unknown = set(server.eio.sockets) - known
        self._first_seen = {connection: self._first_seen.get(connection, now) for connection in unknown}
        for connection, since in self._first_seen.items():
            if now - since > UNKNOWN_FOR:
                _close_connection(self._server, connection)
