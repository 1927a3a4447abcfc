"""Choosing weeks and days off by text: their pages, due rows, and the texts that answer them."""

from __future__ import annotations

from respite.messaging.service import replying
from respite.messaging.service.questions import answers
from respite.staffing.service import choosing, choosing_weeks, duty_ends
from respite.staffing.service.choosing_asking import CHOOSING
from respite.staffing.service.choosing_replies import choosing_answered, open_weeks
from respite.staffing.service.time_off_replies import DAYS_OFF_BY_TEXT, TIME_OFF, time_off_answered
from respite.staffing.views import choosing as pages

#: Importing them puts their pages on the one blueprint, and says who handles their due rows.
PARTS = (pages, choosing_weeks)


def wire_choosing() -> None:
    if choosing.person_gone not in duty_ends.duty_ended:
        duty_ends.duty_ended.append(choosing.person_gone)
    answers(CHOOSING, choosing_answered, open_weeks)
    answers(TIME_OFF, time_off_answered)
    if DAYS_OFF_BY_TEXT not in replying.understands:
        replying.understands.append(DAYS_OFF_BY_TEXT)
