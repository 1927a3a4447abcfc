"""Structured logs by allow-list: a key that is not listed here is dropped, whatever it holds."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger",
        "method", "route", "status", "milliseconds", "request_id", "rule", "error", "where",
        "house_id", "actor_id", "kind", "count", "version", "job", "seconds", "revision", "port", "reason",
        "sockets", "limit",
    }
)  # fmt: skip


def only_allowed(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in entry.items() if key in ALLOWED}


class _Patient:
    """A stream whose full disk stops nothing: what is done about an error must not fail for want of a line about it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def configure(least: int = logging.INFO) -> None:
    """Write what is at least as grave as `least` to the standard error output, one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Patient(sys.stderr))),
        cache_logger_on_first_use=False,
    )


log = structlog.get_logger()
