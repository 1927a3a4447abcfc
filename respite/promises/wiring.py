"""The edge of promises."""

from __future__ import annotations

from flask import Flask

from respite.accounts.service import people
from respite.core.jobs import HOUR, every
from respite.promises import models
from respite.promises.service import ends
from respite.promises.views import blueprint

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    every(HOUR, "forget promises that ended long ago", ends.forget_old)
    for announced in (people.duty_ended, people.floor_left):
        if ends.become_the_houses not in announced:
            announced.append(ends.become_the_houses)
