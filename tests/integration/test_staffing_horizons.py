"""Coordinators hear of a gap as it comes nearer: once each, in their hours, and not when it is covered."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.core.db import db, transaction
from respite.core.due import due_rows, run, sweep
from respite.messaging.models import Message
from respite.messaging.purposes import Purpose
from respite.staffing.models import GapNotice, Shift
from respite.staffing.policy.patterns import Asked
from respite.staffing.service.horizons import LOOK
from respite.staffing.service.patterns import make_patterns
from respite.staffing.service.shifts import give_to, take_off
from tests.at_once import at_once
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.watches import Night, night  # noqa: F401  (a fixture)

#: Ten in the evening of Saturday, six days on, in Denver.
BEGINS = datetime(2026, 11, 29, 5, tzinfo=UTC)
SATURDAY = date(2026, 11, 28)
GAPS = ("gap-ahead", "gaps-ahead", "gap-now")
HOUR = timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def shift(night: Night) -> Shift:  # noqa: F811
    return night.puts(None, day=SATURDAY)


def give(shift: Shift, person: object, now: datetime) -> None:
    with transaction() as session:
        give_to(session, session.get_one(Shift, shift.id), person, COMMAND, now)  # type: ignore[arg-type]


def horizons() -> list[str]:
    return sorted(each.horizon for each in rows(GapNotice))


def look(now: datetime) -> None:
    """Only what is due for gaps; the watch around a shift has tests of its own."""
    for row in due_rows(now):
        if row.kind == LOOK:
            run(row, now)


def test_each_horizon_is_told_of_once(night: Night, shift: Shift) -> None:  # noqa: F811
    look(SUNDAY)
    assert night.texts(*GAPS) == []  # there are ten minutes to put it right
    at = SUNDAY + timedelta(minutes=10)
    while at < BEGINS + timedelta(hours=8):
        look(at)
        look(at)
        at += timedelta(minutes=20)
    assert night.texts(*GAPS) == [("eli", "gap-ahead")] * 3 + [("eli", "gap-now")]
    assert [m.purpose for m in rows(Message, Message.template == "gap-now")] == [Purpose.DUTY]
    made = sorted(m.made_at for m in rows(Message, Message.template.in_(GAPS)))
    wanted = [SUNDAY + timedelta(minutes=10), BEGINS - timedelta(hours=72), BEGINS - timedelta(hours=24), BEGINS]
    assert [abs(a - b) <= timedelta(minutes=20) for a, b in zip(made, wanted, strict=True)] == [True] * 4


def test_a_gap_that_opens_late_is_told_of_once_for_all_horizons(night: Night) -> None:  # noqa: F811
    shift = night.puts("ana", day=SATURDAY)
    late = BEGINS - 2 * HOUR
    give(shift, None, late)
    look(late)
    assert night.texts(*GAPS) == [("eli", "gap-now")]
    assert horizons() == ["14-days", "24-hours", "72-hours"]


def test_a_covered_gap_is_forgotten_and_its_waiting_text_called_back(night: Night, shift: Shift) -> None:  # noqa: F811
    look(SUNDAY + timedelta(minutes=10))
    give(shift, night.ana.id, SUNDAY + timedelta(minutes=20))
    look(SUNDAY + timedelta(minutes=30))
    assert horizons() == []
    assert [m.state for m in rows(Message, Message.template == "gap-ahead")] == ["canceled"]
    give(shift, None, SUNDAY + HOUR)
    look(SUNDAY + 2 * HOUR)
    assert night.texts(*GAPS) == [("eli", "gap-ahead")] * 2


def test_a_shift_taken_off_is_no_gap_any_more(night: Night, shift: Shift) -> None:  # noqa: F811
    look(SUNDAY + timedelta(minutes=10))
    take_off(night.eli, shift.id, now=SUNDAY + HOUR)
    look(SUNDAY + 2 * HOUR)
    assert horizons() == []


def test_many_at_once_are_one_text(night: Night) -> None:  # noqa: F811
    asked = [Asked(name="Day", begins=time(7), ends=time(19)), Asked(name="Night", begins=time(19), ends=time(7))]
    make_patterns(night.eli, night.house.id, asked, first_day=date(2026, 11, 24), now=SUNDAY)
    night.puts(None, day=SATURDAY)
    look(SUNDAY + timedelta(minutes=10))
    assert night.texts(*GAPS) == [("eli", "gaps-ahead")]


def test_two_sweeps_at_once_tell_once(app: Flask, night: Night, shift: Shift) -> None:  # noqa: F811
    now = SUNDAY + timedelta(minutes=10)
    row = next(each for each in due_rows(now) if each.kind == LOOK)
    at_once(app, *[lambda: run(row, now)] * 2)
    assert night.texts(*GAPS) == [("eli", "gap-ahead")]
    assert len(rows(GapNotice)) == 1


def test_a_clock_that_jumps_back_tells_nothing_twice(night: Night, shift: Shift) -> None:  # noqa: F811
    sweep(SUNDAY + timedelta(minutes=10))
    sweep(SUNDAY + timedelta(days=1))
    count = len(night.texts(*GAPS))
    with transaction() as session:
        give_to(session, session.get_one(Shift, shift.id), night.ana.id, COMMAND, SUNDAY)
        give_to(session, session.get_one(Shift, shift.id), None, COMMAND, SUNDAY)
    sweep(SUNDAY - timedelta(hours=1))
    sweep(SUNDAY + timedelta(minutes=10))
    sweep(SUNDAY + timedelta(days=1))
    assert len(night.texts(*GAPS)) == count
    assert db.session.scalar(sa.select(sa.func.count(GapNotice.id))) == 1
