"""Texts from end to end: the product as a process, Twilio as another, and Twilio's ledger to decide.

    def test_one(line: Line) -> None:
        to = line.number()
        line.twilio.fails(to=to, answer="hang", hang=30)     # taken, and nobody is told
        text = line.write(to)                                # the outbox, by the product's own use case
        line.killed_when(lambda: line.taken(text))           # kill -9 while the POST hangs
        line.server.start()
        line.find_out(); line.settles(); line.find_out()     # the job that comes round every 30 s, and Twilio's clock
        assert line.taken(text) == 1

The test acts through an app of its own on the same database. Real time is waited for with a bound; hours are moved:
the house's clock by its demo setting, Twilio's by its control, leases of a killed process in the database.
"""

from __future__ import annotations

import resource
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.core.clock import MovableClock, house_now, machine_now
from respite.core.db import db, transaction
from respite.core.demo_clock import put_ahead
from respite.factory import create_app
from respite.houses.service.opening import open_house
from respite.messaging import jobs
from respite.messaging.gateway import gateway
from respite.messaging.models import Attempt, Consent, Correspondent, Mark, Message, Pause
from respite.messaging.policy.states import State
from respite.messaging.purposes import RULES, Purpose
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import write
from respite.scheduler.models import Lease
from tests.canaries import Canaries
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
class Line:
    """A house that texts. `app` is the test's own; its context is open."""

    app: Flask
    twilio: FakeTwilio
    server: Server
    database: str
    house_id: uuid.UUID
    dana: Actor
    canaries: Canaries = field(default_factory=Canaries)

    # People and texts.

    def number(self, area: str | None = None) -> str:
        return self.canaries.number(area)

    def words(self, about: str = "Thinking of you") -> str:
        return f"{about}, {self.canaries.word()}."

    def guest(self, number: str, *purposes: Purpose, timezone: str | None = "America/Denver", **more: Any) -> uuid.UUID:
        """Somebody who may be texted at this number, for these purposes."""
        now, mark = house_now(), number_mark(number)
        with transaction() as session:
            person = Correspondent(
                house_id=self.house_id, kind="guest", subject_id=uuid.uuid4(), number_index=mark, timezone=timezone,
                made_at=now, **more,
            )  # fmt: skip
            person.name, person.number = self.canaries.word().title(), number
            session.add(person)
            session.flush()
            at = {"house_id": self.house_id, "correspondent_id": person.id, "number_index": mark}
            how = {"wording": 1, "method": "in-person", "given_at": now, "recorded_by": self.dana.ref}
            session.add_all(Consent(purpose=purpose, **at, **how) for purpose in purposes)
        return person.id

    def write(self, number: str, words: str | None = None, purpose: Purpose = Purpose.ANSWER, **more: Any) -> uuid.UUID:
        """Put a text into the outbox, as a use case does, and leave the rest to the server."""
        if words is None and "template" not in more:
            words = self.words()
        with transaction() as session:
            message = write(
                session, self.house_id, number=number, purpose=purpose, words=words,
                **{"dedupe_key": f"test:{uuid.uuid4()}", "made_by": self.dana.ref, "now": house_now(), **more},
            )  # fmt: skip
        return message.id

    # What stands in the database, and what Twilio has.

    def text(self, message_id: uuid.UUID) -> Message:
        return self.read(lambda: db.session.get_one(Message, message_id, populate_existing=True))

    def tries(self, message_id: uuid.UUID) -> list[Attempt]:
        query = sa.select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.n)
        return self.read(lambda: list(db.session.scalars(query)))

    def read(self, query: Callable[[], T]) -> T:
        """What the query finds now, as values that nothing reads again."""
        db.session.rollback()
        found = query()
        db.session.expunge_all()
        db.session.rollback()
        return found

    def stands(self, message_id: uuid.UUID, *states: State, tries: int = 0) -> Message:
        """Wait until the text stands in one of these states, after at least so many tries."""
        found = self.text(message_id)

        def there() -> bool:
            nonlocal found
            found = self.text(message_id)
            return found.state in states and found.attempt_no >= tries

        end = time.monotonic() + 40
        while not there():
            assert time.monotonic() < end, f"{found.state} ({found.reason}) after {found.attempt_no}, not {states}"
            time.sleep(0.03)
        return found

    def taken(self, message_id: uuid.UUID) -> int:
        """How often Twilio took this text, whatever anybody was told."""
        text = self.text(message_id)
        return len(self.twilio.accepted(to=text.number, body=text.body))

    def posted(self, message_id: uuid.UUID) -> int:
        """How often Twilio was asked for it."""
        text = self.text(message_id)
        return len([post for post in self.twilio.posts(to=text.number) if post["body"] == text.body])

    # Time.

    def skips(self, by: timedelta) -> None:
        """Move the house's clock; the server goes by it before this returns."""
        ahead = house_now() - machine_now() + by
        put_ahead(timedelta(seconds=round(ahead.total_seconds())))
        time.sleep(MovableClock.KEEP_SECONDS + 0.05)

    def house_is(self, at: datetime) -> None:
        self.skips(at - house_now())

    def find_out(self) -> None:
        """The job that comes round every half minute."""
        jobs.find_out()

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

    def calm(self) -> None:
        """Nothing goes wrong any more, everybody is there, and it is daytime in the house."""
        self.twilio.control(
            faults=[], weather=None, plan=None, lag=0, latency=0, opt_out="default", outage=False, listening=True,
            headers={}, callbacks={"on": True, "lose": 0.0, "shuffle": 0.0, "times": 1},
        )  # fmt: skip
        with transaction() as session:
            session.execute(sa.update(Pause).where(Pause.ended_at.is_(None)).values(ended_at=house_now()))
        local = house_now().astimezone(ZoneInfo("America/Denver"))
        if not 10 <= local.hour < 17:
            self.skips(timedelta(hours=(34 - local.hour) % 24))
        if self.server.process is None or self.server.process.poll() is not None:
            self.server.start()
        self._one_clock()

    def _one_clock(self) -> None:
        """Twilio's clock is the machine's again; this app and the server, which go by Twilio's, have heard of it."""
        ahead = self.twilio.moves(0) - time.time()
        if abs(ahead) > 1:
            self.twilio.moves(-ahead)
            with transaction() as session:
                session.execute(sa.delete(Mark).where(Mark.name == "inbound-seen-until"))
            gateway().inbound(machine_now())
            self.stands(self.write(self.number()), State.ACCEPTED, State.SENT, State.DELIVERED)

    def said(self) -> list[str]:
        """Everything that was written down outside the database, and every address that was asked for on our side."""
        ledger = self.twilio.ledger()
        return [
            *(path.read_text(errors="replace") for path in sorted(self.server.log.parent.glob("*.log"))),
            *(str(each["callback"]) for each in ledger["accepted"]),
            *(f"{each['url']} {each['http']} {each['body']}" for each in ledger["callbacks"]),
        ]


def environ_of(twilio: FakeTwilio, server: Server) -> dict[str, str]:
    """What the server knows of the world. It keeps an access log, so that addresses can be looked through."""
    return {
        **twilio.settings(),
        "REDIS_URL": "",
        "PUBLIC_URL": server.url,
        "GUNICORN_CMD_ARGS": "--access-logfile -",
    }


@contextmanager
def line_on(database: str, key_file: Path, folder: Path) -> Iterator[Line]:
    """A house with its own Twilio on a migrated, empty database."""
    (folder / "twilio").mkdir()
    twilio = FakeTwilio(folder / "twilio").start()
    server = server_for(database, key_file, folder)
    server.environ = {**server.environ, **environ_of(twilio, server)}
    app = create_app(settings_for(database, key_file, public_url=server.url, **told_to(twilio)))
    if database.startswith("postgresql"):
        empty_postgres(app)
    try:
        with app.app_context():
            now = machine_now()
            house = open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, now=now)
            line = Line(app, twilio, server, database, house.id, _dana(house.id, now))
            twilio.house(server.url, inbound_path=INBOUND)
            yield line
            db.session.remove()
            db.engine.dispose()
    finally:
        server.stop()
        twilio.stop()


def _group(process: Path) -> int | None:
    """The process group of what stands under /proc, or none where it has ended."""
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return None


def told_to(twilio: FakeTwilio) -> dict[str, object]:
    """The same as settings of an app in this process."""
    return {name.lower(): value for name, value in twilio.settings().items()}


def _dana(house_id: uuid.UUID, now: datetime) -> Actor:
    with transaction() as session:
        dana = Person(email="dana@example.org", name="Dana", password_hash=None, made_at=now)
        session.add(dana)
        session.flush()
        session.add(Membership(person_id=dana.id, house_id=house_id, role=Role.COORDINATOR, began_at=now))
    return Actor(ActorKind.PERSON, dana.id, {house_id: Role.COORDINATOR})


@pytest.fixture(scope="module")
def line_database(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> str:
    """SQLite, unless a module asks for another."""
    path = tmp_path_factory.mktemp("line") / "house.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def served(line_database: str, key_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One house and one Twilio for a module; nothing that was said leaks, whatever happened."""
    with line_on(line_database, key_file, tmp_path_factory.mktemp("served")) as line:
        yield line
        assert line.canaries.in_any(line.said()) == set(), "what nobody but the two may read stands in a log or address"


@pytest.fixture
def line(served: Line) -> Line:
    """The module's house, where all is well again."""
    served.calm()
    return served
