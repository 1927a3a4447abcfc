"""The edge of what others are told; the directory's wiring calls it."""

from __future__ import annotations

from flask import Flask

from respite.guests.service import died
from respite.guests.service.erasing import also_erase
from respite.guests.service.undo import goes_with_a_guest
from respite.guests.views import stay
from respite.resources.disclosures import events, facts, models, service, unseen
from respite.resources.disclosures.views import blueprint
from respite.resources.disclosures.views.pages import section

__all__ = ["events", "facts", "models", "unseen", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    if section not in stay.sections:
        stay.sections.append(section)
    if service.end_as_died not in died.died:
        died.died.append(service.end_as_died)
        died.lives.append(service.stands_again)
    for taken_away in (also_erase, goes_with_a_guest):
        if service.forget_guest not in taken_away:
            taken_away.append(service.forget_guest)
