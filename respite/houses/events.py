"""What can happen to a house, its rules and its beds."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

HOUSE_OPENED = declare("house.house.opened", UNTOLD, beds="count", chairs="count")
HOUSE_CHANGED = declare("house.house.changed", UNTOLD)
DOOR_CARD_CHANGED = declare("house.door-card.changed", UNTOLD)
RULES_CHANGED = declare("house.rules.changed", TOLD, number="count")
BED_RULE_CHANGED = declare("house.bed-rule.changed", UNTOLD, number="count", edition="count")
BED_RULE_ENDED = declare("house.bed-rule.ended", UNTOLD, number="count", edition="count")
ELSEWHERE_CHANGED = declare("house.elsewhere.changed", UNTOLD)
GUEST_WORDS_CHANGED = declare("house.guest-words.changed", UNTOLD)
BED_ADDED = declare("house.bed.added", UNTOLD)
BED_CHANGED = declare("house.bed.changed", UNTOLD)
BED_RETIRED = declare("house.bed.retired", UNTOLD)
BED_BACK = declare("house.bed.brought-back", UNTOLD)
BEDS_ORDERED = declare("house.beds.ordered", UNTOLD)
BED_READY = declare("house.bed.readied", TOLD, since="instant")
BED_NOT_READY = declare("house.bed.unreadied", TOLD)
BED_CLOSED = declare("house.bed.closed", TOLD, closure_id="id", first_night="date", until="date")
BED_OPENED = declare("house.bed.opened", TOLD, closure_id="id")
CHAIR_ADDED = declare("house.chair.added", UNTOLD)
CHAIR_CHANGED = declare("house.chair.changed", UNTOLD)
CHAIR_RETIRED = declare("house.chair.retired", UNTOLD)
CHAIR_BACK = declare("house.chair.brought-back", UNTOLD)
GATHERING_SET = declare("house.gathering.set", UNTOLD)
GATHERING_TAKEN_OFF = declare("house.gathering.taken-off", UNTOLD)
