"""What ends the relay's waiting early. Nothing depends on it: the relay looks again every second anyway."""

from __future__ import annotations

import threading
from typing import Protocol

import psycopg
import sqlalchemy as sa

from respite.core.db import after_commit
from respite.core.logs import log

CHANNEL = "respite"


class Waker(Protocol):
    def wait(self, seconds: float) -> None:
        """Return when something was committed, when woken, or after so many seconds."""

    def wake(self) -> None: ...

    def close(self) -> None: ...


class LocalWaker:
    """Wakes after each commit of this process."""

    def __init__(self) -> None:
        self._rung = threading.Event()
        self._forget = after_commit(self._rung.set)

    def wait(self, seconds: float) -> None:
        self._rung.wait(seconds)
        self._rung.clear()

    def wake(self) -> None:
        self._rung.set()

    def close(self) -> None:
        self._forget()


class PostgresWaker(LocalWaker):
    """Wakes when any process has committed an event: the database itself tells, by a trigger on the log.

    It listens on a connection of its own, in a thread of its own, since a wait on it cannot be cut short.
    """

    RETRY_SECONDS = 2.0

    def __init__(self, url: sa.URL) -> None:
        super().__init__()
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="relay-listen", daemon=True)
        self._thread.start()

    def close(self) -> None:
        super().close()
        self._closing.set()
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self.wake()
                    while not self._closing.is_set():
                        for _heard in connection.notifies(timeout=1.0, stop_after=1):
                            self.wake()
            except psycopg.Error as error:
                log.error("relay.deaf", error=type(error).__name__)
                self._closing.wait(self.RETRY_SECONDS)


def waker_for(engine: sa.Engine) -> Waker:
    return PostgresWaker(engine.url) if engine.dialect.name == "postgresql" else LocalWaker()
