"""What offers hear of, and the texts that answer them."""

from __future__ import annotations

from respite.messaging.service.questions import answers
from respite.staffing.service import offer_replies, offers, shifts
from respite.staffing.service.asking import OFFER
from respite.staffing.service.offer_replies import CANNOT_COME


def wire_offers() -> None:
    if offers.follow not in shifts.shift_moved:
        shifts.shift_moved.append(offers.follow)
        shifts.shift_goes.append(offers.forget)
    answers(OFFER, offer_replies.offer_answered, offer_replies.open_offers)
    answers(CANNOT_COME, offer_replies.cannot_come_said, offer_replies.shift_ahead)
