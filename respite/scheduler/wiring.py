"""The edge of scheduler: the clockwork starts where pages are served, never in a command or a test."""

from __future__ import annotations

import sys

from flask import Flask

from respite.scheduler import models, views
from respite.scheduler.clockwork import Clockwork, serves

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    clockwork = Clockwork(app)
    app.extensions["respite.clockwork"] = clockwork

    def start_with_the_first_request() -> None:
        if not app.testing:
            clockwork.start()

    app.before_request(start_with_the_first_request)
    if serves(sys.argv):
        clockwork.start()
