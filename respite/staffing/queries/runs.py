"""Fillings of rosters as they are now: one of which nothing was heard for a minute is lost."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.staffing.models import RosterRun

WAITING, RUNNING, DONE, STOPPED, LOST, OVERTAKEN = "waiting", "running", "done", "stopped", "lost", "overtaken"
GOING = (WAITING, RUNNING)
SILENT = timedelta(seconds=60)  # by the machine's clock


def state_of(run: RosterRun, machine: datetime) -> str:
    """Its state, lost where it went silent."""
    if run.state in GOING and (run.heard_at is None or machine - run.heard_at > SILENT):
        return LOST
    return run.state


def last_run(session: Session, roster_id: uuid.UUID) -> RosterRun | None:
    return session.scalar(
        sa.select(RosterRun)
        .where(RosterRun.roster_id == roster_id)
        .order_by(RosterRun.made_at.desc(), RosterRun.id)
        .limit(1)
    )


def going(session: Session, machine: datetime) -> RosterRun | None:
    """The filling that goes on in this installation; there is one at a time."""
    return session.scalar(
        sa.select(RosterRun).where(RosterRun.state.in_(GOING), RosterRun.heard_at > machine - SILENT).limit(1)
    )
