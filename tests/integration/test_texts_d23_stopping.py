"""Scenarios 23-27 of docs/texting-scenarios.md: after STOP nothing leaves, and distress behind it is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from respite.core.clock import house_now
from respite.core.db import db
from respite.messaging import jobs
from respite.messaging.models import Inbound, Message, ReadSoon
from respite.messaging.policy.states import State
from respite.messaging.service import sending, stopping
from respite.messaging.service.ground import number_mark
from tests.texting import ARRIVED, Line
from tests.texting_world import until

pytestmark = pytest.mark.xdist_group("texts d23")

LATER = timedelta(hours=2)


def alert_of(line: Line, number: str) -> ReadSoon | None:
    """What stands to be read soon of this number."""
    query = sa.select(ReadSoon).join(Inbound, Inbound.thread_id == ReadSoon.thread_id)
    return line.read(lambda: db.session.scalar(query.where(Inbound.number_index == number_mark(number)).limit(1)))


def answers_to(line: Line, number: str) -> list[Message]:
    """What was written to this number by itself."""
    return [each for each in line.of_number(Message, number) if each.purpose == "automatic"]


def test_a_stop_in_the_middle_of_forty(line: Line) -> None:
    """Scenario 23: eight are at Twilio's door, one is claimed and not handed over, the rest wait, two for later."""
    to = line.number()
    line.twilio.fails(to=to, has="Thinking", answer="created", delay=4, times=None)
    texts = [line.write(to) for _ in range(40)]
    later = [line.write(to, not_before=house_now() + LATER) for _ in range(2)]
    until(lambda: len(line.twilio.posts(to=to)) == sending.HANDS)
    _touched, claimed = sending.claim(house_now())  # another process, which stands still at the worst moment
    assert claimed is not None
    line.twilio.says(to, "STOP", wait=0)
    until(lambda: line.stop_on(to))
    begun = len(line.twilio.posts(to=to))
    assert begun == sending.HANDS, "all of them began before the STOP came"
    sending.carry(claimed, house_now)
    for each in (*texts, *later):
        line.stands(each, State.SUPPRESSED, *ARRIVED)
    line.skips(LATER)
    line.stands(line.write(line.number()), *ARRIVED)
    ours = [post for post in line.twilio.posts(to=to) if "Thinking" in post["body"]]
    assert len(ours) == begun
    assert sum(line.text(each).state == State.SUPPRESSED for each in (*texts, *later)) == 42 - begun
    assert sum(line.taken(each) for each in texts) == begun
    assert len(line.twilio.posts(to=to)) - begun <= 1, "one confirmation at most"


@pytest.mark.parametrize("how, confirmations", [("advanced", 0), ("off", 1)])
def test_one_confirmation_and_none_where_twilio_has_given_it(line: Line, how: str, confirmations: int) -> None:
    """Scenario 23: with OptOutType Twilio has answered. The word comes three times all the same."""
    line.twilio.control(opt_out=how)
    to = line.number()
    for _again in range(3):
        line.twilio.says(to, "STOP")
    line.stands(line.write(line.number()), *ARRIVED)
    for each in answers_to(line, to):
        line.stands(each.id, State.SUPPRESSED, *ARRIVED)  # the same word again calls back what has not left yet
    assert len(line.twilio.accepted(to=to)) == confirmations


@pytest.mark.parametrize("body", ["please stop texting me", "no más", "STOP."])
def test_whoever_asks_for_an_end_in_any_words_has_it(line: Line, body: str) -> None:
    """Scenario 24: none of these is a word that Twilio knows."""
    to = line.number()
    waiting = line.write(to, not_before=house_now() + LATER)
    line.twilio.says(to, body)
    assert line.stop_on(to) is not None
    assert (line.text(waiting).state, line.text(waiting).reason) == (State.SUPPRESSED, "stopped")
    confirmed = answers_to(line, to)
    assert [each.template for each in confirmed] == ["answer-stopped"]
    line.stands(confirmed[0].id, *ARRIVED)
    assert alert_of(line, to) is not None, "and a person reads it"
    assert len(line.twilio.posts(to=to)) == 1


def test_stop_it_hurts_goes_to_a_person_and_texts_wait(line: Line) -> None:
    """Scenario 24: it may be a cry. Texts wait until somebody has read it, and then go on."""
    to = line.number()
    line.twilio.says(to, "Stop it hurts")
    alert = alert_of(line, to)
    assert alert is not None
    assert alert.why in ("stop-perhaps", "words")
    text = line.write(to)
    assert until(lambda: (found := line.text(text)).reason and found).state not in (State.SUPPRESSED, State.CANCELED)
    assert line.posted(text) == 0
    stopping.lift(line.dana, alert.thread_id, house_now())  # type: ignore[arg-type]
    line.skips(timedelta(minutes=10))
    line.stands(text, *ARRIVED)
    assert (line.posted(text), line.taken(text)) == (1, 1)


def test_after_a_stop_danger_reaches_a_person_who_is_told_to_call(line: Line) -> None:
    """Scenario 25: Twilio takes no text for them any more, so none is tried again and none counts as sent."""
    to = line.number()
    line.twilio.says(to, "STOP")
    line.twilio.says(to, line.words("I want to die"))
    alert = alert_of(line, to)
    assert alert is not None
    assert (alert.why, alert.cannot_text) == ("words", True)
    line.skips(timedelta(minutes=10))
    line.stands(line.write(line.number()), *ARRIVED)
    assert not any(each.state in ARRIVED for each in answers_to(line, to))
    assert line.twilio.accepted(to=to) == []
    assert len(line.twilio.posts(to=to)) <= 1


@pytest.mark.parametrize("how, answered", [("advanced", 0), ("default", 1)])
@pytest.mark.parametrize("body", ["HELP", "help me"])
def test_help_is_read_by_a_person_and_answered_once(line: Line, body: str, how: str, answered: int) -> None:
    """Scenario 26: Twilio answers the bare word itself where it says so; somebody reads it in any case."""
    line.twilio.control(opt_out=how)
    to = line.number()
    line.twilio.says(to, body)
    assert alert_of(line, to) is not None
    expected = answered if body == "HELP" else 1
    written = answers_to(line, to)
    assert len(written) == expected
    for each in written:
        assert "988" in (each.body or "")
        line.stands(each.id, *ARRIVED)
    assert len(line.twilio.accepted(to=to)) == expected


def test_a_number_that_opted_out_at_twilio_is_left_alone_from_then_on(line: Line) -> None:
    """Scenario 27: 21610 at the first of three; the others are called off, and nothing is tried again."""
    to = line.number()
    line.twilio.control(opted_out={to: True})
    others = [line.write(to, not_before=house_now() + LATER) for _ in range(2)]
    text = line.write(to)
    ended = line.stands(text, State.SUPPRESSED, State.FAILED)
    assert ended.error_code == 21610
    stop = line.stop_on(to)
    assert stop is not None
    assert stop.source == "twilio"
    for each in others:
        assert line.stands(each, State.SUPPRESSED).reason == "stopped"
    line.skips(LATER)
    jobs.find_out()
    assert line.stands(line.write(to), State.SUPPRESSED).reason == "stopped"
    assert (len(line.twilio.posts(to=to)), line.twilio.accepted(to=to)) == (1, [])
