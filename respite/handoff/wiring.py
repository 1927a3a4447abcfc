"""The edge of the handoff: its pages, what a text can answer, and that all of it is forgotten after a week."""

from __future__ import annotations

from flask import Flask

from respite.core.clock import house_now
from respite.core.jobs import HOUR, every
from respite.handoff import events, models
from respite.handoff.service import evening, forgetting
from respite.handoff.service.calling import HANDOFF
from respite.handoff.service.replies import answer_handoff, asks_of_handoffs
from respite.handoff.views import blueprint
from respite.houses.service.rules import rules_changed
from respite.messaging.service.questions import answers

__all__ = ["events", "models", "wire"]


def forget_old() -> int:
    return forgetting.forget_old(house_now())


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    answers(HANDOFF, answer_handoff, asks_of_handoffs)
    if evening.follow_rules not in rules_changed:
        rules_changed.append(evening.follow_rules)
    every(HOUR, "forget handoffs of a week ago", forget_old)
