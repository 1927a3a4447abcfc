"""Two clocks.

The house clock decides due rows, nights and texts, and can be moved in demo mode. The machine's clock
(`machine_now`) decides leases, timeouts, sessions and limits, and never moves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

from flask import current_app


class Clock(Protocol):
    def now(self) -> datetime: ...


def machine_now() -> datetime:
    return datetime.now(UTC)


class SystemClock:
    """The house clock of a real house."""

    def now(self) -> datetime:
        return machine_now()


class MovableClock:
    """The house clock of demo mode: the machine's, moved forward by what was skipped.

    How far it stands ahead is kept in the database, since the server and the commands share it; the
    answer is kept for a second so that a page does not ask for it again and again.
    """

    KEEP_SECONDS = 1.0

    def __init__(self, read_ahead: Callable[[], timedelta]) -> None:
        self._read_ahead = read_ahead
        self._ahead = timedelta()
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            if time.monotonic() - self._read_at > self.KEEP_SECONDS:
                self._ahead = self._read_ahead()
                self._read_at = time.monotonic()
            return machine_now() + self._ahead

    def forget(self) -> None:
        """Read again how far ahead the clock stands: somebody moved it."""
        with self._lock:
            self._read_at = float("-inf")

    def stands(self, ahead: timedelta) -> None:
        """It was moved here, and committed: nobody needs to ask."""
        with self._lock:
            self._ahead, self._read_at = ahead, time.monotonic()


class StillClock:
    """A clock that stands where it is put; for tests and for walking due rows one by one."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> datetime:
        self.at += by
        return self.at


def house_now() -> datetime:
    """The time in the house: aware, UTC."""
    clock: Clock = current_app.extensions["respite.clock"]
    return clock.now()


@contextmanager
def house_clock_is(clock: Clock) -> Iterator[None]:
    """Inside, the house goes by this clock: a command tells what happened earlier. Never while pages are served."""
    stood = current_app.extensions["respite.clock"]
    current_app.extensions["respite.clock"] = clock
    try:
        yield
    finally:
        current_app.extensions["respite.clock"] = stood
