"""What the clock calls when something of a stay, a visit or a guest is due: two lines each."""

from __future__ import annotations

from respite.core.due import handles
from respite.guests import due_kinds
from respite.guests.service import apart, conversation, erasing, leaving, offering, rule_answers, saving, visits

handles(due_kinds.SAVE_RUNS_OUT)(saving.run_out)
handles(due_kinds.SAVE_ASKS_FOR_CALL)(saving.ask_for_call)
handles(due_kinds.OFFER_RUNS_OUT)(offering.run_out)
handles(due_kinds.OFFER_GOES_ON)(offering.go_on)
handles(due_kinds.STAY_CENSUS)(leaving.take_census)
handles(due_kinds.VISIT_NOTICE)(visits.give_notice)
handles(due_kinds.GUEST_ON_FILE)(erasing.forget_unless_on_file)
handles(due_kinds.ANSWER_CHANGES)(rule_answers.run_out)
handles(due_kinds.APART_OVER)(apart.run_out)
handles(due_kinds.CONVERSATION_OVER)(conversation.run_out)
