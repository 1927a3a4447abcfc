"""Who watches through this process: their sockets, what they came in with, and which houses they look at."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_socketio import SocketIO

from respite.accounts.roles import May
from respite.board.viewers import Viewer, actors_now
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.logs import log
from respite.core.realtime.server import Strangers, let_go
from respite.houses.models import House

NAMESPACE = "/board"


@dataclass(slots=True)
class Watcher:
    viewer: Viewer
    houses: set[uuid.UUID] = field(default_factory=set)


class Watchers:
    """The relay's audience. Its sweep reads every viewer's rights afresh, so that a change made by another
    process closes a socket here too.
    """

    def __init__(self, server: SocketIO) -> None:
        self._server = server
        self._strangers = Strangers(server)
        self._by_sid: dict[str, Watcher] = {}
        self._slugs: dict[str, str] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._by_sid)

    def come(self, sid: str, viewer: Viewer) -> None:
        with self._lock:
            self._by_sid[sid] = Watcher(viewer)

    def look_at(self, sid: str, house: House) -> None:
        with self._lock:
            self._slugs[str(house.id)] = house.slug
            watcher = self._by_sid.get(sid)
            if watcher is not None:
                watcher.houses.add(house.id)

    def go(self, sid: str) -> None:
        with self._lock:
            self._by_sid.pop(sid, None)

    def viewer(self, sid: str) -> Viewer | None:
        watcher = self._by_sid.get(sid)
        return watcher.viewer if watcher else None

    def streams(self) -> Collection[str]:
        with self._lock:
            return {str(house) for watcher in self._by_sid.values() for house in watcher.houses}

    def name(self, stream: str) -> str:
        if stream not in self._slugs:
            slug = db.session.scalar(sa.select(House.slug).where(House.id == uuid.UUID(stream)))
            end_read()
            self._slugs[stream] = slug or ""
        return self._slugs[stream]

    def now(self) -> datetime:
        return house_now()

    def sweep(self) -> None:
        """Close the sockets of those who may no longer watch what they watch."""
        with self._lock:
            watching = {sid: (watcher.viewer, frozenset(watcher.houses)) for sid, watcher in self._by_sid.items()}
        if watching:
            actors = actors_now({viewer for viewer, _houses in watching.values()})
            for sid, (viewer, houses) in watching.items():
                actor = actors.get(viewer)
                if actor is None or not all(actor.may(May.SEE_BOARD, house) for house in houses):
                    log.info("socket.closed", reason="access", kind=viewer.kind)
                    self.go(sid)
                    let_go(self._server, sid, NAMESPACE)
        self._strangers.sweep()
