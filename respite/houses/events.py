"""What can happen to a house, its rules and its beds."""

from __future__ import annotations

from respite.audit.kinds import declare

HOUSE_OPENED = declare("house.house.opened", beds="count", chairs="count")
HOUSE_CHANGED = declare("house.house.changed")
DOOR_CARD_CHANGED = declare("house.door-card.changed")
RULES_CHANGED = declare("house.rules.changed", number="count")
BED_RULE_CHANGED = declare("house.bed-rule.changed", number="count", edition="count")
BED_RULE_ENDED = declare("house.bed-rule.ended", number="count", edition="count")
ELSEWHERE_CHANGED = declare("house.elsewhere.changed")
GUEST_WORDS_CHANGED = declare("house.guest-words.changed")
BED_ADDED = declare("house.bed.added")
BED_CHANGED = declare("house.bed.changed")
BED_RETIRED = declare("house.bed.retired")
BED_BACK = declare("house.bed.brought-back")
BEDS_ORDERED = declare("house.beds.ordered")
BED_READY = declare("house.bed.readied", since="instant")
BED_NOT_READY = declare("house.bed.unreadied")
BED_CLOSED = declare("house.bed.closed", closure_id="id", first_night="date", until="date")
BED_OPENED = declare("house.bed.opened", closure_id="id")
CHAIR_ADDED = declare("house.chair.added")
CHAIR_CHANGED = declare("house.chair.changed")
CHAIR_RETIRED = declare("house.chair.retired")
CHAIR_BACK = declare("house.chair.brought-back")
GATHERING_SET = declare("house.gathering.set")
GATHERING_TAKEN_OFF = declare("house.gathering.taken-off")
