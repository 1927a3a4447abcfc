"""The ladder of a shift on a real database, whatever the clock does: each step once, and nobody left out."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.db import transaction
from respite.core.due import Due, due_rows, run, sweep
from respite.houses.policy.house_time import span_of
from respite.houses.service.opening import open_house
from respite.staffing.models import Shift, ShiftStep
from respite.staffing.service.watching import look_over
from tests.texts_in import rows
from tests.watches import MINUTE, Night, due_at

ZONES = ("New_York", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage")
CHANGES = (date(2026, 3, 8), date(2026, 11, 1))
REMINDERS, LADDER = ("remind", "remind-again", "ask-on-way"), ("ask-peer", "ask-on-call", "ask-second", "ask-lead")
_houses = itertools.count(1)


def watched(zone: str, day: date, begins: time) -> tuple[Night, Shift]:
    """A house whose Ana has a shift from then on, for seven hours by the wall; it is two days before. Nothing is due in
    the houses of before."""
    with transaction() as session:
        session.execute(sa.delete(Due))
    starts_at, _ends_at = span_of(day, begins, begins, f"America/{zone}")
    now = starts_at - timedelta(days=2)
    name = f"House {next(_houses)}"
    house = open_house(COMMAND, name=name, kind="respite", timezone=f"America/{zone}", beds=1, now=now)
    night = Night(house)
    night.joins("eli", Role.COORDINATOR)
    for peer in ("ana", "cleo", "dee"):
        night.joins(peer)
    for seat, peer in enumerate(("cleo", "dee")):
        at = {
            "day": day if begins.hour > 20 else day - timedelta(days=1),
            "begins": time(20),
            "ends": time(19, 30),
            "now": now,
        }
        call = night.puts(peer, kind="on-call", **at)
        with transaction() as session:
            session.get_one(Shift, call.id).seat = seat
    return night, night.puts("ana", day=day, begins=begins, ends=time((begins.hour + 7) % 24), now=now)


def done(shift: Shift) -> dict[str, datetime]:
    """When each step was done; each was done once."""
    found = rows(ShiftStep, ShiftStep.about_id == shift.id, ShiftStep.step.in_((*REMINDERS, *LADDER)), ShiftStep.n == 0)
    assert set(Counter(each.step for each in found).values()) <= {1}
    return {each.step: each.at for each in sorted(found, key=lambda each: each.at)}


def asked(night: Night) -> list[str | None]:
    """Whom a text of the ladder was written to, in order."""
    return [who for who, _template in night.texts("shift-not-here", "shift-come-in", "shift-lead")]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("begins", [time(23), time(1, 30), time(3)])
def test_in_the_nights_that_change_the_clock_each_step_is_done_once_at_its_minute(
    app: Flask, change: date, begins: time
) -> None:
    """From 11 pm on the evening before; in the hour that is there twice or not at all; and after it."""
    day = change - timedelta(days=1) if begins == time(23) else change
    for zone in ZONES:
        night, shift = watched(zone, day, begins)
        while (at := due_at(shift)) is not None and at < shift.starts_at + timedelta(hours=2):
            sweep(at - MINUTE)
            sweep(at)
            sweep(at)
        minutes = {step: (at - shift.starts_at).total_seconds() / 60 for step, at in done(shift).items()}
        expected = dict(zip((*REMINDERS, *LADDER), (-1440, -120, -30, 5, 10, 20, 30), strict=True))
        assert (zone, minutes) == (zone, expected)
        assert asked(night) == ["ana", "cleo", "dee", "eli"]


HOUR = timedelta(hours=1)
#: By how much the clock is wrong from now on.
JUMPS = st.sampled_from([timedelta(), HOUR, -HOUR, -24 * HOUR])
LOOKS = st.tuples(st.integers(1, 45), st.none() | JUMPS, st.sampled_from(["once", "two at once", "and looks over"]))


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LOOKS, min_size=1, max_size=12))
def test_whatever_the_clock_and_the_sweeps_do_each_step_is_once_and_nobody_is_left_out(
    app: Flask, looks: list[tuple[int, timedelta | None, str]]
) -> None:
    """Late sweeps, two schedulers that found the same rows, and a clock that is wrong for a while. It is put right in
    the end, and half an hour after that everybody was asked."""
    night, shift = watched("Denver", date(2026, 11, 23), time(22))
    true, wrong = shift.starts_at - 45 * MINUTE, timedelta()
    for minutes, jump, how in looks:
        true, wrong = true + minutes * MINUTE, wrong if jump is None else jump
        now = true + wrong
        found = due_rows(now) if how == "two at once" else []
        sweep(now)
        for row in found:
            run(row, now)
        if how == "and looks over":
            look_over(now)
    true = max(true, shift.starts_at)
    for _look in range(11):
        true += 3 * MINUTE
        look_over(true)
        sweep(true)
    assert set(done(shift)) >= set(LADDER)
    assert sorted(asked(night)) == ["ana", "cleo", "dee", "eli"]
