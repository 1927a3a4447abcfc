"""The edge of groups and activities."""

from __future__ import annotations

from flask import Flask

from respite.activities import facts, models
from respite.activities.views import blueprint, shared

__all__ = ["facts", "models", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_blueprint(shared)
