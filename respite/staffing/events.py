"""What can happen to shifts."""

from __future__ import annotations

from respite.audit.kinds import declare

SHIFT_SET = declare("staffing.shift.set", person_id="id", starts_at="instant", ends_at="instant", floor="flag")
SHIFT_CHANGED = declare("staffing.shift.changed", person_id="id", starts_at="instant", ends_at="instant", floor="flag")
SHIFT_TAKEN_OFF = declare("staffing.shift.taken-off", person_id="id", starts_at="instant", ends_at="instant")
SHIFT_ON_WAY = declare("staffing.shift.on-way", person_id="id")
SHIFT_CAME = declare("staffing.shift.came", person_id="id")
SHIFT_NOT_CAME = declare("staffing.shift.uncame", person_id="id")
SHIFT_WENT = declare("staffing.shift.went", person_id="id")
SHIFT_NOT_WENT = declare("staffing.shift.unwent", person_id="id")
SHIFT_TURNED = declare("staffing.shift.turned")  # one began or ended by the clock: who is here looks different

PEER_CHANGED = declare("staffing.peer.changed")  # what they say of themselves, or the house of them
WORD_CHANGED = declare("staffing.word.changed")  # of the house's lists: titles, and what may be shared
PHONE_LOST = declare("staffing.phone.lost")
WEEK_CHANGED = declare("staffing.week.changed")
TIME_OFF_MOVED = declare("staffing.time-off.moved", person_id="id", state="word")
SHIFT_STAYS = declare("staffing.shift.stays", person_id="id")  # on after its end, until somebody relieves them
SHIFT_RELIEVED = declare("staffing.shift.relieved", person_id="id")
SHIFT_WATCHED = declare("staffing.shift.watched", step="word")  # something was done so that somebody comes
CALL_MADE = declare("staffing.call.made", until="instant")  # a second person is wanted
CALL_ENDED = declare("staffing.call.ended")
PATTERN_MADE = declare("staffing.pattern.made", first_day="date", made="count")
PATTERN_CHANGED = declare("staffing.pattern.changed", first_day="date", made="count", gone="count", kept="count")
PATTERN_ENDED = declare("staffing.pattern.ended", until="date", gone="count", kept="count")
PATTERN_GOES_ON = declare("staffing.pattern.resumed", made="count")
PATTERNS_ROLLED = declare("staffing.pattern.rolled", made="count", until="date")
SHIFT_KEPT = declare("staffing.shift.kept")  # although its pattern has ended
DUTY_CHANGED = declare("staffing.duty.changed", first_day="date")
DUTY_DROPPED = declare("staffing.duty.dropped", first_day="date")
GAPS_TOLD = declare("staffing.gap.told", count="count")  # the coordinators were told of so many gaps
