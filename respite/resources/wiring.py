"""The edge of the directory."""

from __future__ import annotations

from flask import Flask

from respite.resources import events, models

__all__ = ["events", "models", "wire"]


def wire(app: Flask) -> None:
    """Register what the directory serves."""
