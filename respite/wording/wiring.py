"""The edge of wording: the house's list, the mirror, and that marks go when their month is over."""

from __future__ import annotations

from flask import Flask

from respite.core.clock import house_now
from respite.core.jobs import HOUR, every
from respite.wording import counting, events, models
from respite.wording.views import blueprint

__all__ = ["events", "models", "wire"]


def forget_marks() -> int:
    return counting.forget_marks(house_now())


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    every(HOUR, "forget who wrote notes in a month that is over", forget_marks)
