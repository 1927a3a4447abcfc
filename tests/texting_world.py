"""The processes and the clocks under texts from end to end: the served product and its Twilio (tests/texting.py)."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask

from respite.core.clock import MovableClock, house_now, machine_now
from respite.core.db import db, transaction
from respite.core.demo_clock import put_ahead
from respite.factory import create_app
from respite.messaging.models import Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import RULES, Purpose
from respite.messaging.service import finding_out
from respite.scheduler.models import Lease
from tests.places import empty_postgres, settings_for
from tests.servers import Server, server_for
from tests.twilio.companion import FakeTwilio

INBOUND = "/webhooks/twilio/inbound#rc=5&rp=all"
STATUS = "/webhooks/twilio/status/"
SETTLE = RULES[Purpose.ANSWER].settle
T = TypeVar("T")


def until(found: Callable[[], T], what: str = "", seconds: float = 40.0) -> T:
    """Ask again and again until there is an answer, at most for so long."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, what or "it did not come about"
        time.sleep(0.03)
    return value


@dataclass
class World:
    """What runs, and what time it is there. `app` is the test's own; its context is open."""

    app: Flask
    twilio: FakeTwilio
    server: Server
    database: str

    # Time.

    def skips(self, by: timedelta) -> None:
        """Move the house's clock; the server goes by it before this returns."""
        ahead = house_now() - machine_now() + by
        put_ahead(timedelta(seconds=round(ahead.total_seconds())))
        time.sleep(MovableClock.KEEP_SECONDS + 0.05)

    def house_is(self, at: datetime) -> None:
        self.skips(at - house_now())

    def find_out(self) -> None:
        """The job that comes round every half minute, by the house's clock: the server may not know Twilio's yet."""
        finding_out.find_out(house_now())

    def settles(self, seconds: float = SETTLE) -> None:
        """Twilio's own clock goes on for as long as its listings must stay empty."""
        self.twilio.moves(seconds)

    def leases_end(self) -> None:
        """As when a minute has gone by since a process was killed."""
        gone = machine_now() - timedelta(seconds=1)
        with transaction() as session:
            session.execute(sa.update(Lease).values(until=gone))
            sending = sa.update(Message).where(Message.state == State.SENDING).values(lease_until=gone)
            session.execute(sending.execution_options(synchronize_session=False))

    # Processes.

    def killed_when(self, come_so_far: Callable[[], object]) -> None:
        """kill -9, as soon as it has come so far. What the process held is let go as if a minute had gone by."""
        until(come_so_far)
        self.server.kill()
        self.leases_end()

    @contextmanager
    def another_world(self, **environ: str) -> Iterator[None]:
        """Inside, the server has been started anew and knows something else of the world."""
        right = self.server.environ
        self.server.stop()
        self.server.environ = {**right, **environ}
        self.server.start()
        try:
            yield
        finally:
            self.server.stop()
            self.server.environ = right
            self.leases_end()
            self.server.start()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Inside, no process of the server can add a byte to any file, as on a full disk; its log is among them."""
        assert self.server.process is not None
        pids = [int(path.name) for path in Path("/proc").glob("[0-9]*") if _group(path) == self.server.process.pid]
        before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
        for pid, (_soft, hard) in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
        try:
            yield
        finally:
            for pid, limits in zip(pids, before, strict=True):
                if Path(f"/proc/{pid}").exists():
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    def also(self, folder: Path, key_file: Path, **environ: str) -> Server:
        """Another server on the same database, not started yet."""
        return server_for(self.database, key_file, folder, **{**environ_of(self.twilio, self.server), **environ})


@contextmanager
def world_on(database: str, key_file: Path, folder: Path) -> Iterator[World]:
    """Everything that is needed on a migrated database, which is emptied. The server is not started yet."""
    (folder / "twilio").mkdir()
    twilio = FakeTwilio(folder / "twilio").start()
    server = server_for(database, key_file, folder)
    server.environ = {**server.environ, **environ_of(twilio, server)}
    told = {name.lower(): value for name, value in twilio.settings().items()}
    app = create_app(settings_for(database, key_file, public_url=server.url, **told))
    if database.startswith("postgresql"):
        empty_postgres(app)
    try:
        with app.app_context():
            twilio.house(server.url, inbound_path=INBOUND)
            yield World(app, twilio, server, database)
            db.session.remove()
            db.engine.dispose()
    finally:
        server.stop()
        twilio.stop()


def environ_of(twilio: FakeTwilio, server: Server) -> dict[str, str]:
    """What the server knows of the world. It keeps an access log, so that addresses can be looked through."""
    return {
        **twilio.settings(),
        "REDIS_URL": "",
        "PUBLIC_URL": server.url,
        "GUNICORN_CMD_ARGS": "--access-logfile -",
    }


def _group(process: Path) -> int | None:
    """The process group of what stands under /proc, or none where it has ended."""
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return None
