"""What can happen with guests, stays and visits. Three words each; data holds ids, words of a list, counts, dates."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

BED_SAVED = declare("guest.bed.saved", TOLD, bed_id="id", first_night="date", until="date", saved_until="instant")
SAVE_CONFIRMED = declare("guest.save.confirmed", UNTOLD, bed_id="id")
SAVED_LONGER = declare("guest.save.prolonged", UNTOLD, bed_id="id", saved_until="instant")
CALL_ASKED = declare("guest.save.call-asked", UNTOLD, bed_id="id")
CALL_MADE = declare("guest.save.call-made", UNTOLD, bed_id="id")
SAVE_LET_GO = declare("guest.save.let-go", TOLD, bed_id="id")
SAVE_RAN_OUT = declare("guest.save.ran-out", TOLD, bed_id="id")
SAVE_DISPLACED = declare("guest.save.displaced", TOLD, bed_id="id", night="date")

STAY_BEGAN = declare("guest.stay.began", TOLD, bed_id="id", first_night="date", until="date", rules="count")
STAY_SETTLED = declare("guest.stay.settled-in", UNTOLD, agreement="flag", lockbox="flag")
STAY_MOVED = declare("guest.stay.moved", TOLD, from_bed_id="id", to_bed_id="id")
STAYS_SWAPPED = declare("guest.stay.swapped", TOLD, with_stay_id="id")
STAY_EXTENDED = declare("guest.stay.extended", TOLD, nights="count", until="date", rules="count")
STAY_PAST_LEAVING = declare("guest.stay.overstayed", TOLD, bed_id="id", night="date")
STAY_ENDED = declare("guest.stay.ended", TOLD, bed_id="id", how="word", follow_up="flag")
ACCOUNT_ADDED = declare("guest.stay.account-added", UNTOLD)
COMPANIONS_CHANGED = declare("guest.companions.changed", UNTOLD, child="count", support_person="count", animal="count")
LOCKBOX_CHANGED = declare("guest.lockbox.changed", UNTOLD, key_out="flag")
GUEST_CHANGED = declare("guest.guest.changed", UNTOLD)
GUEST_ERASED = declare("guest.guest.erased", UNTOLD)
#: Never told by the log: whoever knew them hears it from a person.
DEATH_SAID = declare("guest.death.said", UNTOLD)
DEATH_TAKEN_BACK = declare("guest.death.taken-back", UNTOLD)

#: Out and back, check-in wishes, wall choices: the board moves on, and nobody's movements are kept.
BOARD_MOVED = declare("guest.board.moved", UNTOLD)

WISHES_KEPT = declare("guest.wishes.kept", UNTOLD)
PARTING_TALKED = declare("guest.parting.talked", UNTOLD)

APART_SAID = declare("guest.apart.said", UNTOLD)
APART_PROLONGED = declare("guest.apart.prolonged", UNTOLD)
APART_ENDED = declare("guest.apart.ended", UNTOLD)
APART_ASKED_AGAIN = declare("guest.apart.asked-again", UNTOLD)
YES_ASKED = declare("guest.yes.asked", UNTOLD, what="word")
YES_ANSWERED = declare("guest.yes.answered", UNTOLD, answer="word")
YES_RULES_CHANGED = declare("guest.yes.rules-changed", UNTOLD, everything="flag", months="count")

FUNDER_ASKED = declare("guest.funder.question-asked", UNTOLD)
FUNDER_RESTED = declare("guest.funder.question-rested", UNTOLD)

NOTE_MADE = declare("guest.note.made", TOLD, stay_id="id")
NOTE_PASSED_ON = declare("guest.note.passed-on", UNTOLD, stay_id="id")
LINE_LEFT = declare("guest.line.left", UNTOLD)
LINE_TAKEN_DOWN = declare("guest.line.taken-down", UNTOLD)

VISIT_BEGAN = declare("guest.visit.began", TOLD, chair_id="id")
VISIT_ENDED = declare("guest.visit.ended", TOLD, chair_id="id", minutes="count")
VISIT_NOTICE = declare("guest.visit.noticed", UNTOLD, minutes="count")
VISIT_NOTICE_SEEN = declare("guest.visit.notice-seen", UNTOLD, minutes="count")
VISIT_WENT_ON = declare("guest.visit.went-on", UNTOLD, stay_id="id")

CONTACT_NOTED = declare("guest.contact.noted", TOLD, what="word")
CONTACT_CHANGED = declare("guest.contact.changed", UNTOLD)
NOT_OFFERED = declare("guest.bed.not-offered", TOLD, reason="word")

WAITING_ADDED = declare("guest.waiting.added", TOLD, nights="count")
WAITING_CHANGED = declare("guest.waiting.changed", UNTOLD)
WAITING_ENDED = declare("guest.waiting.ended", TOLD, how="word")

BED_OFFERED = declare(
    "guest.bed.offered",
    TOLD,
    bed_id="id",
    waiting_id="id",
    first_night="date",
    until="date",
    how="word",
    minutes="count",
    runs_out_at="instant",
    passed_over="word",
)
OFFER_ENDED = declare("guest.offer.ended", TOLD, bed_id="id", how="word")
LINE_ENDED = declare("guest.line.ended", TOLD, bed_id="id", why="word")

REQUEST_SENT_ON = declare("guest.request.sent-on", TOLD, to_house_id="id")
REQUEST_CAME = declare("guest.request.came", TOLD, from_house_id="id")
REQUEST_TAKEN_BACK = declare("guest.request.taken-back", TOLD)
REQUEST_ON_PAPER = declare("guest.request.on-paper", UNTOLD)
SOURCES_CHANGED = declare("guest.sources.changed", UNTOLD)
RULE_ANSWERED = declare("guest.rule.answered", UNTOLD, number="count", edition="count", says="word")
RULE_GONE_PAST = declare("guest.rule.gone-past", UNTOLD, number="count", edition="count")

UNDONE = declare("guest.act.undone", TOLD, what="word")

ASKED = declare("guest.ask.made", TOLD, what="word")
ASK_TAKEN = declare("guest.ask.taken", UNTOLD)
ASK_ANSWERED = declare("guest.ask.answered", TOLD, what="word")
ASK_TAKEN_BACK = declare("guest.ask.taken-back", TOLD)

AGREEMENT_WRITTEN = declare("guest.agreement.written", UNTOLD, what="word", number="count")
AGREEMENT_READ = declare("guest.agreement.read", UNTOLD, how="word", way="word")
AGREEMENT_TAKEN_BACK = declare("guest.agreement.taken-back", UNTOLD)

CONVERSATION_WRITTEN = declare("guest.conversation.written", UNTOLD, number="count")
CONVERSATION_FORGOTTEN = declare("guest.conversation.forgotten", UNTOLD)
