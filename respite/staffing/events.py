"""What can happen to shifts."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

SHIFT_SET = declare("staffing.shift.set", UNTOLD, person_id="id", starts_at="instant", ends_at="instant", floor="flag")
SHIFT_CHANGED = declare(
    "staffing.shift.changed", UNTOLD, person_id="id", starts_at="instant", ends_at="instant", floor="flag"
)
SHIFT_TAKEN_OFF = declare("staffing.shift.taken-off", UNTOLD, person_id="id", starts_at="instant", ends_at="instant")
SHIFT_ON_WAY = declare("staffing.shift.on-way", UNTOLD, person_id="id")
SHIFT_CAME = declare("staffing.shift.came", UNTOLD, person_id="id")
SHIFT_NOT_CAME = declare("staffing.shift.uncame", UNTOLD, person_id="id")
SHIFT_WENT = declare("staffing.shift.went", UNTOLD, person_id="id")
SHIFT_NOT_WENT = declare("staffing.shift.unwent", UNTOLD, person_id="id")
SHIFT_TURNED = declare("staffing.shift.turned", UNTOLD)  # one began or ended by the clock: who is here looks different

PEER_CHANGED = declare("staffing.peer.changed", UNTOLD)  # what they say of themselves, or the house of them
WORD_CHANGED = declare("staffing.word.changed", UNTOLD)  # of the house's lists: titles, and what may be shared
PHONE_LOST = declare("staffing.phone.lost", UNTOLD)
WEEK_CHANGED = declare("staffing.week.changed", UNTOLD)
TIME_OFF_MOVED = declare("staffing.time-off.moved", UNTOLD, person_id="id", state="word")
SHIFT_STAYS = declare("staffing.shift.stays", TOLD, person_id="id")  # on after its end, until somebody relieves them
SHIFT_RELIEVED = declare("staffing.shift.relieved", UNTOLD, person_id="id")
SHIFT_WATCHED = declare("staffing.shift.watched", UNTOLD, step="word")  # something was done so that somebody comes
CALL_MADE = declare("staffing.call.made", TOLD, until="instant")  # a second person is wanted
CALL_ENDED = declare("staffing.call.ended", TOLD)
PATTERN_MADE = declare("staffing.pattern.made", UNTOLD, first_day="date", made="count")
PATTERN_CHANGED = declare(
    "staffing.pattern.changed", UNTOLD, first_day="date", made="count", gone="count", kept="count"
)
PATTERN_ENDED = declare("staffing.pattern.ended", UNTOLD, until="date", gone="count", kept="count")
PATTERN_GOES_ON = declare("staffing.pattern.resumed", UNTOLD, made="count")
PATTERNS_ROLLED = declare("staffing.pattern.rolled", UNTOLD, made="count", until="date")
SHIFT_KEPT = declare("staffing.shift.kept", UNTOLD)  # although its pattern has ended
DUTY_CHANGED = declare("staffing.duty.changed", UNTOLD, first_day="date")
DUTY_DROPPED = declare("staffing.duty.dropped", UNTOLD, first_day="date")
GAPS_TOLD = declare("staffing.gap.told", TOLD, count="count")  # the coordinators were told of so many gaps

CREDENTIAL_RULES_SET = declare("staffing.credential.rules-set", UNTOLD, slug="word", since="date")
CREDENTIAL_RULES_ENDED = declare("staffing.credential.rules-ended", UNTOLD, slug="word", until="date")
CREDENTIAL_RULES_BACK = declare("staffing.credential.rules-back", UNTOLD, slug="word")
CREDENTIAL_ADDED = declare(
    "staffing.credential.added", UNTOLD, person_id="id", slug="word", issued_on="date", expires_on="date"
)
CREDENTIAL_CHANGED = declare("staffing.credential.changed", UNTOLD, person_id="id", issued_on="date", expires_on="date")
CREDENTIAL_RENEWED = declare("staffing.credential.renewed", UNTOLD, person_id="id", issued_on="date", expires_on="date")
CREDENTIAL_ENDED = declare("staffing.credential.ended", UNTOLD, person_id="id", ended_on="date")
CREDENTIAL_BACK = declare("staffing.credential.unended", UNTOLD, person_id="id")
CREDENTIAL_REMOVED = declare("staffing.credential.removed", UNTOLD, person_id="id")
CREDENTIAL_REMINDED = declare("staffing.credential.reminded", UNTOLD, person_id="id", days="count", expires_on="date")
TRAINING_ADDED = declare("staffing.training.added", UNTOLD, person_id="id", slug="word", minutes="count", day="date")
TRAINING_REMOVED = declare(
    "staffing.training.removed", UNTOLD, person_id="id", slug="word", minutes="count", day="date"
)
TOGETHER_ADDED = declare(
    "staffing.together.added", UNTOLD, person_id="id", with_person_id="id", minutes="count", day="date"
)
TOGETHER_REMOVED = declare(
    "staffing.together.removed", UNTOLD, person_id="id", with_person_id="id", minutes="count", day="date"
)
COMPANY_WISHED = declare("staffing.company.wished", UNTOLD)  # without subject, actor and data, so that nobody can tell
PAGE_MADE = declare("staffing.page.made", TOLD)  # the clinical on-call is asked for
PAGE_MOVED = declare("staffing.page.moved", UNTOLD)
PAGE_TAKEN = declare("staffing.page.taken", UNTOLD)
PAGE_ENDED = declare("staffing.page.ended", TOLD)
OFFER_OPENED = declare("staffing.offer.opened", TOLD, shift_id="id")
OFFER_ASKED = declare("staffing.offer.asked", UNTOLD, wave="count")
OFFER_ANSWERED = declare("staffing.offer.answered", UNTOLD)  # who said what is nobody's to count
OFFER_OVERRIDDEN = declare("staffing.offer.overridden", UNTOLD, person_id="id")
OFFER_CLOSED = declare("staffing.offer.closed", TOLD, why="word", person_id="id")

# Who asked whom, and who said no, is nobody's to count: these name no person and nobody who acted.
SWAP_ASKED = declare("staffing.swap.asked", UNTOLD, shift_id="id")
SWAP_ANSWERED = declare("staffing.swap.answered", UNTOLD)  # a yes that waits for whoever keeps the shifts
SWAP_DONE = declare("staffing.swap.done", TOLD, shift_id="id", other_shift_id="id", overridden="flag")
SWAP_ENDED = declare("staffing.swap.ended", UNTOLD, why="word")

# A draft's events name no person: it is private until it is published.
ROSTER_BEGAN = declare("staffing.roster.began", UNTOLD)
ROSTER_CHANGED = declare("staffing.roster.changed", UNTOLD)
ROSTER_DROPPED = declare("staffing.roster.dropped", UNTOLD)
ROSTER_PUBLISHED = declare("staffing.roster.published", UNTOLD, shifts="count", people="count")
ROSTER_CHOOSING = declare("staffing.roster.choosing", UNTOLD, until="instant")  # people may choose until then
ROSTER_CHOSEN = declare("staffing.roster.chosen", UNTOLD)  # without actor: who chose how often is nobody's to count
ROSTER_NUDGED = declare("staffing.roster.nudged", UNTOLD, people="count")
