"""The edge of overnight mode."""

from __future__ import annotations

from flask import Flask

from respite.core.jobs import HOUR, every
from respite.overnight import models
from respite.overnight.service import forget_old
from respite.overnight.views import blueprint

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    every(HOUR, "forget overnight entries of two months ago", forget_old)
