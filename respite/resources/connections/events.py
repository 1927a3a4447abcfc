"""What happened with connections: ids, words of lists and times. Who the guest is stands in no event."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

_STEP = {"connection_id": "id", "state": "word", "who": "word", "category": "word", "happened": "instant"}

STEP = declare("connection.step.said", UNTOLD, why="word", **_STEP)
TAKEN_BACK = declare("connection.step.taken-back", UNTOLD, connection_id="id", state="word")
ASKED = declare("connection.guest.asked", UNTOLD)
