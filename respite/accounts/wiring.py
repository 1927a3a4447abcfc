"""The edge of accounts."""

from __future__ import annotations

from flask import Flask

from respite.accounts import models

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Register what accounts serves."""
