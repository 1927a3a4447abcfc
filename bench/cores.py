"""Seconds of two cores of one's own, on a machine where others take their part of them."""

from __future__ import annotations

import time

CORES = 2


class Stint:
    """From now on until this process has had both cores for so many seconds, however long that takes."""

    def __init__(self, seconds: float) -> None:
        self._began = time.process_time()
        self._most = seconds

    @property
    def seconds(self) -> float:
        return (time.process_time() - self._began) / CORES

    def is_over(self) -> bool:
        return self.seconds >= self._most
