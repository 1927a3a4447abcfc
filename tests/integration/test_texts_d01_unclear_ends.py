"""Scenarios 1-9 of docs/texting-scenarios.md: a try whose end nobody knows is found out about, never guessed."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from respite.core.clock import house_now
from respite.messaging.policy.states import State
from respite.messaging.purposes import RULES, Purpose
from respite.messaging.service.settling import Outcome
from tests.texting import ARRIVED, Line
from tests.texting_world import SETTLE, until
from tests.twilio.swallowing import swallowing

pytestmark = pytest.mark.xdist_group("texts d01")

SOON = timedelta(seconds=7)


@pytest.fixture(autouse=True)
def _no_word_comes_back(line: Line) -> None:
    """Callbacks would be quicker than any listing; here the listings have to do."""
    line.twilio.control(callbacks={"on": False})


def outcomes(line: Line, text: uuid.UUID) -> list[str]:
    return [each.outcome for each in line.tries(text)]


def test_after_an_error_it_goes_once_more_and_after_a_dropped_line_it_is_adopted(line: Line) -> None:
    """Scenario 1: 500 and not taken; then taken, and the line drops; a third try would have been answered 201."""
    to = line.number()
    line.twilio.fails(to=to, answer="error", http=500)
    line.twilio.fails(to=to, answer="hang", hang=1)
    text = line.write(to)
    line.stands(text, State.UNKNOWN)
    assert (line.posted(text), line.taken(text)) == (1, 0)
    for _look in range(2):
        line.find_out()
        line.settles(SETTLE / 3)
    line.find_out()
    assert line.text(text).state == State.UNKNOWN, "an empty listing proves nothing before its time"
    line.settles()
    line.find_out()
    line.stands(text, State.UNKNOWN, tries=2)
    line.find_out()
    assert line.text(text).state in ARRIVED
    line.settles()
    line.find_out()
    assert (line.posted(text), line.taken(text)) == (2, 1)
    assert outcomes(line, text) == [Outcome.NOT_SENT, Outcome.ACCEPTED]


@pytest.mark.parametrize("answer", [{"answer": "error", "http": 500}, {"answer": "error-page"}, {"answer": "reset"}])
def test_an_error_that_hid_a_taken_text_is_no_reason_to_send_it_again(line: Line, answer: dict[str, object]) -> None:
    """Scenario 2, and its like: an error page of somebody between, a reset connection."""
    to = line.number()
    line.twilio.fails(to=to, accept="now", **answer)
    text = line.write(to)
    line.stands(text, State.UNKNOWN)
    line.find_out()
    assert line.text(text).sid == line.twilio.accepted(to=to)[0]["sid"]
    line.settles()
    line.find_out()
    assert (line.posted(text), line.taken(text)) == (1, 1)


@pytest.mark.slow
def test_nobody_answers_for_twenty_seconds_and_it_is_taken_later_still(line: Line) -> None:
    """Scenario 3: a real time-out of the client; Twilio takes it 25 seconds later, by its own clock."""
    to = line.number()
    line.twilio.fails(to=to, accept=100, answer="hang", hang=60)
    text = line.write(to)
    line.stands(text, State.UNKNOWN)
    line.find_out()
    line.settles(70)
    line.find_out()
    assert line.text(text).state == State.UNKNOWN
    assert (line.posted(text), line.taken(text)) == (1, 0)
    line.settles(100)
    line.find_out()
    assert line.text(text).state in ARRIVED
    assert (line.posted(text), line.taken(text)) == (1, 1)


def test_what_is_listed_late_is_not_sent_again(line: Line) -> None:
    """Scenario 3, its other half: it was taken at once, and listings show it only after a while."""
    line.twilio.control(lag=60)
    to = line.number()
    line.twilio.fails(to=to, answer="reset", accept="now")
    text = line.write(to)
    line.stands(text, State.UNKNOWN)
    for _look in range(2):
        line.find_out()
        line.settles(25)
    line.find_out()
    assert line.text(text).state == State.UNKNOWN
    line.settles(61)
    line.find_out()
    assert line.text(text).state in ARRIVED
    assert (line.posted(text), line.taken(text)) == (1, 1)


@pytest.mark.slow
def test_killed_before_the_post_it_is_sent_once(line: Line) -> None:
    """Scenario 4: the claim is committed, and not a byte reaches Twilio before kill -9."""
    with swallowing(line.twilio.port) as nobody, line.another_world(TWILIO_API_URL=nobody):
        text = line.write(line.number())
        line.killed_when(lambda: line.text(text).state == State.SENDING)
    line.find_out()
    assert line.text(text).state == State.UNKNOWN
    line.settles()
    line.find_out()
    line.stands(text, *ARRIVED)
    assert (line.posted(text), line.taken(text)) == (1, 1)


@pytest.mark.slow
def test_killed_before_twilio_took_it_it_is_sent_once(line: Line) -> None:
    """Scenario 4, a moment later: the POST was read and came to nothing."""
    to = line.number()
    line.twilio.fails(to=to, accept="no", answer="hang", hang=60)
    text = line.write(to)
    line.killed_when(lambda: line.posted(text))
    line.server.start()
    line.find_out()
    line.settles()
    line.find_out()
    line.stands(text, *ARRIVED)
    assert (line.posted(text), line.taken(text)) == (2, 1)


@pytest.mark.slow
def test_killed_after_twilio_took_it_it_is_adopted(line: Line) -> None:
    """Scenario 5: taken, and kill -9 before the answer could be written down."""
    to = line.number()
    line.twilio.fails(to=to, answer="hang", hang=60)
    text = line.write(to)
    line.killed_when(lambda: line.taken(text))
    assert line.text(text).sid is None
    line.server.start()
    line.find_out()
    assert line.text(text).sid == line.twilio.accepted(to=to)[0]["sid"]
    line.settles()
    line.find_out()
    assert (line.posted(text), line.taken(text)) == (1, 1)


@pytest.mark.slow
def test_killed_twice_in_a_batch_of_fifty_each_arrives_once(line: Line) -> None:
    """Scenario 6: results of some are written, others are at Twilio's door, others wait."""
    line.twilio.control(latency=0.15)
    numbers = [line.number() for _ in range(50)]
    for to in numbers[10:14] + numbers[30:34]:
        line.twilio.fails(to=to, accept="no", answer="hang", hang=60)
    texts = [line.write(to) for to in numbers]
    for come_so_far in (15, 35):
        line.killed_when(lambda wanted=come_so_far: len(arrived_of(line, texts)) >= wanted)
        line.server.start()
    for _ in range(3):
        line.find_out()
        line.settles()
        line.find_out()
        until(lambda: all(line.text(each).state not in (State.QUEUED, State.SENDING) for each in texts))
    assert {line.text(each).state for each in texts} <= set(ARRIVED)
    assert [line.taken(each) for each in texts] == [1] * 50
    assert len({each["sid"] for each in line.twilio.accepted() if each["to"] in numbers}) == 50
    assert {line.text(each).sid for each in texts} == {
        each["sid"] for each in line.twilio.accepted() if each["to"] in numbers
    }


def arrived_of(line: Line, texts: list[uuid.UUID]) -> list[uuid.UUID]:
    return [each for each in texts if line.text(each).sid is not None]


@pytest.mark.parametrize("answer", ["created-cut", "created-broken", "page"])
def test_an_answer_that_cannot_be_read_says_nothing(line: Line, answer: str) -> None:
    """Scenario 7: 201 whose JSON is cut, 201 whose line breaks, 200 with HTML."""
    to = line.number()
    line.twilio.fails(to=to, answer=answer)
    text = line.write(to)
    line.stands(text, State.UNKNOWN)
    line.find_out()
    assert line.text(text).state in ARRIVED
    assert (line.posted(text), line.taken(text)) == (1, 1)


@pytest.mark.slow
def test_a_busy_twilio_is_waited_for_as_long_as_it_says(line: Line) -> None:
    """Scenario 8: three times 429 with Retry-After 7, then 201. Nothing of it was of unclear end."""
    to = line.number()
    line.twilio.fails(to=to, answer="error", http=429, retry_after=7, times=3)
    began = house_now()
    text = line.write(to)
    for n in (1, 2, 3):
        waits = line.stands(text, State.QUEUED, tries=n)
        assert waits.reason == "provider-busy"
        assert waits.next_at is not None
        assert waits.next_at >= began + SOON
        assert line.posted(text) == n
        began = waits.next_at
        line.house_is(waits.next_at)
    sent = line.stands(text, *ARRIVED)
    assert (line.posted(text), line.taken(text)) == (4, 1)
    assert outcomes(line, text) == [Outcome.REFUSED] * 3 + [Outcome.ACCEPTED]
    assert [each.http for each in line.tries(text)[:3]] == [429] * 3
    assert sent.tries == 1, "a refusal that never was processed spends no try"


@pytest.mark.slow
def test_two_hours_without_a_line_end_in_one_text_or_in_a_word_that_it_was_too_late(line: Line) -> None:
    """Scenario 9: connections are refused for two hours of the house's clock."""
    line.twilio.control(listening=False)
    lasting = line.write(line.number())
    short = line.write(line.number(), not_after=house_now() + timedelta(hours=1))
    for _ in range(4):
        tried = line.stands(lasting, State.QUEUED, tries=2).attempt_no
        assert line.text(lasting).reason == "not-reached"
        line.skips(timedelta(minutes=30))
        line.stands(lasting, State.QUEUED, tries=tried + 1)
    line.twilio.control(listening=True)
    late = line.text(lasting)
    assert late.next_at is not None
    assert late.next_at - house_now() <= timedelta(minutes=6), "however long it lasts, it is tried every few minutes"
    line.house_is(late.next_at)
    assert line.stands(lasting, *ARRIVED).tries == 1
    assert (line.posted(lasting), line.taken(lasting)) == (1, 1)
    ended = line.stands(short, State.EXPIRED)
    assert (ended.reason, line.posted(short)) == ("too-late", 0)


def test_a_kindness_of_unclear_end_is_put_to_a_person(line: Line) -> None:
    """Section E, per kind: a caring text settles for ten minutes and is then a person's to decide, never a guess."""
    to = line.number()
    line.twilio.fails(to=to, answer="error", http=500)
    text = line.write(to, purpose=Purpose.CARING, correspondent_id=line.guest(to, Purpose.CARING))
    line.stands(text, State.UNKNOWN)
    line.find_out()
    line.settles(RULES[Purpose.CARING].settle - 60)
    line.find_out()
    assert line.text(text).state == State.UNKNOWN
    line.settles(60)
    line.find_out()
    assert (line.text(text).state, line.text(text).reason) == (State.NEEDS_HUMAN, "unclear")
    assert (line.posted(text), line.taken(text)) == (1, 0)
