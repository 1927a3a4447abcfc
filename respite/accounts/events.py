"""What can happen to the people, screens, tablets and tokens of a house."""

from __future__ import annotations

from respite.audit.kinds import declare

PERSON_INVITED = declare("account.person.invited", role="word")
PERSON_LINKED = declare("account.person.linked")  # a new link, for a password that was lost
PERSON_JOINED = declare("account.person.joined")
PERSON_CHANGED = declare("account.person.changed")
ROLE_CHANGED = declare("account.role.changed", role="word", before="word")
ROLE_ENDED = declare("account.role.ended", role="word")
STEPPED_BACK = declare("account.person.stepped-back")
CAME_BACK = declare("account.person.came-back")
SIGNED_OUT_EVERYWHERE = declare("account.person.signed-out")
TABLET_SHARED = declare("account.tablet.shared")
TABLET_TAKEN_BACK = declare("account.tablet.taken-back")
SCREEN_PAIRED = declare("account.screen.paired", face="word")
SCREEN_CHANGED = declare("account.screen.changed", face="word")
SCREEN_TAKEN_OFF = declare("account.screen.taken-off")
TOKEN_MADE = declare("account.token.made", role="word")
TOKEN_TAKEN_BACK = declare("account.token.taken-back")
