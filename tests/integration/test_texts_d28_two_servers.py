"""Scenario 28 of docs/texting-scenarios.md, and those whose course depends on the database: 5, 6, 20, 27, 40 there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import make_url

from respite.core.clock import house_now
from respite.core.db import db
from respite.messaging import jobs
from respite.messaging.models import Inbound, NumberStop
from respite.messaging.policy.states import State
from respite.messaging.service import sending
from respite.messaging.service.ground import number_mark
from respite.scheduler.models import Lease
from tests.servers import Server
from tests.texting import ARRIVED, Line
from tests.texting_world import until

# A served house may hold forty of PostgreSQL's hundred connections.
pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.xdist_group("many connections")]

OTHER_NAME = "localhost"


@pytest.fixture(scope="module")
def line_database(migrated_postgres: str) -> str:
    return migrated_postgres


@pytest.fixture
def other(line: Line, key_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A second server, which Twilio knows by the other name that it is called by."""
    other = line.also(tmp_path, key_file, TWILIO_API_URL=line.twilio.url.replace("127.0.0.1", OTHER_NAME)).start()
    try:
        yield other
    finally:
        other.stop()
        line.leases_end()


def holder(line: Line) -> str | None:
    return line.read(lambda: db.session.scalar(sa.select(Lease.holder)))


def test_two_servers_and_a_third_hand_each_text_over_once(line: Line, other: Server) -> None:
    """Both believe that they lead (one that leads asks again only after ten seconds); a third process joins in."""
    line.twilio.control(latency=0.2)
    leader = until(lambda: holder(line))
    line.leases_end()
    until(lambda: holder(line) != leader, "the other server took the lead")
    texts = [line.write(line.number()) for _ in range(80)]
    third = [threading.Thread(target=jobs_in, args=(line,)) for _ in range(2)]
    for each in third:
        each.start()
    for each in texts:
        line.stands(each, *ARRIVED)
    for each in third:
        each.join(timeout=60)
    assert [line.taken(each) for each in texts] == [1] * len(texts)
    assert [line.posted(each) for each in texts] == [1] * len(texts)
    assert {line.text(each).attempt_no for each in texts} == {1}
    names = {post["host"].partition(":")[0] for post in line.twilio.posts()}
    assert names == {"127.0.0.1", OTHER_NAME}, "both servers sent"


def jobs_in(line: Line) -> None:
    with line.app.app_context():
        jobs.send()


@contextmanager
def read_only(line: Line) -> Iterator[None]:
    """Inside, the server may only read: as when its database became a standby, or its disk is kept from filling up."""
    url = make_url(line.database).set(drivername="postgresql")
    plain = url.render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        name = sql.Identifier(str(url.database))
        everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        others = sql.SQL(everybody + " AND pid <> pg_backend_pid()")
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        connection.execute(others)
        db.session.remove()
        try:
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))
            connection.execute(others)
            db.session.remove()
            db.engine.dispose()


def test_a_database_that_only_reads_when_results_are_written_down_doubles_nothing(line: Line) -> None:
    """Scenario 40, and 20 beside it: a text that comes in is answered 503 and comes again."""
    line.twilio.control(callbacks={"on": False}, retry_pause=0.5)
    line.twilio.fails(delay=3, times=sending.HANDS)
    asked, writer = len(line.twilio.posts()), line.number()
    texts = [line.write(line.number()) for _ in range(20)]
    until(lambda: len(line.twilio.posts()) - asked == sending.HANDS)
    with read_only(line):
        said = line.twilio.says(writer, line.words(), wait=0)
        until(lambda: all(post["end"] for post in line.twilio.posts()))
        until(lambda: len(line.twilio.callbacks(sid=said["sid"])) >= 2)
        assert len(line.twilio.posts()) - asked == sending.HANDS
    until(lambda: sum(line.taken(each) for each in texts) == len(texts), "the others leave when it is mended")
    line.leases_end()
    line.find_out()
    for each in texts:
        line.stands(each, *ARRIVED)
    assert [line.taken(each) for each in texts] == [1] * len(texts)
    assert [line.posted(each) for each in texts] == [1] * len(texts)
    came = sa.select(sa.func.count()).select_from(Inbound).where(Inbound.number_index == number_mark(writer))
    until(lambda: line.read(lambda: db.session.scalar(came)) == 1)
    assert {each["http"] for each in line.twilio.callbacks(sid=said["sid"])} <= {503, 200}


def test_killed_in_a_batch_each_arrives_once(line: Line) -> None:
    """Scenarios 5 and 6 on PostgreSQL: kill -9 with eight at Twilio's door, half of them taken."""
    line.twilio.control(callbacks={"on": False})
    numbers = [line.number() for _ in range(20)]
    for place, to in enumerate(numbers):
        line.twilio.fails(to=to, accept="no" if place % 2 else "now", answer="hang", hang=60)
    asked = len(line.twilio.posts())
    texts = [line.write(to) for to in numbers]
    line.killed_when(lambda: len(line.twilio.posts()) - asked == sending.HANDS)
    line.twilio.control(faults=[])
    line.server.start()
    line.find_out()
    line.settles()
    line.find_out()
    for each in texts:
        line.stands(each, *ARRIVED)
    assert [line.taken(each) for each in texts] == [1] * len(texts)


def test_a_number_that_opted_out_stops_everything_for_it_at_once(line: Line) -> None:
    """Scenario 27 on PostgreSQL: eight hands meet 21610 for one number at the same moment, and one stop stands."""
    to = line.number()
    line.twilio.control(opted_out={to: True}, latency=0.5)
    later = line.write(to, not_before=house_now() + timedelta(hours=2))
    texts = [line.write(to) for _ in range(12)]
    for each in (*texts, later):
        line.stands(each, State.SUPPRESSED, State.FAILED)
    stops = sa.select(NumberStop.source).where(NumberStop.number_index == number_mark(to))
    assert line.read(lambda: list(db.session.scalars(stops))) == ["twilio"]
    assert len(line.twilio.posts(to=to)) <= sending.HANDS
    assert line.twilio.accepted(to=to) == []
