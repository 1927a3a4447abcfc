"""What questions between peers about their shifts hear of, and the texts that answer them."""

from __future__ import annotations

from respite.messaging.service.questions import answers
from respite.staffing.service import duty_ends, shifts, swap_ends
from respite.staffing.service.swap_replies import questions_to, swap_answered
from respite.staffing.service.swap_words import SWAP
from respite.staffing.views import swaps

#: Importing them puts their pages on the one blueprint.
PAGES = (swaps,)


def wire_swaps() -> None:
    if swap_ends.follow not in shifts.shift_moved:
        shifts.shift_moved.append(swap_ends.follow)
        shifts.shift_goes.append(swap_ends.forget)
        shifts.shift_said.append(swap_ends.hear)
    if swap_ends.let_go not in duty_ends.duty_ended:
        duty_ends.duty_ended.append(swap_ends.let_go)
    answers(SWAP, swap_answered, questions_to)
