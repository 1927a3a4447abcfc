"""Whose turn it is in this process: the clockwork's sweeps, side by side, or a walk of the demo's clock, alone.

A sweep in the middle of a walk would do something at one time of the house while the clock is already at another.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from respite.core.errors import Busy

LONGEST_WAIT = 60  # seconds that a walk waits for a sweep to end


class Turns:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._sweeping = 0
        self._walking = False

    @contextmanager
    def sweep(self) -> Iterator[bool]:
        """Answers False while a walk goes on: it does what is due itself."""
        with self._changed:
            may = not self._walking
            self._sweeping += may
        try:
            yield may
        finally:
            with self._changed:
                self._sweeping -= may
                self._changed.notify_all()

    @contextmanager
    def walk(self) -> Iterator[None]:
        """Begins when no other walk goes on and the sweeps that had begun are over. Raises Busy if they do not end."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._walking, LONGEST_WAIT):
                raise Busy
            self._walking = True
            try:
                if not self._changed.wait_for(lambda: not self._sweeping, LONGEST_WAIT):
                    raise Busy
            except BaseException:
                self._walking = False
                self._changed.notify_all()
                raise
        try:
            yield
        finally:
            with self._changed:
                self._walking = False
                self._changed.notify_all()


turns = Turns()
