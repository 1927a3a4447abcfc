"""The edge of what follows a stay, and what it hears of stays, texts and promises."""

from __future__ import annotations

from typing import Any

from flask import Flask

from respite.followup import events, facts, models, unseen
from respite.followup.caring import wiring as caring
from respite.followup.policy.steps import CALL_TEXT
from respite.followup.service import answers, asking, connections, ending, erasing, planning, promises
from respite.followup.views import blueprint
from respite.followup.views.card import AT_LEAVING, section
from respite.guests.service import died, leaving_told
from respite.guests.service.erasing import also_erase
from respite.guests.service.undo import goes_with_a_guest
from respite.guests.views import reconfirming, stay
from respite.houses.service import details
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.service import correspondents, incoming, questions
from respite.promises.service import acts

__all__ = ["events", "facts", "models", "unseen", "wire"]

#: What is heard, and by whom.
_HEARD: tuple[tuple[list[Any], Any], ...] = (
    (also_erase, erasing.forget),
    (goes_with_a_guest, erasing.forget),
    (leaving_told.ended, planning.stay_ended),
    (leaving_told.undone, planning.leaving_undone),
    (correspondents.yes_changed, planning.yes_changed),
    (correspondents.wishes_changed, planning.plan_anew),
    (details.zone_changed, planning.house_moved),
    (incoming.came_in, answers.came_in),
    (reconfirming.also_asked, AT_LEAVING),
    (asking.also_asked, connections.plan_questions),
    (acts.moved_on, promises.promise_moved),
    (died.died, ending.end_as_died),
    (died.lives, ending.plan_again),
)


def wire(app: Flask) -> None:
    for listeners, heard in _HEARD:
        if heard not in listeners:
            listeners.append(heard)
    app.register_blueprint(blueprint)
    if section not in stay.sections:
        stay.sections.append(section)
    questions.answers(CALL_TEXT, answers.call_answered, answers.open_calls, of=CorrespondentKind.GUEST)
    caring.wire(app)
