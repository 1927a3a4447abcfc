"""Each error of the provider leads to one act, and one that nobody knows leads to a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.messaging.policy.provider_errors import Act, act_after, act_for


@pytest.mark.parametrize(
    "http, code, act",
    [
        (429, 20429, Act.AGAIN_SOON),
        (429, None, Act.AGAIN_SOON),
        (429, 99999, Act.AGAIN_SOON),
        (429, 63038, Act.WAIT_A_DAY),
        (401, 20003, Act.PAUSE),
        (401, None, Act.PAUSE),
        (403, 12345, Act.PAUSE),
        (404, 20404, Act.PAUSE),
        (400, 30034, Act.PAUSE),
        (400, 21703, Act.PAUSE),
        (400, 21211, Act.BAD_NUMBER),
        (400, 21614, Act.BAD_NUMBER),
        (400, 21610, Act.STOP_NUMBER),
        (403, 21610, Act.STOP_NUMBER),
        (400, 21408, Act.NOT_SENT),
        (400, 21612, Act.NOT_SENT),
        (400, 21611, Act.AGAIN_LATER),
        (400, 21617, Act.BUG),
        (400, 35114, Act.BUG),
        (400, 98765, Act.NOT_SENT),
        (None, None, Act.NOT_SENT),
    ],
)
def test_a_refusal_at_the_door(http: int | None, code: int | None, act: Act) -> None:
    assert act_for(http, code) is act


@pytest.mark.parametrize(
    "code, act",
    [
        (30003, Act.AGAIN_LATER),
        (30005, Act.BAD_NUMBER),
        (30006, Act.BAD_NUMBER),
        (30004, Act.NOT_SENT),
        (30007, Act.NOT_SENT),
        (30008, Act.AGAIN_SOON),
        (30410, Act.AGAIN_SOON),
        (30022, Act.AGAIN_LATER),
        (30023, Act.WAIT_A_DAY),
        (30027, Act.WAIT_A_DAY),
        (60728, Act.AGAIN_LATER),
        (30032, Act.PAUSE),
        (30034, Act.PAUSE),
        (30036, Act.AGAIN_LATER),
        (30610, Act.NOT_SENT),
        (21610, Act.STOP_NUMBER),
        (None, Act.NOT_SENT),
        (42, Act.NOT_SENT),
    ],
)
def test_a_text_that_came_back(code: int | None, act: Act) -> None:
    assert act_after(code) is act


@given(st.none() | st.integers(100, 599), st.none() | st.integers(0, 99999))
def test_no_code_is_without_an_act_and_both_tables_agree(http: int | None, code: int | None) -> None:
    assert act_for(http, code) in Act
    if act_after(code) is not Act.NOT_SENT:
        assert act_for(http, code) is act_after(code)
