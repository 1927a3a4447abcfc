"""What happens with kind words. No word of them, and nobody who writes, stands in any event."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

BEGAN = declare("caring.words.began", UNTOLD)
CHANGED = declare("caring.words.changed", UNTOLD)
LEFT = declare("caring.words.left", UNTOLD, state="word")
ENDED = declare("caring.words.ended", UNTOLD, why="word")
RULES_CHANGED = declare("caring.rules.changed", UNTOLD)
