"""The edge of connections; the directory's wiring calls it."""

from __future__ import annotations

from flask import Flask

from respite.guests.service import died
from respite.guests.service.erasing import also_erase
from respite.guests.service.undo import goes_with_a_guest
from respite.guests.views import stay
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.service.questions import answers
from respite.resources.connections import events, facts, models, unseen
from respite.resources.connections.service import asking, ending, telling
from respite.resources.connections.views import blueprint
from respite.resources.connections.views.offering import section

__all__ = ["events", "facts", "models", "unseen", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    if section not in stay.sections:
        stay.sections.append(section)
    if telling.forget_guest not in also_erase:
        also_erase.append(telling.forget_guest)
    if telling.unmake_guest not in goes_with_a_guest:
        goes_with_a_guest.append(telling.unmake_guest)
    if ending.end_as_died not in died.died:
        died.died.append(ending.end_as_died)
        died.lives.append(ending.go_on)
    answers(telling.CONNECTION, asking.answered, asking.open_questions, of=CorrespondentKind.GUEST)
