"""A provider's word about a text only ever brings it further."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.messaging.policy.states import FINAL, State, after_status, rank

WORDS = "accepted scheduled queued sending sent delivered undelivered failed canceled read".split()
OTHERS = ["receiving", "received", "partially_delivered", "", "DELIVERED", "teleported"]
codes = st.none() | st.sampled_from([30003, 30005, 30008, 1])


def told(state: State, *words: str, code: int | None = None) -> State:
    for word in words:
        state = after_status(state, word, code) or state
    return state


@given(st.sampled_from(State), st.lists(st.tuples(st.sampled_from(WORDS + OTHERS) | st.text(), codes)))
def test_no_order_of_words_takes_a_text_back(state: State, words: list[tuple[str, int | None]]) -> None:
    for word, code in words:
        after = after_status(state, word, code)
        if after is not None:
            assert rank(after) > rank(state)
            state = after


@given(st.sampled_from(State), st.permutations(WORDS))
def test_what_was_delivered_is_delivered_whatever_else_is_said(state: State, words: list[str]) -> None:
    assert told(state, *words) is State.DELIVERED


def test_delivered_before_sent_before_queued_stays_delivered() -> None:
    assert told(State.SENDING, "delivered", "sent", "queued") is State.DELIVERED
    assert {told(State.ACCEPTED, *order) for order in permutations(["sent", "undelivered"])} == {State.UNDELIVERED}


@pytest.mark.parametrize("waiting", [State.SENDING, State.UNKNOWN, State.NEEDS_HUMAN, State.QUEUED])
def test_any_word_proves_that_the_provider_has_it(waiting: State) -> None:
    assert told(waiting, "queued") is State.ACCEPTED
    assert told(waiting, "sent") is State.SENT


@pytest.mark.parametrize("word", ["accepted", "queued", "sending", "sent", "delivered"])
def test_an_old_error_code_is_no_failure(word: str) -> None:
    assert told(State.SENDING, word, code=30005) is told(State.SENDING, word)
    assert told(State.SENDING, word, code=30005) in {State.ACCEPTED, State.SENT, State.DELIVERED}


@pytest.mark.parametrize("word", OTHERS)
@pytest.mark.parametrize("state", State)
def test_a_word_nobody_knows_changes_nothing(state: State, word: str) -> None:
    assert after_status(state, word, 30008) is None


@pytest.mark.parametrize("end", sorted(FINAL - {State.DELIVERED, State.NEEDS_HUMAN}))
@pytest.mark.parametrize("word", [*WORDS[:5], "undelivered", "failed", "canceled"])
def test_an_end_stays_unless_it_was_delivered_after_all(end: State, word: str) -> None:
    assert after_status(end, word, None) is None
    assert after_status(end, "delivered", None) is State.DELIVERED
    assert after_status(State.DELIVERED, word, None) is None


def test_a_text_that_is_on_its_way_is_no_end() -> None:
    on_the_way = {State.SCHEDULED, State.QUEUED, State.SENDING, State.UNKNOWN, State.ACCEPTED, State.SENT}
    assert set(State) - FINAL == on_the_way
