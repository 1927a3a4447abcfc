"""What can happen with the words that are offered. That somebody wrote a note is the note's own event."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

HINT_CHANGED = declare("wording.hint.changed", UNTOLD, number="count", offered="flag")
