"""What happened with what others are told: ids and words of lists. Whom it is about stands in no event."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

WRITTEN = declare("disclosure.words.written", UNTOLD, until="date", once="flag", part_two="flag")
AGREED = declare("disclosure.words.agreed", UNTOLD, how="word")
ENDED = declare("disclosure.words.ended", UNTOLD)
TOLD = declare("disclosure.words.told", UNTOLD, disclosure_id="id", how="word", happened="instant", part_two="flag")
