"""The edge of houses."""

from __future__ import annotations

from flask import Flask

from respite.houses import models

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Register what houses serves."""
