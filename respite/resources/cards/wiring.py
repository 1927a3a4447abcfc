"""The edge of cards; the directory's wiring calls it."""

from __future__ import annotations

from flask import Flask

from respite.core.jobs import HOUR, every
from respite.core.web import discreet_under, identify_by
from respite.resources.cards import events, models, service
from respite.resources.cards.views import blueprint
from respite.resources.cards.views.public import read_in_language_of_address

__all__ = ["events", "models", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    discreet_under(app, f"{service.PATH}/", "cards/error.html")
    identify_by(app, read_in_language_of_address)
    every(HOUR, "throw away cards whose time is over", service.throw_away_old)
