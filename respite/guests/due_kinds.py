"""The names of what becomes due for a stay, a visit or a guest; their handlers are in `guests.jobs`."""

from __future__ import annotations

SAVE_RUNS_OUT = "guest.save.runs-out"
SAVE_ASKS_FOR_CALL = "guest.save.asks-for-call"
OFFER_RUNS_OUT = "guest.offer.runs-out"
OFFER_GOES_ON = "guest.offer.goes-on"
STAY_CENSUS = "guest.stay.census"
VISIT_NOTICE = "guest.visit.notice"
#: Not of a stay or a visit: does anything still keep this guest on file?
GUEST_ON_FILE = "guest.guest.on-file"
ANSWER_CHANGES = "guest.answer.changes"
APART_OVER = "guest.apart.over"
CONVERSATION_OVER = "guest.conversation.over"

ALL = (SAVE_RUNS_OUT, SAVE_ASKS_FOR_CALL, STAY_CENSUS, VISIT_NOTICE)
