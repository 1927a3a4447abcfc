"""Two tries of one text at once: word of the earlier one never speaks for the later one, on both databases."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging.gateway import Accepted, Answer, Refused, Unclear
from respite.messaging.models import Attempt, Message
from respite.messaging.policy.states import State
from respite.messaging.service import sending, settling, statuses
from tests.places import SUNDAY
from tests.texts_in import new_sid, text_to


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def tries(app: Flask, juniper: House) -> tuple[sending.Claimed, sending.Claimed]:
    """The first try was of unclear end and somebody sent the text again; the second is being handed over now."""
    message = text_to(juniper)
    first = _claimed(message.id)
    sending.write_down(first, Unclear(), SUNDAY)
    with transaction() as session:
        settling.wait(session.get_one(Message, message.id), "was-not-taken", SUNDAY)
    return first, _claimed(message.id)


def _claimed(message_id: uuid.UUID) -> sending.Claimed:
    with transaction() as session:
        return sending._begin(session, session.get_one(Message, message_id), 3600)


def _says(claimed: sending.Claimed, status: str, code: str = "30008", sid: str | None = None) -> None:
    form = {"MessageSid": sid or new_sid(), "MessageStatus": status, "ErrorCode": code}
    statuses.heard(claimed.attempt_id, form, SUNDAY)


def _state(claimed: sending.Claimed) -> tuple[str, bool]:
    """Where the text stands, and whether it is to be handed over once more."""
    db.session.rollback()
    message = db.session.get_one(Message, claimed.message_id, populate_existing=True)
    return message.state, message.next_at is not None


@pytest.mark.parametrize("status", ["undelivered", "failed"])
@pytest.mark.parametrize("before", [True, False])
def test_the_earlier_failed_while_nobody_knows_of_the_later(
    tries: tuple[sending.Claimed, sending.Claimed], status: str, before: bool
) -> None:
    first, second = tries
    if before:
        _says(first, status)
        sending.write_down(second, Unclear(), SUNDAY)
    else:
        sending.write_down(second, Unclear(), SUNDAY)
        _says(first, status)
    assert _state(second) == (State.UNKNOWN, False)
    sid = new_sid()
    _says(second, "delivered", "", sid)
    assert _state(second) == (State.DELIVERED, False)
    assert db.session.get_one(Attempt, second.attempt_id).sid == sid


def test_the_earlier_was_taken_first_and_failed_after(tries: tuple[sending.Claimed, sending.Claimed]) -> None:
    first, second = tries
    sid = new_sid()
    _says(first, "sent", "", sid)
    sending.write_down(second, Unclear(), SUNDAY)
    _says(first, "undelivered", "30008", sid)
    assert _state(second) == (State.UNKNOWN, False)


@pytest.mark.parametrize(
    ("answer", "stands"),
    [
        (Accepted("SM" + "f" * 32, "queued"), (State.ACCEPTED, False)),
        (Refused(429, 20429), (State.QUEUED, True)),
    ],
)
def test_the_answer_to_the_later_still_counts(
    tries: tuple[sending.Claimed, sending.Claimed], answer: Answer, stands: tuple[State, bool]
) -> None:
    first, second = tries
    _says(first, "failed")
    sending.write_down(second, answer, SUNDAY)
    assert _state(second) == stands
