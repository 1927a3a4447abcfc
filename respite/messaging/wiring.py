"""The edge of messaging."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.messaging import api, models
from respite.messaging.views import blueprint

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    register(app, api.api)
