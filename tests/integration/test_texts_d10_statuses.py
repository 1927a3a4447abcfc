"""Scenarios 10-15 of docs/texting-scenarios.md: statuses come early, late, twice, and take nothing back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from respite.audit.models import Event
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.messaging import events, jobs
from respite.messaging.models import ProviderEvent
from respite.messaging.policy.states import State
from tests.texting import ARRIVED, Line
from tests.texting_world import STATUS, until

pytestmark = pytest.mark.xdist_group("texts d10")

#: A text that stands in Twilio's queue until a test says otherwise.
NOTHING_YET = [{"after": 0, "status": "queued"}]


def waiting(line: Line) -> tuple[uuid.UUID, str]:
    """A text that Twilio took, and its SID; no word of it has come back yet."""
    to = line.number()
    line.twilio.fails(to=to, plan=NOTHING_YET)
    text = line.write(to)
    sid = line.stands(text, State.ACCEPTED).sid
    assert sid is not None
    return text, sid


def heard(line: Line, sid: str) -> list[ProviderEvent]:
    query = sa.select(ProviderEvent).where(ProviderEvent.sid == sid).order_by(ProviderEvent.heard_at)
    return line.read(lambda: list(db.session.scalars(query)))


def test_delivered_before_the_create_was_answered(line: Line) -> None:
    """Scenario 10: the callback brings the SID; the 201 that comes later takes nothing back."""
    to = line.number()
    line.twilio.fails(to=to, plan=[{"after": 0, "status": "delivered"}], delay=3)
    text = line.write(to)
    found = line.stands(text, State.DELIVERED)
    assert line.twilio.posts(to=to)[0]["end"] is None, "the create has not been answered yet"
    assert found.sid == line.twilio.accepted(to=to)[0]["sid"]
    until(lambda: line.twilio.posts(to=to)[0]["end"])
    later = line.write(line.number())
    line.stands(later, *ARRIVED)  # the hands are free again
    after = line.text(text)
    assert (after.state, after.sid, after.attempt_no) == (State.DELIVERED, found.sid, 1)
    assert (line.posted(text), line.taken(text)) == (1, 1)


def test_statuses_in_the_wrong_order_are_all_kept_and_take_nothing_back(line: Line) -> None:
    """Scenario 11: delivered, then sent, then queued."""
    text, sid = waiting(line)
    for status in ("delivered", "sent", "queued"):
        line.twilio.calls_back(sid, status)
        assert line.text(text).state == State.DELIVERED
    assert [each.status for each in heard(line, sid)] == ["delivered", "sent", "queued"]
    assert [each.made_of_it for each in heard(line, sid)] == ["moved", "nothing-new", "nothing-new"]


def test_the_same_status_five_times_at_once_is_one(line: Line) -> None:
    """Scenario 12: one row, one transition, and five times yes."""
    text, sid = waiting(line)
    version = line.text(text).version
    answers = line.twilio.calls_back(sid, "delivered", times=5)
    assert [each["http"] // 100 for each in answers] == [2] * 5
    assert [each.status for each in heard(line, sid)] == ["delivered"]
    assert (line.text(text).state, line.text(text).version) == (State.DELIVERED, version + 1)


def test_a_status_that_nobody_knows_is_kept_and_told_of(line: Line) -> None:
    """Scenario 13: an unknown SID of a try of ours, a try that never was, a word that is none."""
    text, sid = waiting(line)
    attempt = line.tries(text)[0].id
    about: dict[str, Any] = {"AccountSid": line.twilio.account, "To": line.number(), "MessageStatus": "delivered"}
    foreign, nobodys = "SM" + "f" * 32, "SM" + "e" * 32
    sent = (
        (attempt, {**about, "MessageSid": foreign}),
        (uuid.uuid4(), {**about, "MessageSid": nobodys}),
        (attempt, {**about, "MessageSid": sid, "MessageStatus": "levitating"}),
        (attempt, {**about, "MessageSid": sid, "MessageStatus": "sent", "ErrorCode": "many"}),
        (attempt, {"AccountSid": line.twilio.account}),
    )
    for attempt_id, form in sent:
        (answer,) = line.twilio.calls_back("", form=form, url=f"{line.server.url}{STATUS}{attempt_id}")
        assert answer["http"] // 100 == 2
    assert [each.made_of_it for each in heard(line, nobodys)] == ["nobodys"]
    assert [each.made_of_it for each in heard(line, foreign)] == ["conflict"]
    assert [(each.status, each.made_of_it) for each in heard(line, sid)] == [
        ("levitating", "strange"),
        ("sent", "moved"),
    ]
    until(lambda: line.text(text).reason == "maybe-twice", "two SIDs of one try: a person is told")
    with transaction() as session:  # ten minutes go by
        session.execute(
            sa.update(ProviderEvent)
            .where(ProviderEvent.sid == nobodys)
            .values(heard_at=machine_now() - timedelta(minutes=11))
            .execution_options(synchronize_session=False)
        )
    told = told_of(line)
    jobs.ask()
    assert told_of(line) == told + 1
    jobs.ask()
    assert told_of(line) == told + 1, "once"


def told_of(line: Line) -> int:
    query = sa.select(sa.func.count()).where(Event.stream == line.house_id, Event.kind == events.LEDGERS_DIFFER)
    return line.read(lambda: db.session.scalar(query)) or 0


def test_undelivered_and_then_delivered_after_all_is_not_sent_again(line: Line) -> None:
    """Scenario 14: the second try was planned already, and is called off."""
    text, sid = waiting(line)
    line.twilio.calls_back(sid, "undelivered", error_code=30008)
    again = line.text(text)
    assert (again.state, again.reason, again.error_code) == (State.QUEUED, "did-not-arrive", 30008)
    line.twilio.calls_back(sid, "delivered")
    after = line.text(text)
    assert (after.state, after.sid, after.next_at) == (State.DELIVERED, sid, None)
    assert [each.made_of_it for each in heard(line, sid)] == ["moved", "conflict"]
    line.skips(timedelta(minutes=10))
    later = line.write(line.number())
    line.stands(later, *ARRIVED)
    assert (line.posted(text), line.taken(text)) == (1, 1)


def test_an_old_error_code_on_a_text_that_is_well_is_no_failure(line: Line) -> None:
    """Scenario 15: "sending" and "sent" that still carry 30005."""
    text, sid = waiting(line)
    line.twilio.calls_back(sid, "sending", error_code=30005)
    assert line.text(text).state == State.ACCEPTED
    line.twilio.calls_back(sid, "sent", error_code=30005)
    assert (line.text(text).state, line.text(text).error_code) == (State.SENT, None)
    line.twilio.calls_back(sid, "delivered", error_code=30005)
    assert line.text(text).state == State.DELIVERED
    assert (line.posted(text), line.taken(text)) == (1, 1)
