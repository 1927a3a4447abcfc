"""Random fault schedules: many texts, a provider with every fault, a process that is killed and stalls, in moved time.

The product's own code runs on a real database, speaks through its real Twilio gateway, and the provider's ledger is
the very one that the fake Twilio serves. Only the clock, chance and the socket are doubles: a kill is an exception
that no code of the product catches, after which nothing of the process is left but the database.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from twilio.http.response import Response
from urllib3.exceptions import NewConnectionError

from respite.audit.service import open_stream
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging import jobs, twilio_gateway, twilio_sockets
from respite.messaging.gateway import CalledOff
from respite.messaging.models import Attempt, Consent, Correspondent, Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import checks, finding_out, sending, settling, statuses
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import write
from tests.twilio.callbacks import Callback
from tests.twilio.faults import Step, Weather
from tests.twilio.line import Line

NOON = datetime(2026, 6, 10, 18, tzinfo=UTC)  # noon in Denver
LONGEST = timedelta(hours=8)
PURPOSES = (Purpose.SHIFTS, Purpose.ANSWER, Purpose.FOLLOW_UP, Purpose.CARING)
PLANS = (
    (Step(1, "queued"), Step(3, "sent"), Step(9, "delivered")),
    (Step(1, "queued"), Step(2, "sent")),
    (Step(4, "sent", 30005), Step(8, "delivered", times=3)),
    (Step(2, "sent"), Step(5, "undelivered", 30008)),
    (Step(2, "sent"), Step(5, "failed", 30003)),
    (Step(3, "failed", 30007),),
)
WEATHER = Weather(
    accept={"now": 6, "no": 2, "late": 2},
    answer={"created": 5, "created-cut": 1, "page": 1, "error": 1, "error-page": 1, "reset": 1, "hang": 1},
    late=(1.0, 30.0),
)
#: What a person sees, or a proof that it went: everything else at the end of a schedule is a loss nobody was told of.
TOLD = (State.NEEDS_HUMAN, State.FAILED, State.UNDELIVERED, State.EXPIRED)


class Killed(BaseException):
    """kill -9: no `except Exception` of the product sees it."""


@dataclass
class World:
    """One database, one provider and one process that lives through `count` schedules at once."""

    app: Flask
    seed: str
    count: int
    patch: pytest.MonkeyPatch
    now: datetime = NOON
    killed: int = 0
    doubles: list[str] = field(default_factory=list)
    unflagged: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.line = Line(seed=self.seed, machine=lambda: self.now.timestamp(), number="+13035550100")
        self.line.script.weather = WEATHER
        self.line.lag = (0.0, 20.0)
        self.line.manner.lose, self.line.manner.shuffle = 0.3, 120.0
        self.post_box: list[tuple[datetime, Callback]] = []
        self.stalled: list[tuple[datetime, Callable[[], None]]] = []
        self.deadly = 0.0
        self._install()
        self._write()

    def _install(self) -> None:
        for module in (sending, settling, finding_out, statuses, checks):
            self.patch.setattr(module, "machine_now", lambda: self.now)
        self.patch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: self.now.timestamp()))
        self.patch.setattr(jobs, "house_now", lambda: self.now)
        self.patch.setattr(twilio_gateway, "_Http", lambda _url: LineHttp(self))
        settings = self.app.extensions["respite.settings"]
        self.app.extensions["respite.gateway"] = twilio_gateway.TwilioGateway(settings)

    def _write(self) -> None:
        with transaction() as session:
            house = House(
                slug=f"h-{uuid.uuid4().hex[:8]}", name="Maple House", kind="respite", timezone="America/Denver",
                phone="+13035550199", made_at=NOON,
            )  # fmt: skip
            session.add(house)
            session.flush()
            open_stream(session, house.id)
            for n in range(self.count):
                self._write_one(session, house.id, n)

    def _write_one(self, session: Any, house_id: uuid.UUID, n: int) -> None:
        number, purpose = f"+1206555{n:04d}", self.chance.choice(PURPOSES)
        person = Correspondent(
            house_id=house_id, kind="guest", subject_id=uuid.uuid4(), number_index=number_mark(number),
            timezone="America/Denver", made_at=NOON,
        )  # fmt: skip
        person.number = number
        session.add(person)
        session.flush()
        session.add(
            Consent(
                house_id=house_id, correspondent_id=person.id, purpose=purpose, number_index=person.number_index,
                wording=1, method="in-person", given_at=NOON, recorded_by="command:0",
            )
        )  # fmt: skip
        write(
            session, house_id, number=number, purpose=purpose, words=f"Thinking of you, {n}.", made_by="command:0",
            dedupe_key=f"{self.seed}:{n}", correspondent_id=person.id, now=NOON,
            not_before=NOON + timedelta(seconds=self.chance.uniform(0, 300)), not_after=NOON + timedelta(hours=6),
        )  # fmt: skip

    # The life of the process.

    def run(self) -> World:
        next_look, next_poll = self.now, self.now + timedelta(minutes=5)
        while self.now < NOON + LONGEST:
            self._deliver()
            self._wake()
            with self.mortal():
                self._send()
                if self.now >= next_look:
                    next_look = self.now + timedelta(seconds=30)
                    jobs.find_out()
                if self.now >= next_poll:
                    next_poll = self.now + timedelta(minutes=5)
                    jobs.ask()
            if not self._quiet():
                self.now += timedelta(seconds=self._next_step())
            elif self._not_asked_about():  # word of an end may have been lost: it is asked for after an hour
                self.now += checks.QUIET_FOR
            else:
                break
        return self._judge()

    @contextmanager
    def mortal(self) -> Iterator[None]:
        """A life that may end at any handing over; what the process held in memory goes with it."""
        self.deadly = 0.05
        try:
            yield
        except Killed:
            self.killed += 1
            self.stalled.clear()
            self.now += timedelta(seconds=self.chance.uniform(1, 90))
        finally:
            self.deadly = 0.0
            db.session.remove()

    def die(self) -> None:
        if self.chance.random() < self.deadly:
            raise Killed

    def _send(self) -> None:
        """`sending.pump` with one hand, which now and then stands still between two of its steps."""
        while True:
            touched, claimed = sending.claim(self.now)
            if claimed is None and not touched:
                return
            if claimed is None:
                continue
            self.die()
            chance = self.chance.random()
            if chance < 0.06:
                self._stall(lambda claimed=claimed: sending.carry(claimed, lambda: self.now))  # type: ignore[misc]
            elif chance < 0.12:
                self._hands_over_and_stalls(claimed)
            else:
                sending.carry(claimed, lambda: self.now)

    def _hands_over_and_stalls(self, claimed: sending.Claimed) -> None:
        try:
            answer = sending.hand_over(claimed)
        except CalledOff:
            return  # stalled for ever: the lease runs out
        self._stall(lambda: sending.write_down(claimed, answer, self.now))

    def _stall(self, act: Callable[[], None]) -> None:
        self.stalled.append((self.now + timedelta(seconds=self.chance.uniform(5, 900)), act))

    def _wake(self) -> None:
        due = [each for each in self.stalled if each[0] <= self.now]
        self.stalled = [each for each in self.stalled if each[0] > self.now]
        for _at, act in due:
            with self.mortal():
                act()

    def _deliver(self) -> None:
        """Callbacks come late, twice and in any order; some meet a process that is not there."""
        self.post_box += [(self.now, callback) for callback in self.line.advance()]
        self.chance.shuffle(self.post_box)
        due, self.post_box = self.post_box, []
        for _at, callback in due:
            attempt_id = uuid.UUID(callback.url.partition("#")[0].rpartition("/")[2])
            for _again in range(callback.times):
                statuses.heard(attempt_id, callback.form, self.now)
            db.session.remove()

    def _next_step(self) -> float:
        waits = [30.0]
        due = self.line.next_due()
        if due is not None:
            waits.append(due)
        waits += [(at - self.now).total_seconds() for at, _act in self.stalled]
        at = db.session.scalar(sa.select(sa.func.min(Message.next_at)))
        db.session.rollback()
        if at is not None:
            waits.append((at - self.now).total_seconds())
        return max(0.5, min(waits))

    def _quiet(self) -> bool:
        open_states = (State.SCHEDULED, State.QUEUED, State.SENDING, State.UNKNOWN)
        waiting = db.session.scalar(sa.select(Message.id).where(Message.state.in_(open_states)).limit(1))
        db.session.rollback()
        return waiting is None and not self.stalled and not self.line.busy(within=600)

    def _not_asked_about(self) -> bool:
        """Whether a text that is on its way was taken an hour ago, or later, and not asked about since."""
        on_their_way = (
            sa.select(Attempt.ended_at, Message.looked_at)
            .join(Attempt, Attempt.sid == Message.sid)
            .where(Message.state.in_(checks.ON_ITS_WAY))
        )
        rows = db.session.execute(on_their_way).all()
        db.session.rollback()
        return any(looked is None or looked < taken + checks.QUIET_FOR for taken, looked in rows)

    def _judge(self) -> World:
        """The ledger decides."""
        for message in db.session.scalars(sa.select(Message).where(Message.dedupe_key.startswith(f"{self.seed}:"))):
            rows = self.line.accepted(to=message.number)
            arrived = [row for row in rows if row.status not in ("failed", "undelivered")]
            self.ends[message.state] += 1
            if len(arrived) > 1:
                self.doubles.append(f"{message.dedupe_key} {message.purpose} {message.state} x{len(arrived)}")
            if not arrived and message.state not in TOLD:
                self.unflagged.append(f"{message.dedupe_key} {message.purpose} {message.state} {message.reason}")
        db.session.remove()
        return self


class LineHttp(twilio_gateway._Http):
    """The gateway's HTTP client, answered by the ledger itself instead of a socket."""

    def __init__(self, world: World) -> None:
        super().__init__(None)
        self.world = world

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        world, line = self.world, self.world.line
        path = url.partition("/2010-04-01")[2].partition("?")[0]
        self._last.headers = {}
        if method.upper() == "POST":
            return self._create(kwargs.get("data") or {})
        if path.endswith("/Messages.json"):
            if world.chance.random() < 0.1:
                raise requests.exceptions.ReadTimeout
            answer = line.listing({name: str(value) for name, value in (kwargs.get("params") or {}).items()})
        else:
            answer = line.fetch(path.rpartition("/")[2].removesuffix(".json"))
        return self._said(answer.http, answer.body, answer.headers)

    def _create(self, form: Mapping[str, Any]) -> Any:
        world = self.world
        world.die()
        with twilio_sockets.leaving():
            return self._written(form)

    def _written(self, form: Mapping[str, Any]) -> Any:
        world = self.world
        if world.chance.random() < 0.08:
            raise requests.exceptions.ConnectionError(SimpleNamespace(reason=NewConnectionError(None, "refused")))  # type: ignore[arg-type]
        if world.chance.random() < 0.08:
            return self._said(
                429, '{"code": 20429, "message": "Too Many Requests", "status": 429}', {"Retry-After": "7"}
            )
        told = {name: str(value) for name, value in form.items()}
        world.line.plan = PLANS[min(int(world.chance.expovariate(0.7)), len(PLANS) - 1)]
        outcome = world.line.create(told)
        world.die()
        answer = outcome.answer
        if answer.wire == "hang":
            world.now += timedelta(seconds=25)
            raise requests.exceptions.ReadTimeout
        if answer.wire != "whole":
            raise requests.exceptions.ConnectionError("reset")
        return self._said(answer.http, answer.body, answer.headers)

    def _said(self, http: int, body: str, headers: Mapping[str, str]) -> Any:
        at = datetime.fromtimestamp(self.world.line.clock(), UTC)
        self._last.headers = {"Date": format_datetime(at, usegmt=True), **headers}
        return Response(http, body, self._last.headers)
