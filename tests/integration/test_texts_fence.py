"""Nothing is posted after a STOP's commit: between a sender's last look and its request no STOP comes about.

Each sender here is stopped at one exact place; the provider's ledger says when a request was there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs

from respite.accounts.roles import Role
from respite.core import fences
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.factory import create_app
from respite.houses.models import House
from respite.messaging import twilio_sockets
from respite.messaging.models import Correspondent, Message
from respite.messaging.models.people import PersonState
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import consent, correspondents, erasing, sending, silence, stopping
from respite.messaging.service.ground import number_mark
from tests.places import SUNDAY, TEMPLATES, empty_postgres, settings_for
from tests.texting_world import until
from tests.texts_in import SAM, person_at, rows, says, stops, text_to
from tests.twilio.companion import FakeTwilio

ROOT = Path(__file__).resolve().parent.parent.parent
SOON = SUNDAY.replace(hour=SUNDAY.hour + 1)
WAYS = ["asked", "wrong-number", "forgotten", "no-consent", "not-safe", "no-contact", "died"]


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def app(database_url: str, key_file: Path, clock: StillClock, twilio: FakeTwilio) -> Iterator[Flask]:
    """A house whose texts go to a Twilio of its own, which calls nobody back."""
    twilio.control(callbacks={"on": False})
    told = {name.lower(): value for name, value in twilio.settings().items()}
    app = create_app(settings_for(database_url, key_file, **told), house_clock=clock)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=True, WTF_CSRF_ENABLED=False)
    app.jinja_env.bytecode_cache = TEMPLATES
    if database_url.startswith("postgresql"):
        empty_postgres(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine is no reason here to give up."""
    monkeypatch.setattr(fences, "BEGIN_SECONDS", 60.0)
    monkeypatch.setattr(fences, "SHUT_SECONDS", 60)


@dataclass
class Act:
    """Something that somebody else does meanwhile. `ended_at` is the machine's clock when it had been committed."""

    app: Flask
    what: Callable[[], object]
    ended_at: float | None = None
    failed: list[Exception] = field(default_factory=list)

    def begin(self) -> Act:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        return self

    def _run(self) -> None:
        with self.app.app_context():
            try:
                self.what()
                self.ended_at = time.time()
            except Exception as error:
                self.failed.append(error)
            finally:
                db.session.remove()

    def end(self) -> float:
        self.thread.join(60)
        assert self.failed == []
        assert self.ended_at is not None
        return self.ended_at


@dataclass
class Gate:
    """A place at which a sender stands until it is let go on."""

    there: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)

    def stand(self) -> None:
        self.there.set()
        assert self.open.wait(60)


@contextmanager
def stands_after(module: Any, name: str, patch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Whoever calls this has its answer, and stands."""
    real, gate = getattr(module, name), Gate()

    def standing(*args: Any) -> Any:
        found = real(*args)
        gate.stand()
        return found

    patch.setattr(module, name, standing)
    try:
        yield gate
    finally:
        gate.open.set()


@pytest.fixture
def reaches_the_fence(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when a commit has come so far that only the fence is before it."""
    there = threading.Event()
    for name in ("_shut_postgres", "_shut_sqlite"):
        real = getattr(fences, name)

        def shutting(*args: Any, real: Callable[..., Any] = real) -> Any:
            there.set()
            return real(*args)

        monkeypatch.setattr(fences, name, shutting)
    return there


@pytest.fixture
def arrives(monkeypatch: pytest.MonkeyPatch, twilio: FakeTwilio) -> None:
    """That a request is there is what the ledger says, not the machine's word for it."""
    monkeypatch.setattr(twilio_sockets, "_until_arrived", lambda _connection: until(lambda: twilio.posts(to=SAM)))


def a_text(house: House, **more: Any) -> Message:
    return text_to(house, **({"not_before": SUNDAY, "purpose": Purpose.ANSWER} | more))


def carried(app: Flask) -> Act:
    """The next text, on its way."""
    _touched, claimed = sending.claim(SUNDAY)
    assert claimed is not None
    return Act(app, lambda: sending.carry(claimed, lambda: SUNDAY)).begin()


def comes_so_far(act: Act, reached: threading.Event) -> None:
    """Wait until the act is over or at the fence; one that a fence does not hold has time to get over it."""
    until(lambda: reached.is_set() or act.ended_at or act.failed)
    act.thread.join(0.5)


def posted_after(twilio: FakeTwilio, committed: float) -> list[dict[str, Any]]:
    return [post for post in twilio.posts(to=SAM) if post["start"] > committed]


def state(message: Message) -> tuple[str, str | None]:
    return values(message, "state", "reason")


def values(message: Message, *names: str) -> Any:
    """As they stand now, with no transaction left open that a commit would wait for."""
    [found] = rows(Message, Message.id == message.id)
    read = tuple(getattr(found, name) for name in names)
    db.session.rollback()
    return read


def nothing(*_args: object) -> None:
    """In place of what shuts the fence."""


@pytest.mark.parametrize("fenced", [True, False])
def test_a_sender_between_its_last_look_and_its_request_is_waited_for(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch, arrives: None,
    reaches_the_fence: threading.Event, fenced: bool,
) -> None:  # fmt: skip
    """And without the fence the very same course posts a text after the STOP."""
    text = a_text(juniper)
    if not fenced:
        monkeypatch.setattr(fences, "shut", nothing)
    with stands_after(sending, "look_again", monkeypatch) as gate:
        sender = carried(app)
        assert gate.there.wait(60)
        stop = Act(app, lambda: says("STOP")).begin()
        comes_so_far(stop, reaches_the_fence)
        assert twilio.posts(to=SAM) == []
    sender.end()
    assert len(posted_after(twilio, stop.end())) == (0 if fenced else 1)
    assert len(twilio.posts(to=SAM)) == 1
    assert state(text)[0] == State.ACCEPTED, "it had left before they asked for an end"


@pytest.mark.parametrize(
    "stops", ["asked", "wrong-number", "forgotten", "no-consent", "not-safe", "no-contact", "died"]
)
def test_whoever_takes_a_text_back_waits_too(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch, arrives: None,
    reaches_the_fence: threading.Event, actor_in: Any, stops: str,
) -> None:  # fmt: skip
    sam = person_at(juniper, consents=(Purpose.FOLLOW_UP,), timezone="America/Denver")
    a_text(juniper, purpose=Purpose.FOLLOW_UP, correspondent_id=sam.id)
    peer, act = actor_in(juniper.id, Role.PEER), taking_back(stops, sam)
    with stands_after(sending, "look_again", monkeypatch) as gate:
        sender = carried(app)
        assert gate.there.wait(60)
        taken_back = Act(app, lambda: act(peer)).begin()
        comes_so_far(taken_back, reaches_the_fence)
    sender.end()
    assert posted_after(twilio, taken_back.end()) == []
    assert len(twilio.posts(to=SAM)) == 1


@pytest.mark.parametrize(
    "stops", ["asked", "wrong-number", "forgotten", "no-consent", "not-safe", "no-contact", "died"]
)
def test_what_was_taken_back_while_the_sender_connected_is_found_by_its_last_look(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch, actor_in: Any, stops: str
) -> None:
    """A connection that is slow to come about holds no fence: nobody waits for it."""
    sam = person_at(juniper, consents=(Purpose.FOLLOW_UP,), timezone="America/Denver")
    text = a_text(juniper, purpose=Purpose.FOLLOW_UP, correspondent_id=sam.id)
    peer = actor_in(juniper.id, Role.PEER)
    with stands_after(twilio_sockets, "_connect", monkeypatch) as gate:
        sender = carried(app)
        assert gate.there.wait(60)
        taking_back(stops, sam)(peer)
        assert state(text)[0] == State.SENDING
    sender.end()
    assert twilio.posts(to=SAM) == []
    sending.pump(lambda: SOON, hands=1)
    assert twilio.posts(to=SAM) == []
    assert state(text)[0] in (State.SUPPRESSED, State.CANCELED)


def taking_back(how: str, sam: Correspondent) -> Callable[[Any], object]:
    def inside(act: Callable[[Any], object]) -> Callable[[Any], object]:
        def run(_peer: Any) -> None:
            with transaction() as session:
                act(session)

        return run

    wishes = correspondents.Wishes(False, "en", sam.hours_from, sam.hours_until)
    return {
        "asked": lambda peer: stopping.asked_not_to(peer, sam.id, SUNDAY),
        "wrong-number": lambda peer: stopping.wrong_number(peer, sam.id, SUNDAY),
        "forgotten": inside(lambda session: erasing.erase(session, sam.house_id, sam.subject_id, SUNDAY)),
        "no-consent": lambda peer: consent.withdraw(peer, sam.house_id, sam.subject_id, "follow-up", now=SUNDAY),
        "not-safe": lambda peer: correspondents.change_wishes(peer, sam.id, wishes, now=SUNDAY),
        "no-contact": inside(
            lambda session: correspondents.put_state(
                session, sam.house_id, sam.subject_id, PersonState.NO_CONTACT, SUNDAY
            )
        ),
        "died": inside(
            lambda session: silence.fall_silent(session, session.get_one(Correspondent, sam.id), None, SUNDAY)
        ),
    }[how]


def test_a_provider_that_does_not_answer_keeps_no_stop_waiting(app: Flask, juniper: House, twilio: FakeTwilio) -> None:
    """Once the request is written the fence is free, however long the answer takes."""
    text = a_text(juniper)
    twilio.fails(to=SAM, answer="hang", hang=20)
    sender = carried(app)
    until(lambda: twilio.posts(to=SAM))
    says("STOP")
    [post] = twilio.posts(to=SAM)
    assert post["end"] is None, "it hangs still"
    assert len(stops()) == 1
    db.session.rollback()
    twilio.kill()
    sender.end()
    assert state(text) == (State.UNKNOWN, "unclear")


def test_who_comes_while_a_stop_is_being_committed_comes_again(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch, reaches_the_fence: threading.Event
) -> None:
    """It waits for a second at most, and is then called off; what stands two seconds later decides."""
    monkeypatch.setattr(fences, "PASS_SECONDS", 0.1)
    texts = [a_text(juniper), a_text(juniper)]
    _touched, other = sending.claim(SUNDAY)
    assert other is not None
    with stands_after(sending, "look_again", monkeypatch) as gate:
        first = carried(app)
        assert gate.there.wait(60)
        stop = Act(app, lambda: says("STOP")).begin()
        assert reaches_the_fence.wait(60)
        until(lambda: not can_pass())
        with pytest.raises(sending.CalledOff) as off:
            sending.hand_over(other)
        db.session.rollback()
        second = Act(app, lambda: sending.carry(other, lambda: SUNDAY)).begin()
        second.thread.join(0.5)
    for each in (first, stop, second):
        each.end()
    assert off.value.reason == "stop-comes"
    states = sorted(state(each) for each in texts)
    assert states[0] == (State.ACCEPTED, None)
    assert states[1] in ((State.QUEUED, "stop-comes"), (State.SUPPRESSED, "stopped"))
    sending.pump(lambda: SOON, hands=1)
    assert sorted(state(each)[0] for each in texts) == [State.ACCEPTED, State.SUPPRESSED]
    assert len(twilio.posts(to=SAM)) == 1


def can_pass() -> bool:
    try:
        with fences.passing(number_mark(SAM)):
            return True
    except fences.Shut:
        return False


def test_a_stop_that_is_rolled_back_costs_a_text_two_seconds(app: Flask, juniper: House, twilio: FakeTwilio) -> None:
    text = a_text(juniper)
    _touched, claimed = sending.claim(SUNDAY)
    assert claimed is not None
    with transaction() as session:
        sending.settling.call_off(*sending._locked(session, claimed), "stop-comes", SUNDAY)
    assert values(text, "state", "reason", "next_at") == (
        State.QUEUED,
        "stop-comes",
        SUNDAY + sending.settling.STOP_STANDS,
    )
    sending.pump(lambda: SOON, hands=1)
    assert state(text)[0] == State.ACCEPTED
    assert len(twilio.posts(to=SAM)) == 1


def test_who_stood_still_too_long_after_its_last_look_begins_nothing(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = a_text(juniper)
    monkeypatch.setattr(fences, "BEGIN_SECONDS", 0.0)
    carried(app).end()
    assert (twilio.posts(to=SAM), state(text)) == ([], (State.QUEUED, "stop-comes"))
    monkeypatch.setattr(fences, "BEGIN_SECONDS", 60.0)
    sending.pump(lambda: SOON, hands=1)
    assert state(text)[0] == State.ACCEPTED


def test_a_stop_is_never_lost_over_a_sender_that_does_not_go_on(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is committed all the same, and the log says so: then that one text may leave after it, and no other."""
    monkeypatch.setattr(fences, "SHUT_SECONDS", 1)
    texts = [a_text(juniper) for _ in range(3)]
    with capture_logs() as logs, stands_after(sending, "look_again", monkeypatch) as gate:
        sender = carried(app)
        assert gate.there.wait(60)
        says("STOP")
        assert [each["event"] for each in logs if each["event"].startswith("fence")] == ["fence.not-shut"]
        assert sorted(state(each)[0] for each in texts) == [State.SENDING, State.SUPPRESSED, State.SUPPRESSED]
    sender.end()
    assert len(twilio.posts(to=SAM)) == 1


ANOTHER = """
import sys, time
from datetime import datetime
from pathlib import Path

from respite.core import fences
from respite.core.settings import from_environ
from respite.factory import create_app
from respite.messaging.service import sending
import os

now, here = datetime.fromisoformat(sys.argv[1]), Path(sys.argv[2])
fences.BEGIN_SECONDS = 60.0
with create_app(from_environ(os.environ)).app_context():
    _touched, claimed = sending.claim(now)
    look = sending.look_again

    def stands(claimed):
        found = look(claimed)
        (here / "there").touch()
        while not (here / "go").exists():
            time.sleep(0.005)
        return found

    sending.look_again = stands
    sending.carry(claimed, lambda: now)
"""


@pytest.fixture
def another(database_url: str, key_file: Path, twilio: FakeTwilio, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own that stands between its last look and its request, until there is a file `go`."""
    environ = {
        **os.environ, **twilio.settings(), "RESPITE_MODE": "demo", "DATABASE_URL": database_url, "REDIS_URL": "",
        "RESPITE_KEYS": str(key_file), "SECRET_KEY": "a secret for tests that is long enough",
        "PUBLIC_URL": "http://127.0.0.1:5000",
    }  # fmt: skip
    asked = [sys.executable, "-c", ANOTHER, SUNDAY.isoformat(), str(tmp_path)]
    with subprocess.Popen(asked, cwd=ROOT, env=environ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.slow
def test_a_sender_of_another_process_is_waited_for(
    app: Flask, juniper: House, twilio: FakeTwilio, tmp_path: Path, reaches_the_fence: threading.Event,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    text = a_text(juniper)
    process = request.getfixturevalue("another")
    until((tmp_path / "there").exists)
    stop = Act(app, lambda: says("STOP")).begin()
    comes_so_far(stop, reaches_the_fence)
    assert stop.ended_at is None
    (tmp_path / "go").touch()
    stop.end()
    assert process.wait(60) == 0
    assert len(until(lambda: twilio.posts(to=SAM))) == 1
    assert state(text)[0] == State.ACCEPTED
    a_text(juniper)
    sending.pump(lambda: SOON, hands=1)
    assert len([post for post in twilio.posts(to=SAM) if "thinking" in post["body"]]) == 1


@pytest.mark.slow
def test_a_sender_that_dies_at_the_fence_is_not_waited_for(
    app: Flask, juniper: House, twilio: FakeTwilio, tmp_path: Path, reaches_the_fence: threading.Event,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    a_text(juniper)
    process = request.getfixturevalue("another")
    until((tmp_path / "there").exists)
    stop = Act(app, lambda: says("STOP")).begin()
    comes_so_far(stop, reaches_the_fence)
    assert stop.ended_at is None
    process.send_signal(signal.SIGKILL)
    stop.end()
    assert twilio.posts(to=SAM) == []
