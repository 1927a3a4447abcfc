"""What can happen to a promise. Its words and whom it is for stand in no event."""

from __future__ import annotations

from respite.audit.kinds import declare

#: The board's part that looks different after any of these.
PARTS = ("promises",)

GIVEN = declare("promise.word.given", what="word", way="word", owner_id="id", due_at="instant")
KEPT = declare("promise.word.kept", what="word", outcome="word")
LET_GO = declare("promise.word.let-go", what="word")
OPEN_AGAIN = declare("promise.word.open-again")
HANDED = declare("promise.word.handed", owner_id="id")
MOVED = declare("promise.word.moved", due_at="instant")
TAKEN_BACK = declare("promise.word.taken-back")
