"""What can happen with a guest's own page. When they opened it is kept nowhere."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

LINK_GIVEN = declare("guest-page.link.given", UNTOLD, until="instant")
LINK_PROLONGED = declare("guest-page.link.prolonged", UNTOLD, until="instant")
LINK_ENDED = declare("guest-page.link.ended", UNTOLD)
WORD_CHANGED = declare("guest-page.word.changed", UNTOLD, stands="flag")
PHONE_LOST = declare("guest-page.phone.lost", TOLD)
PHONE_FOUND = declare("guest-page.phone.found", TOLD)
PLAN_CHANGED = declare("guest-page.plan.changed", UNTOLD)
#: Of a stay, its subject: no name, no dates, no words.
LETTER_MADE = declare("guest-page.letter.made", UNTOLD)
