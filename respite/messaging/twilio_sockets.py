"""Connections that write a request inside the last look: connected before it, and no longer in it when they wait.

A connection may take seconds to be made, and an answer twenty: neither may keep a STOP waiting. So the look comes
when there is a connection, and ends when the other machine has the request.
"""

from __future__ import annotations

import fcntl
import struct
import termios
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from respite.messaging.gateway import Leaving

#: A request is a few hundred bytes, which a line that is there takes at once.
WRITE_SECONDS, ARRIVE_SECONDS = 2.0, 1.0
_POLL = 0.001

_leaving: ContextVar[Leaving] = ContextVar("leaving", default=nullcontext)


@contextmanager
def writing_inside(last_look: Leaving) -> Iterator[None]:
    """Requests of this thread are written inside `last_look`."""
    before = _leaving.set(last_look)
    try:
        yield
    finally:
        _leaving.reset(before)


def leaving() -> AbstractContextManager[None]:
    """The last look of the request that is to be written now."""
    return _leaving.get()()


class _Plain(HTTPConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        _connect(self)
        with leaving():
            super().request(*args, **kwargs)
            _until_arrived(self)


class _Secured(HTTPSConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        _connect(self)
        with leaving():
            super().request(*args, **kwargs)
            _until_arrived(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecuredPool(HTTPSConnectionPool):
    ConnectionCls = _Secured


class Adapter(HTTPAdapter):
    """What a session of `requests` sends with."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecuredPool}


def _connect(connection: HTTPConnection) -> None:
    if connection.sock is None:
        connection.connect()
    connection.timeout = WRITE_SECONDS  # until the request is written; whoever waits for the answer sets its own


def _until_arrived(connection: HTTPConnection) -> None:
    """Until the other machine says that it has every byte, so that "posted" is true of its clock as of ours."""
    until = time.monotonic() + ARRIVE_SECONDS
    while _under_way(connection) and time.monotonic() < until:
        time.sleep(_POLL)


def _under_way(connection: HTTPConnection) -> int:
    """How many bytes are not acknowledged yet; none where the system does not say."""
    try:
        return int(struct.unpack("i", fcntl.ioctl(connection.sock, termios.TIOCOUTQ, b"\0\0\0\0"))[0])
    except (OSError, AttributeError, TypeError, ValueError):
        return 0
