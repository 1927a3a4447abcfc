"""Random fault schedules: no text twice, none lost without a person being shown it.

With THOROUGH=8 they are ten thousand.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from respite.core.db import db
from respite.factory import create_app
from respite.messaging.service import finding_out, sending, settling
from tests.places import settings_for
from tests.schedules import World
from tests.thorough import times

CHUNKS, WORLDS, TEXTS = times(1), 25, 50  # one for each text


@pytest.fixture
def app(tmp_path: Path, migrated_sqlite: Path, key_file: Path) -> Iterator[Flask]:
    path = tmp_path / "house.db"
    shutil.copy(migrated_sqlite, path)
    app = create_app(
        settings_for(
            f"sqlite:///{path}",
            key_file,
            twilio_account_sid="AC" + "0123456789abcdef" * 2,
            twilio_auth_token="a token",
            twilio_from="+13035550100",
        )
    )
    app.config.update(TESTING=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def lived(
    app: Flask, monkeypatch: pytest.MonkeyPatch, chunk: int, count: int
) -> tuple[list[str], list[str], Counter[str]]:
    doubles: list[str] = []
    unflagged: list[str] = []
    ends: Counter[str] = Counter()
    for n in range(count):
        with monkeypatch.context() as patch:
            world = World(app, f"{chunk}-{n}", TEXTS, patch).run()
        doubles += world.doubles
        unflagged += world.unflagged
        ends += world.ends
        ends["killed"] += world.killed
    return doubles, unflagged, ends


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_schedule_sends_twice_or_loses_silently(app: Flask, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    doubles, unflagged, ends = lived(app, monkeypatch, chunk, WORLDS)
    assert not doubles
    assert not unflagged
    # The schedules did meet what they are for.
    assert ends["killed"] > WORLDS
    assert ends["delivered"] > WORLDS * TEXTS / 3


@pytest.mark.slow
def test_without_the_settle_time_the_same_schedules_send_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding_out, "settle_seconds", lambda _message: 0)
    doubles, _unflagged, _ends = lived(app, monkeypatch, 0, 4)
    assert doubles


@pytest.mark.slow
def test_without_the_fence_the_same_schedules_send_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "look_again", lambda _claimed: None)
    monkeypatch.setattr(settling, "is_mine", lambda _message, _attempt: True)
    doubles, _unflagged, _ends = lived(app, monkeypatch, 0, 12)
    assert doubles
