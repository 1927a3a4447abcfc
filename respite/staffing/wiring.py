"""The edge of staffing."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.staffing import api, models
from respite.staffing.service import shifts
from respite.staffing.views import blueprint, own, week

__all__ = ["models", "own", "shifts", "week", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    register(app, api.api)
