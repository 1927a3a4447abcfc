"""The demo's clock goes by a feature's own rows too, each at its own time, and nobody else sweeps meanwhile."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.core import due as dues
from respite.core import due_steps
from respite.core.clock import MovableClock, StillClock, house_now
from respite.core.db import transaction
from respite.core.demo_clock import reader
from respite.core.due import DueRow, handles, set_due, take
from respite.core.errors import Busy
from respite.core.jobs import Job
from respite.scheduler import turns as turning
from respite.scheduler import walk
from respite.scheduler.clockwork import Clockwork
from respite.scheduler.turns import Turns
from respite.scheduler.walk import skip_ahead
from tests.integration.test_scheduler import machine  # noqa: F401
from tests.places import SUNDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROW = "test.walk.row"

done: list[tuple[str, datetime, datetime]] = []


@handles(ROW)
def _row(row: DueRow, now: datetime) -> None:
    with transaction() as session:
        if take(session, row):
            done.append(("row", now, house_now()))


class Texts:
    """What waits, by its time; `moves` is what happens to the first of them."""

    def __init__(self, *waiting: datetime) -> None:
        self.waiting = sorted(waiting)
        self.moves = True

    def next_at(self) -> datetime | None:
        return self.waiting[0] if self.waiting else None

    def run(self, now: datetime) -> int:
        if not self.moves:
            return 0
        done.append(("text", now, house_now()))
        self.waiting.pop(0)
        return 1


@pytest.fixture(autouse=True)
def _nothing_done() -> Iterator[None]:
    done.clear()
    yield
    done.clear()


@pytest.fixture
def moving(app: Flask, machine: StillClock, monkeypatch: pytest.MonkeyPatch) -> StillClock:  # noqa: F811
    app.extensions["respite.clock"] = MovableClock(reader(app))
    monkeypatch.setattr(dues, "also_due", [])
    monkeypatch.setattr(due_steps, "also_due", dues.also_due)
    return machine


def row_at(at: datetime) -> None:
    with transaction() as session:
        set_due(session, ROW, uuid.uuid4(), at, None)


def test_rows_and_sources_are_walked_in_the_order_of_their_times(app: Flask, moving: StillClock) -> None:
    dues.also_due.extend([Texts(SUNDAY + 2 * HOUR, SUNDAY + 4 * HOUR), Texts(SUNDAY + 3 * HOUR)])
    row_at(SUNDAY + HOUR)
    row_at(SUNDAY + 2 * HOUR + timedelta(minutes=30))
    row_at(SUNDAY + 5 * HOUR)
    assert skip_ahead(COMMAND, DAY) == (SUNDAY + DAY, 6)
    assert [what for what, _told, _at in done] == ["row", "text", "row", "text", "text", "row"]
    assert all(told == at for _what, told, at in done)


def test_what_a_source_had_waiting_before_runs_first_and_now(app: Flask, moving: StillClock) -> None:
    dues.also_due.append(Texts(SUNDAY - 3 * DAY))
    skip_ahead(COMMAND, HOUR)
    assert [(told, at) for _what, told, at in done] == [(SUNDAY, SUNDAY)]


def test_a_source_that_stays_put_is_left_out_and_keeps_nothing_else(app: Flask, moving: StillClock) -> None:
    stuck = Texts(SUNDAY + HOUR)
    stuck.moves = False
    dues.also_due.extend([stuck, Texts(SUNDAY + 2 * HOUR)])
    row_at(SUNDAY + 3 * HOUR)
    assert skip_ahead(COMMAND, DAY) == (SUNDAY + DAY, 2)
    stuck.moves = True
    assert skip_ahead(COMMAND, HOUR) == (SUNDAY + DAY + HOUR, 1)


def test_a_source_that_fails_is_left_out_too(app: Flask, moving: StillClock) -> None:
    broken = Texts(SUNDAY + HOUR)
    broken.run = lambda now: 1 // 0  # type: ignore[method-assign]
    dues.also_due.append(broken)
    row_at(SUNDAY + 2 * HOUR)
    assert skip_ahead(COMMAND, DAY) == (SUNDAY + DAY, 1)


def test_what_lies_beyond_the_goal_waits(app: Flask, moving: StillClock) -> None:
    texts = Texts(SUNDAY + DAY + HOUR)
    dues.also_due.append(texts)
    assert skip_ahead(COMMAND, DAY) == (SUNDAY + DAY, 0)
    assert texts.next_at() is not None


# -- turns ------------------------------------------------------------------------------------------------------


def test_sweeps_go_side_by_side_and_none_begins_during_a_walk() -> None:
    turns = Turns()
    with turns.sweep() as first, turns.sweep() as second:
        assert (first, second) == (True, True)
    with turns.walk(), turns.sweep() as mine:
        assert mine is False
    with turns.sweep() as mine:
        assert mine is True


def test_a_walk_waits_for_the_sweep_that_had_begun() -> None:
    turns, order = Turns(), list[str]()
    begun = threading.Event()

    def walks() -> None:
        begun.set()
        with turns.walk():
            order.append("walk")

    with turns.sweep():
        walking = threading.Thread(target=walks)
        walking.start()
        assert begun.wait(timeout=20)
        order.append("sweep")
    walking.join(timeout=20)
    assert order == ["sweep", "walk"]


def test_what_never_ends_keeps_a_walk_only_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turning, "LONGEST_WAIT", 0.01)
    turns = Turns()
    with turns.sweep(), pytest.raises(Busy), turns.walk():
        pass
    with turns.walk(), pytest.raises(Busy), turns.walk():
        pass
    with turns.walk():
        pass


def test_the_clockwork_does_nothing_while_somebody_skips_ahead(app: Flask, moving: StillClock) -> None:
    clockwork, ran = Clockwork(app), list[str]()
    row_at(SUNDAY)
    with turning.turns.walk():
        clockwork.look()
        clockwork.run(Job("test", 60, lambda: ran.append("job")))
    assert (done, ran) == ([], [])
    clockwork.look()
    clockwork.run(Job("test", 60, lambda: ran.append("job")))
    assert ([what for what, _told, _at in done], ran) == (["row"], ["job"])


# -- the disk ---------------------------------------------------------------------------------------------------


def flushes() -> int:
    """What SQLite waits for at a commit: 0 nothing, 2 the disk."""
    with transaction() as session:
        return int(session.execute(sa.text("PRAGMA synchronous")).scalar_one())


def test_only_a_walk_does_not_wait_for_the_disk_and_what_follows_it_does(
    app: Flask, moving: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []
    texts = Texts(SUNDAY + HOUR)
    texts.run = lambda now: (waited.append(flushes()), texts.waiting.pop())[0] or 1  # type: ignore[method-assign,func-returns-value]
    dues.also_due.append(texts)
    monkeypatch.setattr(walk, "_tell_every_house", lambda *_told: waited.append(flushes()))
    assert flushes() == 2
    skip_ahead(COMMAND, DAY)
    assert waited == [0, 2]
