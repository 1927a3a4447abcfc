"""The simulated phones are a provider like any other: a ledger, listings, and no text twice for one attempt."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from respite.accounts.actor import COMMAND
from respite.core.clock import StillClock, house_clock_is, house_now, machine_now
from respite.core.db import db, transaction
from respite.factory import create_app
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging import simulator as simulating
from respite.messaging.errors import LineNotSetUp
from respite.messaging.gateway import Accepted, Gateway, Unclear, gateway
from respite.messaging.models import Inbound, Message, SimText
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import finding_out, sending, sweeping
from respite.messaging.service.writing import write
from respite.messaging.simulator import SENDER, Simulator, put_text, sid_of
from tests.places import SUNDAY, settings_for

HOUR = timedelta(hours=1)
SAM, JO = "+13035550142", "+13035550117"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def phones(app: Flask) -> Gateway:
    return Simulator()


def send(phones: Gateway, to: str, body: str, attempt: uuid.UUID | None = None) -> str:
    answer = phones.send(to=to, body=body, attempt_id=str(attempt or uuid.uuid4()), valid_for=3600, leaving=nullcontext)
    assert isinstance(answer, Accepted)
    assert answer.status == "delivered"
    return answer.sid


def on_phones() -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(SimText))
    db.session.rollback()
    return found or 0


def came_in(number: str, body: str) -> str:
    with transaction() as session:
        return put_text(session, sid_of(uuid.uuid4()), number, body, to_phone=False, at=house_now()).sid


def test_a_text_arrives_and_is_listed_as_it_was_sent(phones: Gateway, clock: StillClock) -> None:
    sid = send(phones, SAM, "Hi Sam, ¿cómo estás? 💚")
    assert len(sid) == 34
    assert sid.startswith("SM")
    listing = phones.outbound_to(SAM, SUNDAY)
    assert listing.at == SUNDAY
    (seen,) = listing.texts
    assert (seen.sid, seen.to, seen.sender, seen.body) == (sid, SAM, SENDER, "Hi Sam, ¿cómo estás? 💚")
    assert (seen.status, seen.error_code, seen.outbound, seen.made_at) == ("delivered", None, True, SUNDAY)
    assert phones.fetch(sid) == seen
    assert phones.fetch("SM" + "0" * 32) is None


def test_the_same_attempt_twice_is_one_text(phones: Gateway, clock: StillClock) -> None:
    attempt = uuid.uuid4()
    first = send(phones, SAM, "Hi", attempt)
    clock.advance(HOUR)
    assert send(phones, SAM, "Hi", attempt) == first
    assert send(phones, SAM, "Hi") != first
    assert on_phones() == 2


def test_listings_keep_to_a_number_a_side_and_a_time_the_newest_first(
    phones: Gateway, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulating, "machine_now", clock.now)
    early = send(phones, SAM, "one")
    clock.advance(HOUR)
    later, other = send(phones, SAM, "two"), send(phones, JO, "three")
    answer = came_in(SAM, "thank you")
    assert [seen.sid for seen in phones.outbound_to(SAM, SUNDAY).texts] == [later, early]
    assert [seen.sid for seen in phones.outbound_to(SAM, SUNDAY + HOUR).texts] == [later]
    assert {seen.sid for seen in phones.outbound(SUNDAY, SUNDAY + 2 * HOUR).texts} == {early, later, other}
    assert [seen.sid for seen in phones.outbound(SUNDAY, SUNDAY + HOUR).texts] == [early]
    (seen,) = phones.inbound(SUNDAY).texts
    assert (seen.sid, seen.to, seen.sender, seen.outbound, seen.status) == (answer, SENDER, SAM, False, "received")
    assert phones.inbound(SUNDAY + 2 * HOUR).texts == ()


def test_words_and_numbers_lie_sealed(phones: Gateway) -> None:
    send(phones, SAM, "a canary in the text")
    row = db.session.scalars(sa.select(SimText)).one()
    assert b"canary" not in row.body_sealed
    assert SAM.encode() not in row.number_sealed


def test_a_database_that_gives_out_is_an_unclear_end_and_never_an_error(
    phones: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gives_out(*_args: Any, **_more: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(simulating, "put_text", gives_out)
    assert phones.send(to=SAM, body="Hi", attempt_id=uuid.uuid4().hex, valid_for=60, leaving=nullcontext) == Unclear()
    assert on_phones() == 0


def test_nobody_else_can_speak_for_the_phones(phones: Gateway) -> None:
    assert not phones.signed("http://127.0.0.1:5000/webhooks/twilio/inbound", {"Body": "hi"}, "x")
    assert not phones.tells_statuses


# -- who carries the texts --------------------------------------------------------------------------------------


def test_the_demo_has_the_phones(app: Flask) -> None:
    assert isinstance(gateway(), Simulator)


def test_a_real_house_without_an_account_has_nobody(app: Flask) -> None:
    url, keys = app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["respite.settings"].keys_file
    real = create_app(settings_for(url, keys, mode="production", public_url="https://a.example.org"))
    with real.app_context():
        with pytest.raises(LineNotSetUp):
            gateway()
        db.engine.dispose()


def test_a_command_may_put_the_house_clock_where_its_story_is(app: Flask) -> None:
    with house_clock_is(StillClock(SUNDAY - 9 * HOUR)):
        assert house_now() == SUNDAY - 9 * HOUR
    assert house_now() == SUNDAY


# -- what a kill leaves behind ----------------------------------------------------------------------------------


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", now=SUNDAY)


def waits(house: House, words: str) -> uuid.UUID:
    with transaction() as session:
        return write(
            session,
            house.id,
            number=SAM,
            purpose=Purpose.ANSWER,
            words=words,
            dedupe_key=f"test:{uuid.uuid4()}",
            made_by=COMMAND.ref,
            now=house_now(),
        ).id


@pytest.mark.parametrize("arrived", [True, False])
def test_a_kill_between_the_phone_and_the_answer_is_found_in_the_ledger(
    app: Flask, house: House, clock: StillClock, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    """Claimed, and the process is gone: with the text on the phone, or before it got there."""
    message_id = waits(house, "The kettle is on.")
    _touched, claimed = sending.claim(house_now())
    assert claimed is not None
    if arrived:
        sending.hand_over(claimed)
    later = machine_now() + timedelta(minutes=5)
    for module in (finding_out, sending):
        monkeypatch.setattr(module, "machine_now", lambda: later)
    for _round in range(3):
        finding_out.find_out(house_now())
        sending.pump(house_now, hands=1)
        clock.advance(timedelta(minutes=5))
    message = db.session.get_one(Message, message_id)
    assert message.state == State.DELIVERED
    assert message.attempt_no == (1 if arrived else 2)
    assert on_phones() == 1


def test_what_was_written_on_a_phone_and_not_heard_is_found_by_the_sweep(app: Flask, house: House) -> None:
    sid = came_in(SAM, "is anybody there?")
    sweeping.sweep_inbound(house_now())
    sweeping.sweep_inbound(house_now())
    (inbound,) = db.session.scalars(sa.select(Inbound)).all()
    assert (inbound.sid, inbound.via, inbound.body) == (sid, "sweep", "is anybody there?")
