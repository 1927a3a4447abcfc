"""What can happen with guests, stays and visits. Three words each; data holds ids, words of a list, counts, dates."""

from __future__ import annotations

from respite.audit.kinds import declare

BED_SAVED = declare("guest.bed.saved", bed_id="id", first_night="date", until="date", saved_until="instant")
SAVE_CONFIRMED = declare("guest.save.confirmed", bed_id="id")
SAVED_LONGER = declare("guest.save.prolonged", bed_id="id", saved_until="instant")
CALL_ASKED = declare("guest.save.call-asked", bed_id="id")
CALL_MADE = declare("guest.save.call-made", bed_id="id")
SAVE_LET_GO = declare("guest.save.let-go", bed_id="id")
SAVE_RAN_OUT = declare("guest.save.ran-out", bed_id="id")
SAVE_DISPLACED = declare("guest.save.displaced", bed_id="id", night="date")

STAY_BEGAN = declare("guest.stay.began", bed_id="id", first_night="date", until="date", rules="count")
STAY_SETTLED = declare("guest.stay.settled-in", agreement="flag", lockbox="flag")
STAY_MOVED = declare("guest.stay.moved", from_bed_id="id", to_bed_id="id")
STAYS_SWAPPED = declare("guest.stay.swapped", with_stay_id="id")
STAY_EXTENDED = declare("guest.stay.extended", nights="count", until="date", rules="count")
STAY_PAST_LEAVING = declare("guest.stay.overstayed", bed_id="id", night="date")
STAY_ENDED = declare("guest.stay.ended", bed_id="id", how="word", follow_up="flag")
ACCOUNT_ADDED = declare("guest.stay.account-added")
COMPANIONS_CHANGED = declare("guest.companions.changed", child="count", support_person="count", animal="count")
LOCKBOX_CHANGED = declare("guest.lockbox.changed", key_out="flag")
GUEST_CHANGED = declare("guest.guest.changed")
GUEST_ERASED = declare("guest.guest.erased")

#: Out and back, check-in wishes, wall choices: the board moves on, and nobody's movements are kept.
BOARD_MOVED = declare("guest.board.moved")

WISHES_KEPT = declare("guest.wishes.kept")
PARTING_TALKED = declare("guest.parting.talked")

APART_SAID = declare("guest.apart.said")
APART_PROLONGED = declare("guest.apart.prolonged")
APART_ENDED = declare("guest.apart.ended")
APART_ASKED_AGAIN = declare("guest.apart.asked-again")
YES_ASKED = declare("guest.yes.asked", what="word")
YES_ANSWERED = declare("guest.yes.answered", answer="word")
YES_RULES_CHANGED = declare("guest.yes.rules-changed", everything="flag", months="count")

FUNDER_ASKED = declare("guest.funder.question-asked")
FUNDER_RESTED = declare("guest.funder.question-rested")

NOTE_MADE = declare("guest.note.made", stay_id="id")
NOTE_PASSED_ON = declare("guest.note.passed-on", stay_id="id")
LINE_LEFT = declare("guest.line.left")
LINE_TAKEN_DOWN = declare("guest.line.taken-down")

VISIT_BEGAN = declare("guest.visit.began", chair_id="id")
VISIT_ENDED = declare("guest.visit.ended", chair_id="id", minutes="count")
VISIT_NOTICE = declare("guest.visit.noticed", minutes="count")
VISIT_NOTICE_SEEN = declare("guest.visit.notice-seen", minutes="count")
VISIT_WENT_ON = declare("guest.visit.went-on", stay_id="id")

CONTACT_NOTED = declare("guest.contact.noted", what="word")
CONTACT_CHANGED = declare("guest.contact.changed")
NOT_OFFERED = declare("guest.bed.not-offered", reason="word")

WAITING_ADDED = declare("guest.waiting.added", nights="count")
WAITING_CHANGED = declare("guest.waiting.changed")
WAITING_ENDED = declare("guest.waiting.ended", how="word")

BED_OFFERED = declare(
    "guest.bed.offered",
    bed_id="id",
    waiting_id="id",
    first_night="date",
    until="date",
    how="word",
    minutes="count",
    runs_out_at="instant",
    passed_over="word",
)
OFFER_ENDED = declare("guest.offer.ended", bed_id="id", how="word")
LINE_ENDED = declare("guest.line.ended", bed_id="id", why="word")

REQUEST_SENT_ON = declare("guest.request.sent-on", to_house_id="id")
REQUEST_CAME = declare("guest.request.came", from_house_id="id")
REQUEST_TAKEN_BACK = declare("guest.request.taken-back")
REQUEST_ON_PAPER = declare("guest.request.on-paper")
SOURCES_CHANGED = declare("guest.sources.changed")
RULE_ANSWERED = declare("guest.rule.answered", number="count", edition="count", says="word")
RULE_GONE_PAST = declare("guest.rule.gone-past", number="count", edition="count")

UNDONE = declare("guest.act.undone", what="word")

ASKED = declare("guest.ask.made", what="word")
ASK_TAKEN = declare("guest.ask.taken")
ASK_ANSWERED = declare("guest.ask.answered", what="word")
ASK_TAKEN_BACK = declare("guest.ask.taken-back")

AGREEMENT_WRITTEN = declare("guest.agreement.written", what="word", number="count")
AGREEMENT_READ = declare("guest.agreement.read", how="word", way="word")
AGREEMENT_TAKEN_BACK = declare("guest.agreement.taken-back")

CONVERSATION_WRITTEN = declare("guest.conversation.written", number="count")
CONVERSATION_FORGOTTEN = declare("guest.conversation.forgotten")
