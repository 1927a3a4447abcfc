"""Scenarios 39 and 40 of docs/texting-scenarios.md: the account is stopped, or the disk is full, in mid-queue."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from respite.audit.models import Event
from respite.core.clock import house_now
from respite.core.db import db
from respite.messaging import events
from respite.messaging.models import Pause
from respite.messaging.policy.states import FINAL, State
from respite.messaging.service import pausing, sending
from tests.texting import ARRIVED, Line
from tests.texting_world import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("texts d39")]

REFUSED = {"answer": "error", "http": 401, "code": 20003}
UNREGISTERED = {"plan": [{"after": 0.05, "status": "failed", "error_code": 30034}]}


def alarms(line: Line) -> int:
    query = sa.select(sa.func.count()).where(Event.stream == line.house_id, Event.kind == events.PAUSED)
    return line.read(lambda: db.session.scalar(query)) or 0


def pauses(line: Line) -> list[Pause]:
    return line.read(lambda: list(db.session.scalars(sa.select(Pause).where(Pause.ended_at.is_(None)))))


def arrived(line: Line, text: uuid.UUID) -> int:
    """How often Twilio has it, apart from what it gave back as failed."""
    row = line.text(text)
    return len([each for each in line.twilio.accepted(to=row.number, body=row.body) if each["status"] != "failed"])


@pytest.mark.parametrize("how", [REFUSED, UNREGISTERED], ids=["refused at the door", "taken and failed"])
def test_an_account_that_is_stopped_is_one_alarm_and_every_text_waits(line: Line, how: dict[str, Any]) -> None:
    """Scenario 39: four leave, and then the account is refused or its number is in no campaign."""
    line.twilio.control(latency=0.1)
    told = alarms(line)
    line.twilio.fails(times=None, skip=4, **how)
    texts = [line.write(line.number()) for _ in range(24)]
    (pause,) = until(lambda: pauses(line))
    assert (pause.why, pause.code) == ("provider", how.get("code", 30034))
    until(lambda: all(line.text(each).state != State.SENDING for each in texts))
    line.twilio.quiet()
    asked = len(line.twilio.posts())
    time.sleep(2.5)  # two more rounds of the clockwork
    assert len(line.twilio.posts()) == asked, "nothing more is asked of Twilio"
    assert alarms(line) == told + 1
    ended = [each for each in texts if line.text(each).state in FINAL or arrived(line, each)]
    assert len(ended) == 4
    assert {line.text(each).reason for each in texts if each not in ended} <= {None, "paused"}
    line.twilio.control(faults=[])
    assert pausing.resume_line(line.dana, line.house_id, house_now()) > 0
    for each in texts:
        line.stands(each, *ARRIVED)
    assert [arrived(line, each) for each in texts] == [1] * len(texts)
    assert alarms(line) == told + 1


def test_a_full_disk_when_results_are_written_down_stops_the_queue_and_doubles_nothing(line: Line) -> None:
    """Scenario 40: eight are at Twilio's door when the disk fills. None can be written down, so no more are claimed."""
    line.twilio.control(callbacks={"on": False})
    line.twilio.fails(delay=2, times=sending.HANDS)
    asked = len(line.twilio.posts())
    texts = [line.write(line.number()) for _ in range(20)]
    until(lambda: len(line.twilio.posts()) - asked == sending.HANDS)
    with line.full_disk():
        until(lambda: all(post["end"] for post in line.twilio.posts()))
        time.sleep(2.5)  # two more rounds of the clockwork
        assert len(line.twilio.posts()) - asked == sending.HANDS
        assert not any(line.text(each).sid for each in texts)
    until(lambda: sum(line.taken(each) for each in texts) == len(texts), "the others leave when there is room")
    line.leases_end()
    line.find_out()
    line.settles()
    line.find_out()
    for each in texts:
        line.stands(each, *ARRIVED)
    assert [line.taken(each) for each in texts] == [1] * len(texts)
    assert [line.posted(each) for each in texts] == [1] * len(texts)
