"""The edge of messaging."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.messaging import api, models

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    register(app, api.api)
