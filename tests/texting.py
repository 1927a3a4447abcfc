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

import shutil
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.core.clock import house_now, machine_now
from respite.core.db import db, transaction
from respite.houses.service.opening import open_house
from respite.messaging.gateway import gateway
from respite.messaging.models import Attempt, Consent, Correspondent, Mark, Message, NumberStop, Pause
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import write
from tests.canaries import Canaries
from tests.texting_world import World, world_on

FAILED = ("failed", "undelivered")
ARRIVED = (State.ACCEPTED, State.SENT, State.DELIVERED)
T = TypeVar("T")


@dataclass
class Line(World):
    """A house that texts."""

    house_id: uuid.UUID
    dana: Actor
    canaries: Canaries = field(default_factory=Canaries)

    # People and texts.

    def number(self, area: str | None = None) -> str:
        return self.canaries.number(area)

    def words(self, about: str = "Thinking of you") -> str:
        return f"{about}, {self.canaries.word()}."

    def peer(self, number: str, *purposes: Purpose, **more: Any) -> uuid.UUID:
        """Somebody who works here and may be texted at this number at any hour; returns who they are."""
        with transaction() as session:
            person = Person(email=f"{uuid.uuid4()}@example.org", name="Jo", password_hash=None, made_at=house_now())
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, house_id=self.house_id, role=Role.PEER, began_at=house_now()))
        hours = {"hours_from": clock_time(0), "hours_until": clock_time(0)}
        self.guest(number, *purposes, kind="peer", subject_id=person.id, **(hours | more))
        return person.id

    def guest(self, number: str, *purposes: Purpose, timezone: str | None = "America/Denver", **more: Any) -> uuid.UUID:
        """Somebody who may be texted at this number, for these purposes."""
        now, mark = house_now(), number_mark(number)
        who = {"kind": "guest", "subject_id": uuid.uuid4()}
        with transaction() as session:
            person = Correspondent(
                house_id=self.house_id, number_index=mark, timezone=timezone, made_at=now, **(who | more)
            )
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

    def of_number(self, model: type[T], number: str) -> list[T]:
        """Every row of a table that belongs to this number."""
        query = sa.select(model).where(model.number_index == number_mark(number))  # type: ignore[attr-defined]
        return self.read(lambda: list(db.session.scalars(query)))

    def stop_on(self, number: str) -> NumberStop | None:
        """What stands against texting this number."""
        return next((each for each in self.of_number(NumberStop, number) if each.ended_at is None), None)

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

    # From one test to the next.

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
        """Twilio's clock is the machine's again; this app and the server, which go by it, have heard of that."""
        ahead = self.twilio.moves(0) - time.time()
        if abs(ahead) > 1:
            self.twilio.moves(-ahead)
            with transaction() as session:
                session.execute(sa.delete(Mark).where(Mark.name == "inbound-seen-until"))
            gateway().inbound(machine_now())
            self.stands(self.write(self.number()), *ARRIVED)

    def honest(self) -> list[str]:
        """Texts of tests that Twilio has twice, or that we call sent and Twilio has not. Each has words of its own."""
        wrong = []
        ledger = [each for each in self.twilio.accepted() if self.canaries.words_in(each["body"])]
        had = Counter((each["to"], each["body"]) for each in ledger)
        arrived = Counter((each["to"], each["body"]) for each in ledger if each["status"] not in FAILED)
        for message in self.read(lambda: list(db.session.scalars(sa.select(Message)))):
            if self.canaries.words_in(message.body or ""):
                key = (message.number, message.body)
                if arrived[key] > 1 or (message.state in ARRIVED and not had[key]):
                    wrong.append(f"{message.id} {message.state} {message.reason}: {had[key]}, {arrived[key]} arrived")
        return wrong

    def said(self) -> list[str]:
        """Everything that was written down outside the database, and every address that was asked for on our side."""
        ledger = self.twilio.ledger()
        return [
            *(path.read_text(errors="replace") for path in sorted(self.server.log.parent.glob("*.log"))),
            *(str(each["callback"]) for each in ledger["accepted"]),
            *(f"{each['url']} {each['http']} {each['body']}" for each in ledger["callbacks"]),
        ]


@contextmanager
def line_on(database: str, key_file: Path, folder: Path) -> Iterator[Line]:
    """A house with its own Twilio on a migrated, empty database."""
    with world_on(database, key_file, folder) as world:
        now = machine_now()
        house = open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, now=now)
        yield Line(**vars(world), house_id=house.id, dana=_dana(house.id, now))


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
        assert line.honest() == []
        assert line.canaries.in_any(line.said()) == set(), "what nobody but the two may read stands in a log or address"


@pytest.fixture
def line(served: Line) -> Line:
    """The module's house, where all is well again."""
    served.calm()
    return served
