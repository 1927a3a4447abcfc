"""The relay: one thread per web process that reads committed versions and tells this process's viewers.

Nothing else announces. It reads after the last version it sent, so a wake-up that is lost costs a second at
most, and a version that was committed while nobody announced (the process died in between) is healed by the
next pulse: it carries the version, and a viewer that is behind takes the road of first load.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from respite.core.db import db
from respite.core.logs import log
from respite.core.realtime.source import Audience, Source
from respite.core.realtime.wakers import Waker, waker_for

LOOK_EVERY = 1.0  # seconds
PULSE_EVERY = 5.0
# So many versions at once come from one large act; one jump tells the viewers to load everything again.
MOST_AT_ONCE = 50

Emit = Callable[[str, dict[str, Any], str], None]


class Relay:
    """`emit(event, payload, stream)` sends to the viewers of a stream in this process alone."""

    def __init__(self, app: Flask, source: Source, audience: Audience, emit: Emit) -> None:
        self._app = app
        self._source = source
        self._audience = audience
        self._emit = emit
        self._sent: dict[str, int] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._waker: Waker | None = None
        self._stopping = False
        self._next_look = self._next_pulse = 0.0

    @property
    def running(self) -> bool:
        return self._thread is not None

    def start(self) -> None:
        """Begin to tell, once; called when the first viewer comes, so a process without viewers has no relay."""
        with self._lock:
            if self._thread is not None:
                return
            self._stopping = False
            with self._app.app_context():
                self._waker = waker_for(db.engine)
            self._thread = threading.Thread(target=self._run, args=(self._waker,), name="relay", daemon=True)
            self._thread.start()

    def tell_from(self, stream: str, version: int) -> None:
        """Somebody here begins to watch a stream, whose version they read after they joined the audience."""
        self._sent.setdefault(stream, version)

    def look_now(self) -> None:
        """Sweep at once: somebody's access has changed."""
        self._next_look = 0.0
        waker = self._waker
        if waker is not None:
            waker.wake()

    def stop(self) -> None:
        with self._lock:
            thread, waker, self._thread, self._waker = self._thread, self._waker, None, None
            self._stopping = True
            if waker is not None:
                waker.wake()
            if thread is not None:
                thread.join(timeout=10)
            if waker is not None:
                waker.close()

    def _run(self, waker: Waker) -> None:
        while not self._stopping:
            now = time.monotonic()
            with self._app.app_context():
                self._safely(self.announce)
                if now >= self._next_pulse:
                    self._next_pulse = now + PULSE_EVERY
                    self._safely(self.pulse)
                if now >= self._next_look:
                    self._next_look = now + LOOK_EVERY
                    self._safely(self._audience.sweep)
            waker.wait(max(0.0, min(LOOK_EVERY, self._next_look - time.monotonic())))

    def _safely(self, act: Callable[[], None]) -> None:
        """A database that is away for a moment must not end the relay; screens notice the silence by themselves."""
        try:
            act()
        except Exception as error:
            log.error("relay.failed", error=type(error).__name__, job=act.__name__)

    def announce(self) -> None:
        """Tell of every version that was committed since the last time, in order, each once."""
        for stream in set(self._sent) - set(self._audience.streams()):
            del self._sent[stream]
        if not self._sent:
            return
        heads = self._source.heads()
        for stream, sent in list(self._sent.items()):
            head = heads.get(stream, 0)
            if head > sent:
                self._tell(stream, sent, head)

    def _tell(self, stream: str, sent: int, head: int) -> None:
        house = self._audience.name(stream)
        if head - sent > MOST_AT_ONCE:
            self._emit("changed", {"house": house, "version": head, "parts": []}, stream)
            self._sent[stream] = head
            return
        for version, parts in self._source.after(stream, sent, MOST_AT_ONCE):
            self._emit("changed", {"house": house, "version": version, "parts": list(parts)}, stream)
            self._sent[stream] = version

    def pulse(self) -> None:
        """Say to everyone that the line lives, and at which version."""
        at = self._audience.now().isoformat()
        for stream, version in list(self._sent.items()):
            self._emit("pulse", {"version": version, "at": at}, stream)
