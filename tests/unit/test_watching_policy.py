"""The plan around a shift as a pure function: by the clocks of six zones in both nights that change, and at random."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.houses.policy.house_time import local, span_of
from respite.staffing.policy.duty import Duty
from respite.staffing.policy.watching import (
    BREATH,
    LADDER,
    REMINDERS,
    Planned,
    Step,
    ladder,
    ladder_of_open,
    next_step,
    reminders,
    waits_until,
)

ZONES = ("New_York", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage")
CHANGES = (date(2026, 3, 8), date(2026, 11, 1))
DUTY = Duty()
TEN = datetime(2026, 11, 23, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def plan(starts_at: datetime, duty: Duty = DUTY) -> tuple[Planned, ...]:
    return (*reminders(starts_at, duty, on_floor=True), *ladder(starts_at, duty))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("begins", [time(23), time(0), time(1, 30), time(2), time(2, 30), time(3), time(7)])
def test_in_the_nights_that_change_the_clock_each_step_is_once_and_minutes_are_minutes(
    zone: str, change: date, begins: time
) -> None:
    """Swept each minute through both days, whatever the wall shows."""
    starts_at, _ends_at = span_of(change, begins, time(9, 15), f"America/{zone}")
    done: dict[Step, datetime] = {}
    now = since = starts_at - timedelta(days=2)
    while now <= starts_at + timedelta(hours=2):
        step = next_step(plan(starts_at), done, now, since=since)
        if step is not None and step.at <= now:
            assert step.step not in done
            done[step.step] = now
            since = now
        now += MINUTE
    assert [(step, (at - starts_at).total_seconds() / 60) for step, at in done.items()] == [
        (Step.REMIND, -1440), (Step.REMIND_AGAIN, -120), (Step.ASK_ON_WAY, -30),
        (Step.ASK_PEER, 5), (Step.ASK_ON_CALL, 10), (Step.ASK_SECOND, 20), (Step.ASK_LEAD, 30),
    ]  # fmt: skip
    assert local(starts_at, f"America/{zone}").date() == change


sweeps = st.lists(st.integers(1, 90), min_size=1, max_size=200)


@given(sweeps, st.sampled_from([None, -20, 4, 18]))
def test_however_late_the_sweeps_each_step_is_once_in_order_and_every_rung_is_reached(
    gaps: list[int], on_way: int | None
) -> None:
    done: dict[Step, datetime] = {}
    now = since = TEN - timedelta(hours=2)
    not_before = waits_until(TEN + on_way * MINUTE, DUTY) if on_way is not None else None
    for gap in [*gaps, *[60] * 12]:
        now += gap * MINUTE
        step = next_step(plan(TEN), done, now, since=since, not_before=not_before)
        if step is not None and step.at <= now:
            assert step.step not in done
            assert not (step.step in REMINDERS and now >= TEN + 5 * MINUTE)
            done[step.step] = now
            since = step.at
    rungs = [step for step in done if step in LADDER]
    assert rungs == list(LADDER)
    assert list(done) == sorted(done, key=list(Step).index)
    for before, after in pairwise(rungs):
        assert done[after] - done[before] >= BREATH
    if not_before is not None:
        assert done[Step.ASK_PEER] >= not_before


@given(st.lists(st.integers(0, 300), min_size=7, max_size=7))
def test_any_minutes_a_house_chooses_make_a_plan_that_ends(minutes: list[int]) -> None:
    before = "remind_before remind_again_before on_way_before"
    after = "ask_peer_after ask_on_call_after ask_second_after ask_lead_after"
    duty = Duty(**dict(zip(f"{before} {after}".split(), minutes, strict=True)))
    done: dict[Step, datetime] = {}
    now = since = TEN - timedelta(days=1)
    for _sweep in range(400):
        now += 5 * MINUTE
        step = next_step(plan(TEN, duty), done, now, since=since)
        if step is not None and step.at <= now:
            assert step.step not in done
            done[step.step] = now
            since = step.at
    assert {step for step in done if step in LADDER} == {
        step for step, wait in zip(LADDER, minutes[3:], strict=True) if wait
    }


@given(st.integers(-90, 90), st.integers(-90, 90))
def test_a_clock_that_jumps_keeps_nobody_waiting(jump: int, at: int) -> None:
    """The rung before was done by a clock that was wrong by so much; the next is not later than by a right one."""
    now = TEN + at * MINUTE
    done = {Step.ASK_PEER: now + jump * MINUTE}
    step = next_step(ladder(TEN, DUTY), done, now, since=now)
    assert step is not None
    assert step.step == Step.ASK_ON_CALL
    assert step.at <= max(now + BREATH, TEN + 10 * MINUTE)


def test_an_open_shift_asks_those_on_call_before_it_begins() -> None:
    assert [(each.step, each.at - TEN) for each in ladder_of_open(TEN, DUTY)] == [
        (Step.ASK_ON_CALL, -30 * MINUTE), (Step.ASK_SECOND, -20 * MINUTE), (Step.ASK_LEAD, -10 * MINUTE),
    ]  # fmt: skip
