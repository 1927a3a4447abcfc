"""The edge of houses."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.houses import api, models
from respite.houses.policy.tags import tag_word
from respite.houses.views import blueprint, closures, doors, gatherings, opening, rules, settings

__all__ = ["closures", "doors", "gatherings", "models", "opening", "rules", "settings", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.add_template_filter(tag_word)
    register(app, api.api)
