"""The edge of messaging."""

from __future__ import annotations

from flask import Flask

from respite.messaging import models

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Nothing is served yet."""
