"""The connection to PostgreSQL that holds this process's passes: one for all, in no transaction and out of the pool."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.engine import URL

Connection = psycopg.Connection[tuple[Any, ...]]


class Line:
    """Opened for the first who passes and closed after the last, and lost as a whole. `lost` is raised where it is."""

    def __init__(self, url: URL, lost: type[Exception]) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._lost = lost
        self._turn = threading.Lock()
        self._users = 0
        self._connection: Connection | None = None
        self._held: set[int] = set()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Inside, the connection is kept for the next who passes, once somebody did."""
        with self._turn:
            self._users += 1
        try:
            yield
        finally:
            with self._turn:
                self._users -= 1
                if self._users == 0:
                    self._close()

    def take(self, space: int, number: int) -> Connection | None:
        """The connection that holds the pass now; none while a commit is at this fence, or waits there.

        Nor where another thread holds it: PostgreSQL would let the same connection in past a commit that waits.
        """
        with self._turn:
            if number in self._held:
                return None
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(
                        self._address, autocommit=True, connect_timeout=5, prepare_threshold=None
                    )
                asked = "SELECT pg_try_advisory_lock_shared(%s, %s)"
                row = self._connection.execute(asked, (space, number)).fetchone()
            except psycopg.Error as error:
                self._close()
                raise self._lost from error
            if row is None or not row[0]:
                return None
            self._held.add(number)
            return self._connection

    def holds(self, connection: Connection) -> bool:
        return self._connection is connection and not connection.closed

    def give_back(self, connection: Connection, space: int, number: int) -> None:
        with self._turn:
            if self._connection is connection:
                self._held.discard(number)
                try:
                    connection.execute("SELECT pg_advisory_unlock_shared(%s, %s)", (space, number))
                except psycopg.Error:
                    self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._held.clear()
