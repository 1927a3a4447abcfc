"""What is due until an instant, one thing after another by time: how a clock that is skipped forward is walked."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from respite.core.db import db, end_read
from respite.core.due import Due, DueRow, Source, also_due, run
from respite.core.logs import log


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    act: Callable[[datetime], int]  # does it, at the time given; how much was done


@dataclass
class Steps:
    """Due rows, and what the sources of `also_due` have waiting. What does not get done is left out from then on:
    it waits for the next sweep. `stuck` counts it.
    """

    _failed: set[tuple[uuid.UUID, datetime]] = field(default_factory=set)
    _left_out: set[int] = field(default_factory=set)

    @property
    def stuck(self) -> int:
        return len(self._failed) + len(self._left_out)

    def next(self, until: datetime) -> Step | None:
        """What comes next, the earliest first; none where nothing is due until then."""
        row = self._row(until)
        source = min(self._sources(until), key=lambda found: found[0], default=None)
        if source is not None and (row is None or source[0] < row.due_at):
            return Step(source[0], partial(self._run_source, *source))
        return None if row is None else Step(row.due_at, partial(self._run_row, row))

    def _row(self, until: datetime) -> DueRow | None:
        first = sa.select(Due).where(Due.due_at <= until).order_by(Due.due_at, Due.id).limit(len(self._failed) + 1)
        rows = [DueRow(d.id, d.kind, d.subject, d.house_id, d.due_at) for d in db.session.scalars(first)]
        end_read()
        return next((row for row in rows if (row.id, row.due_at) not in self._failed), None)

    def _sources(self, until: datetime) -> Iterator[tuple[datetime, Source]]:
        for source in also_due:
            at = None if id(source) in self._left_out else source.next_at()
            if at is not None and at <= until:
                yield at, source

    def _run_row(self, row: DueRow, now: datetime) -> int:
        if run(row, now):
            return 1
        self._failed.add((row.id, row.due_at))
        return 0

    def _run_source(self, at: datetime, source: Source, now: datetime) -> int:
        try:
            done = source.run(now)
        except Exception as error:
            db.session.rollback()
            log.error("due.failed", kind=type(source).__name__, error=type(error).__name__)
            self._left_out.add(id(source))
            return 0
        if not done and source.next_at() == at:
            self._left_out.add(id(source))
        return done
