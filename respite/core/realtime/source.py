"""What the relay needs from above: the log it reads, and the audience it tells. The core knows neither."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol


class Source(Protocol):
    """Committed versions, by stream. Every call reads afresh and leaves no transaction open."""

    def heads(self) -> Mapping[str, int]:
        """The last committed version of each stream."""

    def after(self, stream: str, version: int, most: int) -> Sequence[tuple[int, Sequence[str]]]:
        """The versions after `version` in order, `most` at once, each with the parts that look different now."""


class Audience(Protocol):
    """Those who watch through this process."""

    def streams(self) -> Collection[str]:
        """The streams that somebody here watches."""

    def name(self, stream: str) -> str:
        """How viewers call the stream: a house's slug."""

    def now(self) -> datetime:
        """The time in the house."""

    def sweep(self) -> None:
        """Close the sockets of those who may no longer watch. Called every second."""
