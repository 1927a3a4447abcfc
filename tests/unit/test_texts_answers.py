"""What is answered by itself: at most one text, and never beside the provider's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.messaging.policy.answers import answer_for
from respite.messaging.policy.stopping_words import Means
from respite.messaging.policy.templates import TEMPLATES


@pytest.mark.parametrize(
    "means, urgent, answer",
    [
        (Means.STOP, False, "answer-stopped"),
        (Means.STOP, True, "answer-stopped"),
        (Means.START, False, "answer-started"),
        (Means.START, True, "answer-started"),
        (Means.HELP, False, "answer-help"),
        (Means.HELP, True, "answer-danger"),
        (Means.WRONG_NUMBER, False, "answer-wrong-number"),
        (Means.WRONG_NUMBER, True, "answer-danger"),
        (Means.STOP_PERHAPS, False, None),
        (Means.STOP_PERHAPS, True, "answer-danger"),
        (Means.NOTHING, False, None),
        (Means.NOTHING, True, "answer-danger"),
    ],
)
def test_what_is_answered(means: Means, urgent: bool, answer: str | None) -> None:
    assert answer_for(means, urgent, None) == answer


@given(st.sampled_from(Means), st.booleans(), st.sampled_from(["STOP", "START", "HELP"]))
def test_nothing_where_the_provider_has_answered(means: Means, urgent: bool, opt_out_type: str) -> None:
    assert answer_for(means, urgent, opt_out_type) is None


@given(st.sampled_from(Means), st.booleans(), st.sampled_from([None, ""]))
def test_every_answer_is_a_template(means: Means, urgent: bool, opt_out_type: str | None) -> None:
    answer = answer_for(means, urgent, opt_out_type)
    assert answer is None or answer in TEMPLATES
