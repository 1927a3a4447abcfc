"""What follows a stay, for figures: each event names the row of a step and its window, and no guest.

A row goes when its guest is forgotten; what was offered, agreed to, reached and answered stays countable.
"""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

OFFERED = declare("followup.window.offered", UNTOLD, step="word")
AGREED = declare("followup.window.agreed", UNTOLD, step="word", way="word")
ASKED = declare("followup.window.asked", UNTOLD, step="word", way="word")
REACHED = declare("followup.window.reached", UNTOLD, step="word", way="word")
ANSWERED = declare("followup.window.answered", UNTOLD, step="word", way="word")
OVER = declare("followup.window.over", UNTOLD, step="word", why="word")
CHOSEN = declare("followup.window.chosen", UNTOLD, step="word", way="word")
PLAN_CHANGED = declare("followup.plan.changed", UNTOLD, number="count")
