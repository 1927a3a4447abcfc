"""The provider's ledger and ours, texts that went quiet, and a machine whose clock is wrong."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.audit.models import Event
from respite.core.clock import StillClock, machine_now
from respite.core.db import db, transaction
from respite.factory import create_app
from respite.houses.service.opening import open_house
from respite.messaging import events, jobs
from respite.messaging.gateway import Accepted, gateway
from respite.messaging.models import Attempt, Message, ProviderEvent
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import checks, sending, statuses
from respite.messaging.service.writing import write
from tests.places import settings_for
from tests.twilio.companion import FakeTwilio
from tests.twilio.official import client_of

NUMBER = "+13035550142"


@pytest.fixture
def twilio(tmp_path: Path) -> Iterator[FakeTwilio]:
    fake = FakeTwilio(tmp_path).start()
    fake.control(callbacks={"on": False})
    yield fake
    fake.stop()


@pytest.fixture
def app(database_url: str, key_file: Path, twilio: FakeTwilio) -> Iterator[Flask]:
    told = {name.lower(): value for name, value in twilio.settings().items()}
    app = create_app(settings_for(database_url, key_file, **told), house_clock=StillClock(machine_now()))
    app.config.update(TESTING=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def house_id(app: Flask) -> uuid.UUID:
    return open_house(
        COMMAND, name="Maple House", kind="respite", timezone="America/Denver", beds=1, now=machine_now()
    ).id


@pytest.fixture
def sent(app: Flask, house_id: uuid.UUID) -> uuid.UUID:
    """A text that the provider took a moment ago."""
    now = machine_now()
    with transaction() as session:
        message = write(
            session, house_id, number=NUMBER, purpose=Purpose.ANSWER, words="We are in.", dedupe_key="a",
            made_by="command:0", now=now,
        )  # fmt: skip
    sending.pump(lambda: now, hands=1)
    return message.id


def told(kind: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.kind == kind)) or 0


def read(message_id: uuid.UUID) -> Message:
    return db.session.get_one(Message, message_id, populate_existing=True)


def later(patch: pytest.MonkeyPatch, twilio: FakeTwilio, by: timedelta) -> datetime:
    """An hour passes, for us and for the provider."""
    now = machine_now() + by
    twilio.moves(by.total_seconds())
    patch.setattr(checks, "machine_now", lambda: now)
    return now


def test_a_text_that_went_quiet_is_asked_about(
    sent: uuid.UUID, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(sent).state == State.ACCEPTED
    assert checks.poll(machine_now() + timedelta(minutes=59)) == 0
    now = later(monkeypatch, twilio, timedelta(hours=2))
    assert checks.poll(now) == 1
    assert read(sent).state == State.DELIVERED


def test_no_receipt_is_not_a_failure(sent: uuid.UUID, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> None:
    twilio.control(plan=[{"after": 1, "status": "sent"}])
    with transaction() as session:
        quiet = write(
            session, read(sent).house_id, number="+13035550143", purpose=Purpose.ANSWER, words="Still here.",
            dedupe_key="b", made_by="command:0", now=machine_now(),
        )  # fmt: skip
    sending.pump(machine_now, hands=1)
    now = later(monkeypatch, twilio, timedelta(hours=73))
    checks.poll(now)
    message = read(quiet.id)
    assert (message.state, message.reason) == (State.SENT, "no-receipt")
    assert message.ended_at is not None
    assert checks.poll(now + timedelta(hours=2)) == 0


def test_ledgers_that_agree(sent: uuid.UUID, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> None:
    twilio.says(NUMBER, "HELP")  # Twilio answers it itself; that is nobody's text of ours
    now = later(monkeypatch, twilio, timedelta(hours=3))
    assert not checks.compare_ledgers(now)
    assert told(events.LEDGERS_DIFFER) == 0
    assert checks.compared_lately(now)


def test_a_text_that_no_row_claims_is_told_once(
    sent: uuid.UUID, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway().send(
        to="+13035550144", body="Who sent this?", attempt_id=str(uuid.uuid4()), valid_for=600, leaving=nullcontext
    )
    now = later(monkeypatch, twilio, timedelta(hours=3))
    for _night in range(2):
        checks.compare_ledgers(now)
    assert told(events.LEDGERS_DIFFER) == 1


def test_a_sid_that_the_provider_does_not_have_is_told_once(
    sent: uuid.UUID, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        session.execute(sa.update(Attempt).values(sid="SM" + "0" * 32))
    now = later(monkeypatch, twilio, timedelta(hours=3))
    for _night in range(2):
        found = checks.compare_ledgers(now)
    assert found is not None
    assert told(events.LEDGERS_DIFFER) == 1


def test_a_provider_that_does_not_answer_says_nothing_about_the_ledger(sent: uuid.UUID, twilio: FakeTwilio) -> None:
    twilio.control(faults=[{"on": "list", "answer": "error", "http": 503, "times": None}])
    assert checks.compare_ledgers(machine_now()) is None
    assert told(events.LEDGERS_DIFFER) == 0


def test_a_status_for_nobodys_text_is_told_after_ten_minutes(
    house_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered"}
    assert statuses.heard(uuid.uuid4(), form, machine_now()) == "nobodys"
    assert checks.tell_of_nobodys(machine_now()) == 0
    now = machine_now() + timedelta(minutes=11)
    monkeypatch.setattr(checks, "machine_now", lambda: now)
    assert checks.tell_of_nobodys(now) == 1
    assert checks.tell_of_nobodys(now) == 0
    assert told(events.LEDGERS_DIFFER) == 1


@pytest.mark.parametrize("off", [timedelta(minutes=10), timedelta(hours=-3)])
def test_a_machine_whose_clock_is_wrong_goes_by_the_providers(
    app: Flask, sent: uuid.UUID, twilio: FakeTwilio, off: timedelta
) -> None:
    """Here it is the provider's that stands apart; from this side that is the same."""
    assert abs((jobs.texts_now() - _house_clock(app)).total_seconds()) < 1
    twilio.moves(-off.total_seconds())
    gateway().outbound_to(NUMBER, machine_now())
    assert abs((jobs.texts_now() - (_house_clock(app) - off)).total_seconds()) < 3


def _house_clock(app: Flask) -> datetime:
    return cast("StillClock", app.extensions["respite.clock"]).now()


def test_an_answer_leaves_at_once_on_a_machine_whose_clock_is_fast(
    app: Flask, house_id: uuid.UUID, sent: uuid.UUID, twilio: FakeTwilio
) -> None:
    twilio.moves(-600)
    gateway().outbound_to(NUMBER, machine_now())
    with transaction() as session:
        message = write(
            session, house_id, number=NUMBER, purpose=Purpose.ANSWER, words="Come in.", dedupe_key="c",
            made_by="command:0", now=_house_clock(app),
        )  # fmt: skip
    cast("StillClock", app.extensions["respite.clock"]).at += timedelta(seconds=2)  # the provider tells whole seconds
    jobs.send()
    assert read(message.id).state != State.SCHEDULED
    assert len(twilio.accepted(to=NUMBER)) == 2


def test_what_the_provider_told_word_for_word_goes_after_a_month(
    house_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"MessageSid": "SM" + "2" * 32, "MessageStatus": "delivered", "To": NUMBER}
    statuses.heard(uuid.uuid4(), form, machine_now())
    assert checks.forget_raw() == 0
    now = machine_now() + timedelta(days=31)
    monkeypatch.setattr(checks, "machine_now", lambda: now)
    assert checks.forget_raw() == 1
    assert db.session.scalar(sa.select(ProviderEvent.raw_sealed)) is None


def test_other_programs_on_the_account_are_not_ours(database_url: str, key_file: Path, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    fake = FakeTwilio(tmp_path / "shared", service="MG" + "0" * 32).start()
    try:
        told = {name.lower(): value for name, value in fake.settings().items()}
        app = create_app(settings_for(database_url, key_file, **told))
        with app.app_context():
            ours = gateway().send(
                to=NUMBER, body="Ours", attempt_id=str(uuid.uuid4()), valid_for=600, leaving=nullcontext
            )
            with client_of(fake) as another:
                another.messages.create(to=NUMBER, body="Somebody else's", from_=fake.number)
            listed = gateway().outbound(machine_now() - timedelta(hours=1), machine_now() + timedelta(hours=1))
            assert [seen.sid for seen in listed.texts] == [cast("Accepted", ours).sid]
            db.session.remove()
            db.engine.dispose()
    finally:
        fake.stop()
