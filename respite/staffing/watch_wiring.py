"""What hangs on a shift so that somebody is always in the house: subscribed once for a process."""

from __future__ import annotations

from respite.core.clock import house_now
from respite.core.jobs import every
from respite.messaging.service.questions import answers
from respite.staffing.service import shifts
from respite.staffing.service.answering import SHIFT, answer_come_in, answer_shift, asks_of_shifts
from respite.staffing.service.calling_in import CALL, answer_call, asks_of_calls
from respite.staffing.service.holding_over import STAY, answer_stay, asks_to_stay, relieve
from respite.staffing.service.paging import PAGE, answer_page, asks_of_pages
from respite.staffing.service.watching import COME_IN, asks_to_come_in, follow, hear, let_go, look_over

LOOK_EVERY = 60  # seconds


def wire_watch() -> None:
    for heard, hook in (
        (shifts.shift_moved, follow),
        (shifts.shift_goes, let_go),
        (shifts.shift_said, hear),
        (shifts.shift_said, relieve),
    ):
        if hook not in heard:
            heard.append(hook)  # type: ignore[arg-type]
    answers(SHIFT, answer_shift, asks_of_shifts)
    answers(COME_IN, answer_come_in, asks_to_come_in)
    answers(CALL, answer_call, asks_of_calls)
    answers(PAGE, answer_page, asks_of_pages)
    answers(STAY, answer_stay, asks_to_stay)
    every(LOOK_EVERY, "look over shifts that nobody came to", look_over_now)


def look_over_now() -> None:
    look_over(house_now())
