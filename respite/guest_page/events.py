"""What can happen with a guest's own page. When they opened it is kept nowhere."""

from __future__ import annotations

from respite.audit.kinds import declare

LINK_GIVEN = declare("guest-page.link.given", until="instant")
LINK_PROLONGED = declare("guest-page.link.prolonged", until="instant")
LINK_ENDED = declare("guest-page.link.ended")
WORD_CHANGED = declare("guest-page.word.changed", stands="flag")
PHONE_LOST = declare("guest-page.phone.lost")
PHONE_FOUND = declare("guest-page.phone.found")
PLAN_CHANGED = declare("guest-page.plan.changed")
