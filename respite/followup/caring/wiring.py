"""What kind words hear of guests and of those who work here, and their edge."""

from __future__ import annotations

from typing import Any

from flask import Flask

from respite.accounts.service import people
from respite.followup.caring import events, facts, models, service, unseen
from respite.followup.caring.views import blueprint
from respite.followup.caring.views.card import section
from respite.guests.service import died
from respite.guests.service import kept_from as kept
from respite.guests.service.erasing import also_erase
from respite.guests.service.undo import goes_with_a_guest
from respite.guests.views import stay
from respite.messaging.service import correspondents

__all__ = ["events", "facts", "models", "unseen", "wire"]

_HEARD: tuple[tuple[list[Any], Any], ...] = (
    (also_erase, service.forget),
    (goes_with_a_guest, service.forget),
    (people.duty_ended, service.writer_gone),
    (people.floor_left, service.writer_gone),
    (kept.also_hand_over, service.kept_from),
    (correspondents.yes_changed, service.yes_over),
    (died.died, service.end_as_died),
    (died.lives, service.goes_on),
    (stay.sections, section),
)


def wire(app: Flask) -> None:
    for listeners, heard in _HEARD:
        if heard not in listeners:
            listeners.append(heard)
    app.register_blueprint(blueprint)
