"""What can happen to a promise. Its words and whom it is for stand in no event."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

#: The board's part that looks different after any of these.
PARTS = ("promises",)

GIVEN = declare("promise.word.given", UNTOLD, what="word", way="word", owner_id="id", due_at="instant")
KEPT = declare("promise.word.kept", TOLD, what="word", outcome="word")
LET_GO = declare("promise.word.let-go", TOLD, what="word")
OPEN_AGAIN = declare("promise.word.open-again", TOLD)
HANDED = declare("promise.word.handed", UNTOLD, owner_id="id")
MOVED = declare("promise.word.moved", UNTOLD, due_at="instant")
TAKEN_BACK = declare("promise.word.taken-back", UNTOLD)
