"""The edge of staffing."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.messaging.service import reading, replying
from respite.staffing import api, cli, models
from respite.staffing.queries.shifts import asked_to_read
from respite.staffing.service import shifts
from respite.staffing.service.replies import SHORT_ANSWERS
from respite.staffing.views import blueprint, feed, own, week

__all__ = ["feed", "models", "own", "shifts", "week", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    register(app, api.api)
    app.cli.add_command(cli.commands)
    if SHORT_ANSWERS not in replying.understands:
        replying.understands.append(SHORT_ANSWERS)
    if asked_to_read not in reading.who_next:
        reading.who_next.append(asked_to_read)
