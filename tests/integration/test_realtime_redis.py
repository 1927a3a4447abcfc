"""Several web processes with Redis between them: each tells its own viewers, once, with Redis there or away."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.models import ApiToken
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.factory import create_app
from respite.houses.models import House
from respite.houses.service.doors import close_bed
from tests.boards import DAY, TONIGHT, bed, juniper, token_for
from tests.places import SUNDAY, settings_for
from tests.sockets import Viewer, served, until

pytestmark = pytest.mark.redis


@pytest.fixture
def house(app: Flask) -> House:
    return juniper()


def _second(app: Flask, key_file: Path, redis_url: str) -> Flask:
    """Another process's app on the same database (its relay, sockets and boards are its own)."""
    url = app.extensions["respite.settings"].database_url
    second = create_app(settings_for(url, key_file, redis_url=redis_url), house_clock=StillClock(SUNDAY))
    second.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return second


@pytest.fixture
def places() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_each_process_tells_its_own_viewers_exactly_once(
    app: Flask, house: House, key_file: Path, redis_url: str, places: ExitStack
) -> None:
    token = token_for(house)
    viewers = []
    for _process in range(2):
        one = _second(app, key_file, redis_url)
        viewers.append(Viewer(places.enter_context(served(one)), auth={"token": token}))
        places.callback(viewers[-1].leave)
        viewers[-1].watch("juniper-house")
    for number, door in enumerate(("Fern", "Lark", "Sage"), start=2):
        close_bed(COMMAND, bed(house, door).id, first_night=TONIGHT, until=TONIGHT + DAY, reason="", now=SUNDAY)
        assert [viewer.next("changed")["version"] for viewer in viewers] == [number, number]
    assert all(kind != "changed" for viewer in viewers for kind, _data in list(viewer.heard.queue))
    db.session.remove()


def test_boards_stay_live_while_redis_is_away(app: Flask, house: House, key_file: Path, places: ExitStack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
        nobody = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        one = _second(app, key_file, nobody)
        viewer = Viewer(places.enter_context(served(one)), auth={"token": token_for(house)})
        places.callback(viewer.leave)
        assert viewer.watch("juniper-house") == {"version": 1}
        close_bed(COMMAND, bed(house, "Fern").id, first_night=TONIGHT, until=TONIGHT + DAY, reason="", now=SUNDAY)
        assert viewer.next("changed")["version"] == 2
        with one.app_context():
            with transaction() as session:
                session.query(ApiToken).one().revoked_at = SUNDAY
            db.session.remove()
        assert until(viewer.closed.is_set)
