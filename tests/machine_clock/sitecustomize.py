"""Read at the start of a server whose PYTHONPATH names this folder: its machine's clock is wrong by what a file says.

The one double of the clock scenarios: a machine whose clock jumps, as by NTP, while processes of the product run on it.
It reaches the product's own reading of the clock and APScheduler's.
"""

from __future__ import annotations

import datetime as dates
import os
import sys
from pathlib import Path

import apscheduler.schedulers.background
import apscheduler.triggers.interval  # noqa: F401

from respite.core import clock

_wrong_by = Path(os.environ["WRONG_BY_SECONDS"])


class WrongDatetime(dates.datetime):
    @classmethod
    def now(cls, tz: dates.tzinfo | None = None) -> dates.datetime:
        return dates.datetime.now(tz) + dates.timedelta(seconds=float(_wrong_by.read_text(encoding="ascii")))


clock.machine_now = lambda: WrongDatetime.now(dates.UTC)
for _name, _module in list(sys.modules.items()):
    if _name.startswith("apscheduler.") and getattr(_module, "datetime", None) is dates.datetime:
        _module.datetime = WrongDatetime  # type: ignore[attr-defined]
