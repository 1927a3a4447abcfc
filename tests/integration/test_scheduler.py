"""What is due runs once, late or not; one process leads; the demo clock walks from row to row."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.audit.models import Event
from respite.core import clock as clocks
from respite.core import jobs
from respite.core.clock import MovableClock, StillClock, house_now
from respite.core.db import db, transaction
from respite.core.demo_clock import reader
from respite.core.due import Due, DueRow, due_rows, handles, next_due_at, run, set_due, sweep, take
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.scheduler import clockwork as clockworks
from respite.scheduler import leases, walk
from respite.scheduler.clockwork import LEASE, LEASE_LASTS, Clockwork, serves
from respite.scheduler.models import Lease
from respite.scheduler.walk import skip_ahead
from respite.staffing.service.shifts import put_on
from tests.at_once import at_once
from tests.places import SUNDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLAIN, FAILS, AGAIN = "test.plain", "test.fails", "test.again"

ran: list[tuple[uuid.UUID, datetime, datetime]] = []


@handles(PLAIN)
def _plain(row: DueRow, now: datetime) -> None:
    with transaction() as session:
        if take(session, row):
            ran.append((row.subject, now, house_now()))


@handles(FAILS)
def _fails(row: DueRow, now: datetime) -> None:
    with transaction() as session:
        take(session, row)
        raise RuntimeError("planted")


@handles(AGAIN)
def _again(row: DueRow, now: datetime) -> None:
    with transaction() as session:
        if take(session, row):
            ran.append((row.subject, now, house_now()))
            set_due(session, AGAIN, row.subject, row.due_at + DAY, None)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture(autouse=True)
def _nothing_ran() -> Iterator[None]:
    ran.clear()
    yield
    ran.clear()


def due(kind: str, at: datetime) -> uuid.UUID:
    subject = uuid.uuid4()
    with transaction() as session:
        set_due(session, kind, subject, at, None)
    return subject


def waiting() -> list[str]:
    kinds = list(db.session.scalars(sa.select(Due.kind).order_by(Due.due_at)))
    db.session.rollback()
    return kinds


# -- sweeps -----------------------------------------------------------------------------------------------------


def test_what_is_due_runs_once_however_often_it_is_swept(app: Flask) -> None:
    subject = due(PLAIN, SUNDAY)
    assert [sweep(SUNDAY - timedelta(seconds=1)), sweep(SUNDAY), sweep(SUNDAY)] == [0, 1, 0]
    assert [each[0] for each in ran] == [subject]


def test_two_sweeps_that_saw_the_same_rows_run_each_once(app: Flask) -> None:
    due(PLAIN, SUNDAY)
    seen = due_rows(SUNDAY)
    assert [run(row, SUNDAY) for row in seen + seen] == [True, True]
    assert len(ran) == 1


def test_sweeps_at_the_same_moment_run_each_row_once(app: Flask) -> None:
    subjects = {due(PLAIN, SUNDAY) for _ in range(8)}
    at_once(app, *[lambda: sweep(SUNDAY)] * 3)
    assert sorted(each[0] for each in ran) == sorted(subjects)


def test_a_sweep_weeks_late_still_runs_everything_in_its_order(app: Flask) -> None:
    later, sooner = due(PLAIN, SUNDAY + HOUR), due(PLAIN, SUNDAY)
    assert sweep(SUNDAY + 30 * DAY) == 2
    assert [each[0] for each in ran] == [sooner, later]


def test_a_row_that_fails_stays_and_holds_up_no_other(app: Flask) -> None:
    due(FAILS, SUNDAY)
    due(PLAIN, SUNDAY + HOUR)
    assert sweep(SUNDAY + HOUR) == 1
    assert waiting() == [FAILS]


def test_a_row_that_moved_after_it_was_seen_does_not_run(app: Flask) -> None:
    subject = due(PLAIN, SUNDAY)
    seen = due_rows(SUNDAY)
    with transaction() as session:
        set_due(session, PLAIN, subject, SUNDAY + HOUR, None)
    run(seen[0], SUNDAY)
    assert ran == []
    assert next_due_at() == SUNDAY + HOUR


# -- one leader -------------------------------------------------------------------------------------------------


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> StillClock:
    """The machine's clock, standing where it is put."""
    still = StillClock(SUNDAY)
    for module in (clocks, clockworks, walk):
        monkeypatch.setattr(module, "machine_now", still.now)
    return still


def test_one_process_leads_until_its_lease_ends(app: Flask, machine: StillClock) -> None:
    first, second = Clockwork(app), Clockwork(app)
    assert (first.leads(), second.leads(), first.leads()) == (True, False, True)
    machine.advance(LEASE_LASTS - timedelta(seconds=1))
    assert (first.leads(), second.leads()) == (True, False)
    machine.advance(LEASE_LASTS)
    assert second.leads()
    assert not first.leads()


def test_a_leader_writes_only_when_its_lease_nears_its_end(app: Flask, machine: StillClock) -> None:
    leader = Clockwork(app)
    assert leader.leads()
    before = db.session.get_one(Lease, LEASE).until
    db.session.rollback()
    machine.advance(timedelta(seconds=5))
    assert leader.leads()
    assert db.session.get_one(Lease, LEASE).until == before
    db.session.rollback()
    machine.advance(timedelta(seconds=6))
    assert leader.leads()
    assert db.session.get_one(Lease, LEASE).until > before


def test_a_clock_that_jumps_back_leaves_nobody_waiting_for_a_lease_of_the_future(
    app: Flask, machine: StillClock
) -> None:
    first, second = Clockwork(app), Clockwork(app)
    assert (first.leads(), second.leads()) == (True, False)
    machine.advance(-3 * HOUR)
    assert second.leads(), "the first one may have been killed"
    assert not first.leads(), "it asks again"


def test_only_the_leader_sweeps_and_runs_jobs(app: Flask, clock: StillClock, machine: StillClock) -> None:
    leader, other = Clockwork(app), Clockwork(app)
    done: list[str] = []
    assert leader.leads()
    due(PLAIN, clock.now())
    other.look()
    other.run(jobs.Job("test", 60, lambda: done.append("other")))
    assert (ran, done) == ([], [])
    leader.look()
    leader.run(jobs.Job("test", 60, lambda: done.append("leader")))
    assert (len(ran), done) == (1, ["leader"])


def test_a_row_that_fails_rests_longer_each_time_and_keeps_no_other(
    app: Flask, clock: StillClock, machine: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(clockworks, "run", lambda row, now: tried.append(row.kind) or run(row, now))
    now = [0.0]
    monkeypatch.setattr(clockworks, "time", SimpleNamespace(monotonic=lambda: now[0]))
    leader = Clockwork(app)
    due(FAILS, clock.now())
    for at in (0.0, 0.5, 1.5, 2.5, 4.0):
        now[0] = at
        leader.look()
    assert tried == [FAILS] * 3
    due(PLAIN, clock.now())
    leader.look()
    assert len(ran) == 1


def test_a_job_declared_after_the_start_is_run_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(jobs, "_jobs", {})
    clockwork = Clockwork(app)
    clockwork.start()
    try:
        jobs.every(1, "late", done.set)
        assert done.wait(timeout=30)
    finally:
        clockwork.stop()


def test_a_lease_given_back_is_free_at_once_and_another_s_is_not_taken_away(app: Flask) -> None:
    assert leases.take("a", "one", LEASE_LASTS, SUNDAY)
    leases.give_back("a", "two")
    assert not leases.take("a", "two", LEASE_LASTS, SUNDAY)
    leases.give_back("a", "one")
    assert leases.take("a", "two", LEASE_LASTS, SUNDAY)


def test_the_first_lease_is_taken_by_one_of_many_at_the_same_moment(app: Flask) -> None:
    begin, took = threading.Barrier(6), []

    def try_it(holder: str) -> None:
        with app.app_context():
            begin.wait(timeout=20)
            if leases.take("race", holder, LEASE_LASTS, SUNDAY):
                took.append(holder)

    threads = [threading.Thread(target=try_it, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(took) == 1


def test_a_job_that_fails_ends_nothing(app: Flask, machine: StillClock) -> None:
    leader = Clockwork(app)
    leader.run(jobs.Job("test", 60, lambda: 1 // 0))
    assert leader.leads()


# -- started and stopped ----------------------------------------------------------------------------------------


def test_it_starts_once_sweeps_by_itself_and_gives_the_lead_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    swept = threading.Event()
    monkeypatch.setattr(clockworks, "due_rows", lambda now: swept.set() or [])
    clockwork = Clockwork(app)
    clockwork.start()
    try:
        clockwork.start()
        assert clockwork.running
        assert swept.wait(timeout=30)
    finally:
        clockwork.stop()
    assert not clockwork.running
    assert db.session.get(Lease, LEASE) is None


def test_a_request_in_a_test_and_a_command_start_nothing(app: Flask) -> None:
    app.test_client().get("/health/live")
    app.test_cli_runner().invoke(args=["--help"])
    assert not app.extensions["respite.clockwork"].running


def test_the_serving_process_starts_it_with_its_first_request(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    monkeypatch.setattr(app.extensions["respite.clockwork"], "start", lambda: started.append(True))
    app.testing = False
    app.test_client().get("/health/live")
    app.testing = True
    assert started == [True]


def test_gunicorn_is_known_by_its_name() -> None:
    assert serves(["/x/.venv/bin/gunicorn", "app:app"])
    assert not serves(["/x/.venv/bin/flask", "run"])
    assert not serves([])


def test_a_job_is_declared_once_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", {})
    jobs.every(60, "one", run := lambda: None)
    jobs.every(60, "one", run)
    assert [job.name for job in jobs.all_jobs()] == ["one"]
    with pytest.raises(ValueError, match="two jobs"):
        jobs.every(60, "one", lambda: None)


# -- the demo clock walks ---------------------------------------------------------------------------------------


@pytest.fixture
def moving(app: Flask, machine: StillClock) -> StillClock:
    """The app with the demo's movable clock; answers the machine's clock under it."""
    app.extensions["respite.clock"] = MovableClock(reader(app))
    return machine


def test_each_row_runs_at_its_own_time_and_new_ones_too(app: Flask, moving: StillClock) -> None:
    first, daily = due(PLAIN, SUNDAY + HOUR), due(AGAIN, SUNDAY + 2 * HOUR)
    far = due(PLAIN, SUNDAY + 8 * DAY)
    now, count = skip_ahead(COMMAND, 7 * DAY)
    assert (now, count) == (SUNDAY + 7 * DAY, 8)
    assert [each[0] for each in ran] == [first] + [daily] * 7
    assert [each[1] for each in ran] == [SUNDAY + HOUR] + [SUNDAY + 2 * HOUR + n * DAY for n in range(7)]
    assert all(at == told for _subject, told, at in ran)
    assert [row.subject for row in due_rows(SUNDAY + 30 * DAY)] == [daily, far]


def test_a_row_that_fails_does_not_keep_the_clock(app: Flask, moving: StillClock) -> None:
    due(FAILS, SUNDAY + HOUR)
    due(PLAIN, SUNDAY + 2 * HOUR)
    assert skip_ahead(COMMAND, DAY) == (SUNDAY + DAY, 1)
    assert waiting() == [FAILS]


def test_what_was_due_before_the_skip_runs_first_and_now(app: Flask, moving: StillClock) -> None:
    due(PLAIN, SUNDAY - DAY)
    skip_ahead(COMMAND, HOUR)
    assert [each[1] for each in ran] == [SUNDAY]


def test_skips_add_up_and_parts_of_a_second_are_never_early(app: Flask, moving: StillClock) -> None:
    due(PLAIN, SUNDAY + HOUR + timedelta(milliseconds=300))
    skip_ahead(COMMAND, 2 * HOUR)
    _subject, told, at = ran[0]
    assert told <= at < told + timedelta(seconds=1)
    assert skip_ahead(COMMAND, HOUR)[0] == SUNDAY + 3 * HOUR


@pytest.mark.parametrize("by", [timedelta(0), -HOUR, timedelta(days=401)])
def test_the_clock_never_goes_back_or_too_far(app: Flask, moving: StillClock, by: timedelta) -> None:
    with pytest.raises(ValueError, match="400 days"):
        skip_ahead(COMMAND, by)
    assert house_now() == SUNDAY


def test_a_night_of_nine_hours_is_walked_through(app: Flask, moving: StillClock) -> None:
    """A shift from ten to six in the night when the clocks go back; screens look again at both ends."""
    house: House = open_house(COMMAND, name="J", kind="respite", timezone="America/Denver", now=SUNDAY)
    put_on(
        COMMAND,
        house.id,
        person_id=None,
        kind="floor",
        day=date(2027, 11, 6),
        begins=time(22),
        ends=time(6),
        now=SUNDAY,
    )
    skip_ahead(COMMAND, 380 * DAY)
    turned = db.session.scalars(
        sa.select(Event.at).where(Event.kind == "staffing.shift.turned").order_by(Event.version)
    )
    assert list(turned) == [datetime(2027, 11, 7, 4, tzinfo=UTC), datetime(2027, 11, 7, 13, tzinfo=UTC)]


def test_every_house_looks_again_after_a_skip(app: Flask, moving: StillClock) -> None:
    houses = [open_house(COMMAND, name=n, kind="respite", timezone="America/Denver", now=SUNDAY) for n in "AB"]
    skip_ahead(COMMAND, HOUR)
    moved = db.session.scalars(sa.select(Event).where(Event.kind == "demo.clock.moved")).all()
    assert {each.stream for each in moved} == {house.id for house in houses}
    assert {each.parts for each in moved} == {'["layout"]'}
