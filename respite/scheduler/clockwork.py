"""The clockwork: sweeps due rows and runs the periodic jobs, in the serving process alone.

APScheduler stores nothing here and decides nothing: it only says "look now". One process leads at a time by
a lease, which saves the others the work; a second sweep would find every row claimed.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import socket
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from respite.core.clock import house_now, machine_now
from respite.core.due import due_rows, run
from respite.core.jobs import Job, all_jobs
from respite.core.logs import log
from respite.scheduler import leases
from respite.scheduler.turns import turns

LEASE = "clockwork"
LOOK_EVERY = 1  # seconds
LEASE_LASTS = timedelta(seconds=20)
# A write to the disk each second only to stay leader would wear out a small machine.
RENEW_BEFORE_END = timedelta(seconds=10)
A_SECOND = timedelta(seconds=1)
WATCH_EVERY = 5  # seconds between two looks at the machine's clock
LONGEST_REST = 300  # seconds before a row that keeps failing is tried again


class Clockwork:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self._holder = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._leads_until: datetime | None = None
        self._scheduler: Any = None
        self._pid: int | None = None
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._jobs: set[str] = set()
        self._failed: dict[uuid.UUID, tuple[int, float]] = {}

    @property
    def running(self) -> bool:
        return self._scheduler is not None

    def start(self) -> None:
        """Start once in this process; a process forked from one that started has no threads and starts anew."""
        if self._pid == os.getpid():
            return
        with self._lock:
            if self._pid == os.getpid():
                return
            self._pid = os.getpid()
            logging.getLogger("apscheduler").setLevel(logging.ERROR)
            self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(2)})
            self._jobs = set()
            self._add("sweep", LOOK_EVERY, self.look)
            self._scheduler.start()
            self._ended = threading.Event()
            watched = (self._scheduler, self._ended)
            threading.Thread(target=self._watch, args=watched, name="clock watch", daemon=True).start()
            atexit.register(self.stop)

    def _add(self, name: str, seconds: int, run: Any) -> None:
        # Late or missed looks become one; two of the same never run at once here.
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler.add_job(run, "interval", seconds=seconds, id=name, **once)

    def _add_new_jobs(self) -> None:
        """Jobs that features declared since: gunicorn starts this before the last of them is wired."""
        for job in all_jobs():
            if job.name not in self._jobs and self._scheduler is not None:
                self._jobs.add(job.name)
                self._add(job.name, job.seconds, partial(self.run, job))

    def _watch(self, scheduler: Any, ended: threading.Event) -> None:
        """APScheduler waits for instants of the machine's clock. Those of a clock that went back since are moved.

        It counts how long it sleeps once, before it does. A clock that went back and is right again before anybody
        looked would leave it asleep for an hour with nothing to be moved, so it is woken in any case.
        """
        while not ended.wait(WATCH_EVERY):
            now = machine_now()
            for job in scheduler.get_jobs():
                if job.next_run_time > now + job.trigger.interval + A_SECOND:
                    job.modify(next_run_time=now)
            scheduler.wakeup()

    def stop(self) -> None:
        """Stop, and let another process lead at once."""
        with self._lock:
            self._ended.set()
            scheduler, self._scheduler, self._pid = self._scheduler, None, None
        atexit.unregister(self.stop)
        if scheduler is None:
            return
        scheduler.shutdown(wait=True)
        if self._leads_until is not None:
            self._leads_until = None
            self._safely("lease", lambda: leases.give_back(LEASE, self._holder))

    def look(self) -> None:
        """Sweep what is due, when this process leads."""
        self._safely("jobs", self._add_new_jobs)
        with turns.sweep() as mine:
            if mine:
                self._safely("sweep", self._sweep)

    def _sweep(self) -> None:
        """Run what is due. A row that failed is tried again after a second, then two, then four: it fills no log."""
        if not self.leads():
            return
        now = house_now()
        for row in due_rows(now):
            tries, not_before = self._failed.get(row.id, (0, 0.0))
            if time.monotonic() < not_before:
                continue
            if run(row, now):
                self._failed.pop(row.id, None)
            else:
                self._failed[row.id] = (tries + 1, time.monotonic() + min(2**tries, LONGEST_REST))

    def run(self, job: Job) -> None:
        """Run a periodic job, when this process leads."""
        with turns.sweep() as mine:
            if mine:
                self._safely(job.name, lambda: self.leads() and job.run())

    def leads(self) -> bool:
        """Whether this process leads, taking or renewing the lease where it is time to."""
        now = machine_now()
        if self._leads_until is not None and RENEW_BEFORE_END < self._leads_until - now <= LEASE_LASTS:
            return True
        leads = leases.take(LEASE, self._holder, LEASE_LASTS, now)
        self._leads_until = now + LEASE_LASTS if leads else None
        return leads

    def _safely(self, name: str, act: Any) -> None:
        """Nothing that fails once may end the clockwork."""
        try:
            with self._app.app_context():
                act()
        except Exception as error:
            log.error("clockwork.failed", job=name, error=type(error).__name__)


def serves(arguments: list[str]) -> bool:
    """Whether this process was started to serve by gunicorn; it then needs no first request to begin."""
    return bool(arguments) and "gunicorn" in Path(arguments[0]).name
