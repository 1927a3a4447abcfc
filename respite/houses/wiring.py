"""The edge of houses."""

from __future__ import annotations

from flask import Flask

from respite.accounts import passwords
from respite.accounts.acting import current_actor
from respite.accounts.api import register
from respite.houses import api, models
from respite.houses.access import may_open_a_house
from respite.houses.door_card import card_of_request
from respite.houses.policy.tags import tag_word
from respite.houses.queries import house_names_of
from respite.houses.views import (
    bed_rules,
    blueprint,
    closures,
    door_card,
    doors,
    elsewhere,
    gatherings,
    guest_words,
    opening,
    people,
    rules,
    screens,
    settings,
)

__all__ = [
    "bed_rules",
    "closures",
    "door_card",
    "doors",
    "elsewhere",
    "gatherings",
    "guest_words",
    "models",
    "opening",
    "rules",
    "settings",
    "wire",
]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.add_template_filter(tag_word)
    app.add_template_global(lambda: may_open_a_house(current_actor()), "may_open_a_house")
    app.add_template_global(card_of_request, "door_card")
    register(app, api.api)
    app.register_blueprint(people.blueprint)
    app.register_blueprint(screens.blueprint)
    if house_names_of not in passwords.more_words:
        passwords.more_words.append(house_names_of)
