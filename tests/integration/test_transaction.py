"""One act, one transaction; the log is dense and whole."""

from __future__ import annotations

import os
import threading
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.audit.kinds import UNTOLD, declare
from respite.audit.models import Event, Stream
from respite.audit.service import broken_links, open_stream, record
from respite.core.db import (
    DirtySession,
    NestedTransaction,
    db,
    finish_reading,
    joinable,
    transaction,
    transactions,
    waiting_at_most,
)
from respite.houses.models import House
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from tests.places import SUNDAY

TRIED = declare("test.thing.tried", UNTOLD, number="count")


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def _recorded(stream: uuid.UUID, times: int) -> None:
    for number in range(times):
        with transaction() as session:
            record(session, stream, TRIED, subject=None, actor=COMMAND, at=SUNDAY, number=number)


def test_versions_are_dense_and_the_chain_is_whole(app: Flask) -> None:
    stream = uuid.uuid4()
    with transaction() as session:
        open_stream(session, stream)
    _recorded(stream, 3)
    assert list(db.session.scalars(sa.select(Event.version).order_by(Event.version))) == [1, 2, 3]
    assert list(broken_links()) == []


def test_a_changed_event_is_refused_by_the_database(app: Flask) -> None:
    stream = uuid.uuid4()
    with transaction() as session:
        open_stream(session, stream)
    _recorded(stream, 1)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), transaction() as session:
        session.execute(sa.update(Event).values(kind="test.thing.other"))


def test_a_cut_log_is_noticed(app: Flask) -> None:
    stream = uuid.uuid4()
    with transaction() as session:
        open_stream(session, stream)
    _recorded(stream, 2)
    with transaction() as session:
        session.get_one(Stream, stream).last_version = 3
    assert [what for _stream, _version, what in broken_links()] == ["cut off"]


def test_a_refused_act_leaves_nothing(app: Flask) -> None:
    stream = uuid.uuid4()
    with pytest.raises(RuntimeError), transaction() as session:
        open_stream(session, stream)
        raise RuntimeError
    assert db.session.get(Stream, stream) is None


def test_one_use_case_does_not_hide_in_another(app: Flask) -> None:
    with pytest.raises(NestedTransaction), transaction(), transaction():
        pass


def test_a_use_case_joins_the_edge_that_keeps_its_answer(app: Flask) -> None:
    stream = uuid.uuid4()
    with joinable(), transaction() as session:
        open_stream(session, stream)
    assert db.session.get(Stream, stream) is not None


def test_rows_changed_outside_a_transaction_are_not_swept_in(app: Flask) -> None:
    db.session.add(Stream(id=uuid.uuid4()))
    with pytest.raises(DirtySession), transaction():
        pass
    db.session.rollback()


def test_what_was_read_stays_at_hand_after_reading_is_finished(app: Flask) -> None:
    house = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    db.session.rollback()
    house = db.session.get_one(House, house.id)
    bed = beds_of(db.session(), house.id)[0]
    finish_reading()
    assert not db.session().in_transaction()
    assert (house.name, bed.name, bed.room.name) == ("Juniper House", "Willow", "Willow")
    assert not db.session().in_transaction()


def test_reading_is_not_finished_inside_an_act(app: Flask) -> None:
    with transaction() as session:
        session.execute(sa.select(1))
        finish_reading()
        assert session.in_transaction()


def test_a_child_that_was_forked_while_another_thread_had_the_turn_can_write(app: Flask) -> None:
    """Only the thread that forks goes along: what another one had there is nobody's to let go."""
    has_it, forked = threading.Event(), threading.Event()

    def writes_elsewhere() -> None:
        with transactions._write_lock:
            has_it.set()
            forked.wait(timeout=60)

    other = threading.Thread(target=writes_elsewhere)
    other.start()
    assert has_it.wait(timeout=30)
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            with waiting_at_most(10), transaction():
                os._exit(0)
        finally:
            os._exit(1)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    forked.set()
    other.join(timeout=30)
    assert ended == 0
