"""Skipping time in demo mode: the house clock goes from one due thing to the next, and each is done at its own time."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.audit.kinds import declare
from respite.audit.service import lock_stream, record
from respite.core.clock import house_now, machine_now
from respite.core.db import db, transaction
from respite.core.demo_clock import ahead, put_ahead
from respite.core.due import DueRow, Source, also_due, due_rows, run
from respite.core.logs import log
from respite.houses.models import House
from respite.scheduler.turns import turns

FARTHEST = timedelta(days=400)
MOST_STEPS = 100_000  # a row that keeps coming back at one time must not keep the clock for ever

CLOCK_MOVED = declare("demo.clock.moved", seconds="count")


def skip_ahead(actor: Actor, by: timedelta) -> tuple[datetime, int]:
    """Move the house clock forward by up to 400 days; answers its time and how much was done, when settled."""
    if not timedelta(0) < by <= FARTHEST:
        raise ValueError("the clock goes forward, by up to 400 days")
    db.session.rollback()
    with turns.walk():
        goal = ahead() + by
        db.session.rollback()
        ran = _run_what_is_due_until(goal)
        put_ahead(goal)
    _tell_every_house(actor, by)
    return house_now(), ran


def _run_what_is_due_until(goal: timedelta) -> int:
    walk, ran = _Walk(goal, house_now()), 0
    for _step in range(MOST_STEPS):
        step = walk.next_step()
        if step is None:
            break
        at, act = step
        if at > house_now():
            put_ahead(_whole_seconds(at - machine_now()))
        ran += act(max(at, walk.began))
    return ran


class _Walk:
    """One way from now to `goal`: what comes next, and what does not get done and is left out from here on."""

    def __init__(self, goal: timedelta, began: datetime) -> None:
        self.goal = goal
        self.began = began
        self._failed: set[tuple[uuid.UUID, datetime]] = set()
        self._stuck: set[int] = set()

    def next_step(self) -> tuple[datetime, Callable[[datetime], int]] | None:
        """When the next thing is due, and what does it; none where nothing is left until the goal."""
        until = machine_now() + self.goal
        waiting = due_rows(until, most=len(self._failed) + 1)
        row = next((each for each in waiting if (each.id, each.due_at) not in self._failed), None)
        at, source = min(self._sources(until), key=lambda found: found[0], default=(None, None))
        if at is not None and source is not None and (row is None or at < row.due_at):
            return at, partial(self._run_source, source, at)
        return None if row is None else (row.due_at, partial(self._run_row, row))

    def _sources(self, until: datetime) -> Iterator[tuple[datetime, Source]]:
        for source in also_due:
            at = None if id(source) in self._stuck else source.next_at()
            if at is not None and at <= until:
                yield at, source

    def _run_row(self, row: DueRow, now: datetime) -> int:
        if run(row, now):
            return 1
        self._failed.add((row.id, row.due_at))
        return 0

    def _run_source(self, source: Source, at: datetime, now: datetime) -> int:
        try:
            done = source.run(now)
        except Exception as error:
            db.session.rollback()
            log.error("due.failed", kind=type(source).__name__, error=type(error).__name__)
            done = 0
        if not done and source.next_at() == at:
            self._stuck.add(id(source))
        return done


def _whole_seconds(ahead_by: timedelta) -> timedelta:
    """Rounded up: the clock keeps whole seconds, and a row's time must have come when it runs."""
    return timedelta(seconds=math.ceil(ahead_by.total_seconds()))


def _tell_every_house(actor: Actor, by: timedelta) -> None:
    """Every screen shows times, so every screen looks again."""
    for house_id in db.session.scalars(sa.select(House.id)).all():
        with transaction() as session:
            lock_stream(session, house_id)
            record(
                session,
                house_id,
                CLOCK_MOVED,
                subject=None,
                actor=actor,
                at=house_now(),
                parts=("layout",),
                seconds=int(by.total_seconds()),
            )
