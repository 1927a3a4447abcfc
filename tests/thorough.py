"""How often tests go over the same ground: `THOROUGH=5 make test` goes over it five times as often as every run does.

What repeats itself with other chances would take most of an hour on two cores. Every run does enough of it to see a
fault that is there often; before a release all of it is done.
"""

from __future__ import annotations

import os

THOROUGH = max(1, int(os.environ.get("THOROUGH", "1")))


def times(usual: int) -> int:
    """How often, where every run does it so many times."""
    return usual * THOROUGH
