"""The edge of figures, and that months are closed when they are over."""

from __future__ import annotations

from flask import Flask

from respite.core.clock import house_now
from respite.core.jobs import HOUR, every
from respite.reports import events, models, service
from respite.reports.views import blueprint

__all__ = ["events", "models", "wire"]


def close_months() -> int:
    return service.close_months(house_now())


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    every(HOUR, "close the figures of months that are over", close_months)
