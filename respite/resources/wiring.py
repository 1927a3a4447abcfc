"""The edge of the directory."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.core.jobs import HOUR, every
from respite.resources import cli, events, models, views
from respite.resources.api import api
from respite.resources.cards import wiring as cards
from respite.resources.connections import wiring as connections
from respite.resources.disclosures import wiring as disclosures
from respite.resources.finding import models as found
from respite.resources.service import uploads

__all__ = ["events", "found", "models", "wire"]


def wire(app: Flask) -> None:
    """Register what the directory and connections serve."""
    app.cli.add_command(cli.group)
    every(HOUR // 4, "throw away files that nobody loaded", uploads.throw_away_old)
    app.register_blueprint(views.blueprint)
    register(app, api)
    cards.wire(app)
    connections.wire(app)
    disclosures.wire(app)
