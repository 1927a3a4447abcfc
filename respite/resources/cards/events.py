"""What happened with cards. For whom one was made stands in no event, and who opened it is known to nobody."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

MADE = declare("resource.card.made", UNTOLD, services="count")
TEXTED = declare("resource.card.texted", UNTOLD)
