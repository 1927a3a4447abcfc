"""Work that comes round by itself: declared by features, run by the scheduler's one leader.

For what belongs to a row and a time there are due rows (`core.due`); this is for sweeping up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    seconds: int  # between two runs, by the machine's clock
    run: Callable[[], object]


_jobs: dict[str, Job] = {}


def every(seconds: int, name: str, run: Callable[[], object]) -> None:
    """Declare a job, inside a feature's wiring. `run` opens its own transaction and may run twice at once.

    Declaring the same again is fine, since an app is wired more than once in one process.
    """
    known = _jobs.get(name)
    if known is not None and known.run is not run:
        raise ValueError(f"{name} names two jobs")
    _jobs[name] = Job(name, seconds, run)


def all_jobs() -> tuple[Job, ...]:
    return tuple(_jobs.values())
