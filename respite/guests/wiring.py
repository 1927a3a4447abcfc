"""The edge of guests."""

from __future__ import annotations

from flask import Flask

from respite.guests import models

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Register what guests serves."""
