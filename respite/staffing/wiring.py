"""The edge of staffing."""

from __future__ import annotations

from flask import Flask

from respite.staffing import models

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Register what staffing serves."""
