"""The edge of hard moments."""

from __future__ import annotations

from flask import Flask

from respite.guests.service.erasing import also_erase
from respite.guests.service.undo import goes_with_a_guest
from respite.moments import events, facts, models, unseen
from respite.moments.service import accounts
from respite.moments.views import blueprint

__all__ = ["events", "facts", "models", "unseen", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    for taken_away in (also_erase, goes_with_a_guest):
        if accounts.forget_guest not in taken_away:
            taken_away.append(accounts.forget_guest)
