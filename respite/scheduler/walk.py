"""Skipping time in demo mode: the house clock goes from one due thing to the next, and each is done at its own time."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.audit.kinds import UNTOLD, declare
from respite.audit.service import lock_stream, record
from respite.core.clock import house_now, machine_now
from respite.core.db import db, not_waiting_for_the_disk, transaction
from respite.core.demo_clock import ahead, put_ahead
from respite.core.due_steps import Steps
from respite.houses.models import House
from respite.scheduler.turns import turns

FARTHEST = timedelta(days=400)
MOST_STEPS = 100_000  # a row that keeps coming back at one time must not keep the clock for ever

CLOCK_MOVED = declare("demo.clock.moved", UNTOLD, seconds="count")


def skip_ahead(actor: Actor, by: timedelta) -> tuple[datetime, int]:
    """Move the house clock forward by up to 400 days; answers its time and how much was done, when settled."""
    if not timedelta(0) < by <= FARTHEST:
        raise ValueError("the clock goes forward, by up to 400 days")
    db.session.rollback()
    with turns.walk():
        goal = ahead() + by
        db.session.rollback()
        with not_waiting_for_the_disk():
            ran = _run_what_is_due_until(goal)
        put_ahead(goal)
    _tell_every_house(actor, by)
    return house_now(), ran


def _run_what_is_due_until(goal: timedelta) -> int:
    steps, ran, began = Steps(), 0, house_now()
    for _step in range(MOST_STEPS):
        step = steps.next(machine_now() + goal)
        if step is None:
            break
        if step.at > house_now():
            put_ahead(_whole_seconds(step.at - machine_now()))
        ran += step.act(max(step.at, began))
    return ran


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
