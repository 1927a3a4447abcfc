"""What can happen with the handoff. Three words each; data holds counts and flags."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

#: The handoff is what is told; that it was given and taken stands on it.
GIVEN = declare("handoff.shift.given", UNTOLD, on_call="flag")
TAKEN = declare("handoff.shift.taken", UNTOLD, people="count", given="flag")
CALL_MOVED = declare("handoff.call.moved", UNTOLD)

PAPER_READY = declare("handoff.paper.ready", UNTOLD, people="count")
PAPER_PRINTED = declare("handoff.paper.printed", UNTOLD)
PAPER_NOT_PRINTED = declare("handoff.paper.not-printed", UNTOLD)

ENTRY_WRITTEN = declare("handoff.entry.written", TOLD)
ENTRY_TAKEN_OFF = declare("handoff.entry.taken-off", UNTOLD)
