"""Texts per second through the whole pipeline, beside bare calls of the same client to the same provider.

The provider is the tests' own (a process, 100 ms for each text it takes); eight hands on both sides. Then how long a
claim takes with one text waiting and with a hundred thousand.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from bench.figures import Figure
from bench.places import environ_on, postgres_database
from respite.accounts.actor import COMMAND
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.core.settings import from_environ
from respite.factory import create_app
from respite.houses.service.opening import open_house
from respite.messaging.gateway import gateway
from respite.messaging.models import Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import sending
from respite.messaging.service.writing import write
from tests.twilio.companion import FakeTwilio

HANDS = sending.HANDS
TEXTS = 400
LATENCY = 0.1  # seconds that the provider takes for each
QUEUED = 100_000
CLAIMS = 40


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        figures = _figures("SQLite", f"sqlite:///{folder}/house.db", Path(folder))
    with postgres_database() as url, tempfile.TemporaryDirectory() as folder:
        return figures + _figures("PostgreSQL", url, Path(folder))


def _figures(name: str, url: str, folder: Path) -> list[Figure]:
    twilio = FakeTwilio(folder).start()
    try:
        twilio.control(latency=LATENCY, callbacks={"on": False})
        app = create_app(from_environ({**environ_on(url, folder), **twilio.settings()}))
        with app.app_context():
            upgrade()
            house_id = open_house(
                COMMAND, name="Bench", kind="respite", timezone="America/Denver", beds=1, now=machine_now()
            ).id
            db.session.remove()
            # In turn, twice, so that noise meets both.
            rounds = [(_bare(app), _ours(app, house_id)) for _ in range(2)]
            sent = Figure(
                f"texts, {name}, {HANDS} at once", max(ours for _, ours in rounds), "/s", max(b for b, _ in rounds),
                better="more",
            )  # fmt: skip
            one = _claim(house_id)
            _fill(house_id, QUEUED)
            many = _claim(house_id)
            db.session.remove()
            db.engine.dispose()
            return [sent, Figure(f"a claim among {QUEUED:,} waiting, {name}", many, "ms", one)]
    finally:
        twilio.stop()


def _bare(app: Flask) -> float:
    def call(n: int) -> None:
        with app.app_context():
            gateway().send(
                to="+13035550142", body=f"Bare {n}", attempt_id=str(uuid.uuid4()), valid_for=3600, leaving=nullcontext
            )

    began = time.perf_counter()
    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(call, range(TEXTS)))
    return TEXTS / (time.perf_counter() - began)


def _ours(app: Flask, house_id: uuid.UUID) -> float:
    _fill(house_id, TEXTS)
    began = time.perf_counter()
    while db.session.scalar(sa.select(Message.id).where(Message.next_at.is_not(None)).limit(1)) is not None:
        db.session.rollback()
        sending.pump(machine_now)
    taken = time.perf_counter() - began
    ended = sa.select(sa.func.count()).select_from(Message).where(Message.state == State.ACCEPTED)
    assert db.session.scalar(ended) % TEXTS == 0
    db.session.rollback()
    return TEXTS / taken


def _fill(house_id: uuid.UUID, count: int) -> None:
    """Texts that wait for nothing but their turn."""
    now = machine_now()
    for start in range(0, count, 2000):
        with transaction() as session:
            for n in range(start, min(start + 2000, count)):
                write(
                    session, house_id, number=f"+1303555{n % 9000 + 1000:04d}", purpose=Purpose.ANSWER,
                    words=f"Number {n}", dedupe_key=uuid.uuid4().hex, made_by="bench", now=now,
                    not_after=now + timedelta(days=3),
                )  # fmt: skip
            session.expunge_all()


def _claim(house_id: uuid.UUID) -> float:
    """Milliseconds for one claim, gate and commit included."""
    _fill(house_id, CLAIMS)
    times = []
    for _ in range(CLAIMS):
        began = time.perf_counter()
        _touched, claimed = sending.claim(machine_now())
        times.append((time.perf_counter() - began) * 1000)
        assert claimed is not None
    return median(times)
