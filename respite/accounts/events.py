"""What can happen to the people, screens, tablets and tokens of a house."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

PERSON_INVITED = declare("account.person.invited", UNTOLD, role="word")
PERSON_LINKED = declare("account.person.linked", UNTOLD)  # a new link, for a password that was lost
PERSON_JOINED = declare("account.person.joined", UNTOLD)
PERSON_CHANGED = declare("account.person.changed", UNTOLD)
ROLE_CHANGED = declare("account.role.changed", UNTOLD, role="word", before="word")
ROLE_ENDED = declare("account.role.ended", UNTOLD, role="word")
STEPPED_BACK = declare("account.person.stepped-back", UNTOLD)
CAME_BACK = declare("account.person.came-back", UNTOLD)
SIGNED_OUT_EVERYWHERE = declare("account.person.signed-out", UNTOLD)
TABLET_SHARED = declare("account.tablet.shared", UNTOLD)
TABLET_TAKEN_BACK = declare("account.tablet.taken-back", UNTOLD)
SCREEN_PAIRED = declare("account.screen.paired", UNTOLD, face="word")
SCREEN_CHANGED = declare("account.screen.changed", UNTOLD, face="word")
SCREEN_TAKEN_OFF = declare("account.screen.taken-off", UNTOLD)
TOKEN_MADE = declare("account.token.made", UNTOLD, role="word")
TOKEN_TAKEN_BACK = declare("account.token.taken-back", UNTOLD)
