"""The edge of staffing."""

from __future__ import annotations

from flask import Flask

from respite.staffing import models
from respite.staffing.service import shifts

__all__ = ["models", "shifts", "wire"]


def wire(app: Flask) -> None:
    """Register what staffing serves."""
