"""The relay tells every committed version once and in order, whoever committed it, and heals what was lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.audit.kinds import UNTOLD, declare
from respite.audit.models import Event
from respite.audit.queries import EventLog
from respite.audit.service import lock_stream, record
from respite.core.db import db, transaction
from respite.core.realtime import relay as relay_module
from respite.core.realtime.relay import Relay
from respite.houses.models import House
from tests.boards import juniper, token_for
from tests.places import SUNDAY
from tests.sockets import WAIT, Viewer, served, until

LOOKED = declare("test.relay.told", UNTOLD, number="count")


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return juniper()


@pytest.fixture
def address(app: Flask, house: House) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def viewer(house: House, address: str) -> Iterator[Viewer]:
    viewer = Viewer(address, auth={"token": token_for(house)})
    yield viewer
    viewer.leave()


def _happens(house_id: uuid.UUID, *parts: str, times: int = 1) -> None:
    with transaction() as session:
        lock_stream(session, house_id)
        for number in range(times):
            record(session, house_id, LOOKED, subject=None, actor=COMMAND, at=SUNDAY, parts=parts, number=number)


def test_every_version_is_told_once_in_order_with_its_parts_and_nothing_else(
    app: Flask, house: House, viewer: Viewer
) -> None:
    first = viewer.watch("juniper-house")["version"]
    house_id = house.id

    def act(who: int) -> None:
        with app.app_context():
            for turn in range(10):
                _happens(house_id, f"door-{who}", "summary") if turn % 3 else _happens(house_id)
            db.session.remove()

    threads = [threading.Thread(target=act, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    told = [viewer.next("changed") for _version in range(40)]
    assert [word["version"] for word in told] == list(range(first + 1, first + 41))
    assert all(set(word) == {"house", "version", "parts"} for word in told)
    assert {word["house"] for word in told} == {"juniper-house"}
    written = db.session.execute(
        sa.select(Event.version, Event.parts).where(Event.stream == house_id, Event.version > first)
    )
    assert {word["version"]: word["parts"] for word in told} == {v: json.loads(parts) for v, parts in written}


def test_several_events_of_one_act_are_told_each(house: House, viewer: Viewer) -> None:
    first = viewer.watch("juniper-house")["version"]
    _happens(house.id, "waiting", times=3)
    assert [viewer.next("changed")["version"] for _word in range(3)] == [first + 1, first + 2, first + 3]


def test_a_very_large_act_is_told_as_one_jump(house: House, viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "MOST_AT_ONCE", 5)
    first = viewer.watch("juniper-house")["version"]
    _happens(house.id, "waiting", times=6)
    assert viewer.next("changed") == {"house": "juniper-house", "version": first + 6, "parts": []}


def test_what_another_process_commits_is_told_here(app: Flask, house: House, viewer: Viewer, database_url: str) -> None:
    first = viewer.watch("juniper-house")["version"]
    settings = app.extensions["respite.settings"]
    script = f"""
import os, uuid
from respite.factory import create_app
from respite.houses.service.doors import make_ready
from respite.core.db import transaction
from respite.houses.models import Bed, BedNight
from respite.accounts.actor import COMMAND
from respite.houses.queries import beds_of
from tests.places import SUNDAY
app = create_app()
with app.app_context():
    with transaction() as session:
        bed = beds_of(session, uuid.UUID("{house.id}"))[0]
        bed.getting_ready_since = SUNDAY
    make_ready(COMMAND, bed.id, now=SUNDAY)
    os._exit(0)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            "DATABASE_URL": database_url,
            "RESPITE_KEYS": str(settings.keys_file),
            "SECRET_KEY": settings.secret_key,
            "PATH": "",
        },
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert viewer.next("changed")["version"] == first + 1


def test_an_announcement_that_was_lost_is_healed_by_the_next_pulse(
    app: Flask, house: House, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = viewer.watch("juniper-house")["version"]
    relay: Relay = app.extensions["respite.relay"]

    def lost(stream: str, sent: int, head: int) -> None:
        relay._sent[stream] = head  # committed and taken as told, but nobody heard

    monkeypatch.setattr(relay, "_tell", lost)
    _happens(house.id, "summary")
    assert until(lambda: relay._sent[str(house.id)] == first + 1)
    pulse = viewer.next("pulse")
    if pulse["version"] == first:  # one that was on its way already
        pulse = viewer.next("pulse")
    assert set(pulse) == {"version", "at"}
    assert pulse == {"version": first + 1, "at": SUNDAY.isoformat()}


def test_a_database_that_is_away_for_a_moment_does_not_end_the_relay(
    app: Flask, house: House, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = viewer.watch("juniper-house")["version"]
    failed = threading.Event()

    def away(_log: EventLog) -> dict[str, int]:
        failed.set()
        raise sa.exc.OperationalError("SELECT", {}, RuntimeError("away"))

    monkeypatch.setattr(EventLog, "heads", away)
    _happens(house.id, "summary")
    assert failed.wait(WAIT)
    monkeypatch.undo()
    assert viewer.next("changed")["version"] == first + 1


def test_no_thread_starts_before_the_first_socket(app: Flask, house: House) -> None:
    _happens(house.id)
    relay: Relay = app.extensions["respite.relay"]
    assert not relay.running
    with served(app) as address:
        assert not relay.running
        viewer = Viewer(address, auth={"token": token_for(house)})
        assert relay.running
        viewer.leave()
    assert not relay.running


def test_two_houses_do_not_hear_each_other(app: Flask, house: House, address: str) -> None:
    other = juniper(name="Bar House")
    theirs = Viewer(address, auth={"token": token_for(other)})
    version = theirs.watch("bar-house")["version"]
    mine = Viewer(address, auth={"token": token_for(house)})
    mine.watch("juniper-house")
    _happens(house.id, "summary")
    assert mine.next("changed")["house"] == "juniper-house"
    _happens(other.id, "chairs")
    assert theirs.next("changed") == {"house": "bar-house", "version": version + 1, "parts": ["chairs"]}
    mine.leave()
    theirs.leave()
