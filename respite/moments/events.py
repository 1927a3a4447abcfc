"""What happened with a hard moment. Of a guest's account the log says that one changed, and never whose; of the talk
that is offered to those who were on, nothing ever is."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

PARTS = ("moments",)

BEGAN = declare("moment.hard.began", TOLD, began="instant")
CHANGED = declare("moment.hard.changed", UNTOLD, began="instant", before="instant")
TAKEN_BACK = declare("moment.hard.taken-back", TOLD)
PUT_AWAY = declare("moment.hard.put-away", TOLD)
OPENED = declare("moment.hard.opened-again", TOLD)
FORGOTTEN = declare("moment.hard.forgotten", UNTOLD)
FACT_ADDED = declare("moment.fact.added", UNTOLD, moment_id="id", happened="instant")
FACT_CHANGED = declare("moment.fact.changed", UNTOLD, moment_id="id", happened="instant")
FACT_TAKEN_BACK = declare("moment.fact.taken-back", UNTOLD, moment_id="id")
ACCOUNT_CHANGED = declare("moment.account.changed", UNTOLD)  # without actor, so that it names no guest
#: Somebody was told in person that a guest has died; whom it is about and who was told stand in no event.
LIST_MOVED = declare("moment.farewell.moved", UNTOLD)
RULES_CHANGED = declare("moment.rules.changed", UNTOLD, years="count")
