"""What can happen to a promise. Its words and whom it is for stand in no event."""

from __future__ import annotations

from respite.audit.kinds import TOLD, declare

#: The board's part that looks different after any of these.
PARTS = ("promises",)

GIVEN = declare("promise.word.given", TOLD, what="word", way="word", owner_id="id", due_at="instant")
KEPT = declare("promise.word.kept", TOLD, what="word", outcome="word")
LET_GO = declare("promise.word.let-go", TOLD, what="word")
OPEN_AGAIN = declare("promise.word.open-again", TOLD)
HANDED = declare("promise.word.handed", TOLD, owner_id="id")
MOVED = declare("promise.word.moved", TOLD, due_at="instant")
TAKEN_BACK = declare("promise.word.taken-back", TOLD)
