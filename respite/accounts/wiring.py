"""The edge of accounts."""

from __future__ import annotations

from flask import Flask

from respite.accounts import models
from respite.accounts.acting import forget_old_answers
from respite.core.jobs import HOUR, every

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Register what accounts serves."""
    every(HOUR, "forget old answers", forget_old_answers)
