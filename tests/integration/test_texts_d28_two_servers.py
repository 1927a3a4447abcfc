"""Scenario 28 of docs/texting-scenarios.md, and what else depends on PostgreSQL: two servers on one database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from respite.core.db import db
from respite.messaging import jobs
from respite.messaging.policy.states import State
from respite.scheduler.models import Lease
from tests.servers import Server
from tests.texting import Line, until

# A served house may hold forty of PostgreSQL's hundred connections.
pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.xdist_group("many connections")]

ARRIVED = (State.ACCEPTED, State.SENT, State.DELIVERED)
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
    texts = [line.write(line.number()) for _ in range(120)]
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
