"""Twilio's own clock, which a test moves, and what happens by itself when it has moved."""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(order=True)
class _Due:
    at: float
    place: int
    act: Callable[[float], None] = field(compare=False)


class Clockwork:
    """`machine` is the clock beneath; `clock()` is that plus what `advance` has added. One lock for all."""

    def __init__(self, seed: int | str = 0, machine: Callable[[], float] = time.time) -> None:
        self.seed, self.machine = seed, machine
        self.lock = threading.RLock()
        self.changed = threading.Event()  # something new is due or ready to go out
        self._offset = 0.0
        self._due: list[_Due] = []
        self._places = 0

    def clock(self) -> float:
        return self.machine() + self._offset

    def next_due(self) -> float | None:
        """Seconds until something happens by itself; None when nothing will."""
        with self.lock:
            return max(0.0, self._due[0].at - self.clock()) if self._due else None

    def catch_up(self) -> float:
        """Let everything that is due happen, each at its own instant. Returns now."""
        now = self.clock()
        while self._due and self._due[0].at <= now:
            due = heapq.heappop(self._due)
            due.act(due.at)
        return now

    def later(self, at: float, act: Callable[[float], None]) -> None:
        heapq.heappush(self._due, _Due(at, self.place(), act))
        self.changed.set()

    def place(self) -> int:
        self._places += 1
        return self._places

    def chance(self, *about: object) -> random.Random:
        """Chance that depends on the seed and on what it is about, never on the order of threads."""
        return random.Random("/".join(str(part) for part in (self.seed, *about)))
