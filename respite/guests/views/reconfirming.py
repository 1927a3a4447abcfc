"""The leaving form's part about texts: what stands is shown, and only what was changed is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from respite.core.forms import Form
from respite.core.phones import phone
from respite.guests.models import Stay
from respite.guests.service.texting import Reconfirmed
from respite.houses.models import House
from respite.messaging.purposes import Purpose

YES_NO = ("yes", "no")
#: What a guest who leaves is asked about, by the field's name. `follow_up` marks their wish too.
ASKED_AT_LEAVING: Mapping[str, Purpose] = {
    "follow_up": Purpose.FOLLOW_UP,
    "connections": Purpose.CONNECTIONS,
    "caring": Purpose.CARING,
}


@dataclass(frozen=True, slots=True)
class AlsoAsked:
    """What an upper feature asks a guest who leaves: its part of the form, and how the answers are read, for
    `leaving_told.StayEnded.chosen`."""

    template: str
    facts: Callable[[Stay, House, datetime], dict[str, Any] | None]
    read: Callable[[Form], Mapping[str, Any]]


#: Filled by features in their wiring, once each.
also_asked: list[AlsoAsked] = []


def usual_texts(texts: dict[str, Any]) -> dict[str, str]:
    """What stands: skipping it changes nothing."""
    stands = {asking.field: "yes" if asking.given else "" for asking in texts["later"]}
    return stands | {"number": texts["number"] or ""}


def reconfirmed(form: Form) -> Reconfirmed | None:
    """What was changed, or said to be right; none where nobody touched it."""
    typed, stood = phone(form, "number"), phone(form, "was_number")
    number = typed if typed != stood else None
    answers: dict[Purpose, bool] = {}
    for field, purpose in ASKED_AT_LEAVING.items():
        answer, was = yes_no(form, field), yes_no(form, f"was_{field}")
        if answer is True and (was is not True or number is not None):
            answers[purpose] = True
        elif answer is False and was is True:
            answers[purpose] = False
    if typed is None and any(answers.values()):
        if set(answers) == {Purpose.FOLLOW_UP}:
            answers = {}  # the wish is kept without a number
        else:
            form.say("number", _("Please give the number to text."))
    together = form.flag("together")
    return Reconfirmed(number, answers, together) if number is not None or answers or together else None


def yes_no(form: Form, name: str) -> bool | None:
    answer = form.choice(name, YES_NO, needed=False)
    return None if not answer else answer == "yes"
