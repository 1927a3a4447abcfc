"""Kind words in words: what stands in their way, and when each comes."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.followup.caring.policy import MOST_SEGMENTS, Fault, State, Why

STATES: dict[str, Any] = {State.WAITS: _l("to come"), State.LEFT: _l("sent"), State.SKIPPED: _l("left out")}
WHY_ENDED: dict[str, Any] = {
    Why.DONE: _l("the last one was sent"),
    Why.ASKED: _l("you wanted no more"),
    Why.HOUSE: _l("nobody who was there was left to write"),
    Why.DIED: _l("it ended"),
}


def fault_words(fault: Fault) -> str:
    match fault.kind:
        case "question":
            return _("Please ask nothing: they need not answer.")
        case "link":
            return _("Please leave out “%(what)s”: a kind word leads nowhere.", what=fault.what)
        case "programme-word" | "health-word":
            return _("Please leave out “%(what)s”: somebody else may read this phone.", what=fault.what)
        case "advice":
            return _("Please leave out “%(what)s”: a kind word gives no advice and asks for nothing.", what=fault.what)
        case "appointment":
            return _("Please leave out “%(what)s”: it is no reminder.", what=fault.what)
        case "number":
            return _("Please leave out “%(what)s”: no numbers and no dates.", what=fault.what)
        case "named":
            return _("Please leave out “%(what)s”: they asked that no name is said.", what=fault.what)
        case "odd-letters":
            return _("Not every phone shows “%(what)s”.", what=fault.what)
    return _("This is too long: %(has)s texts, and at most %(most)s fit.", has=fault.what, most=MOST_SEGMENTS)


def step_words(step: str) -> str:
    n = int(step[1:])
    if step[0] == "w":
        return ngettext("after %(num)s week", "after %(num)s weeks", n)
    return ngettext("after %(num)s month", "after %(num)s months", n)
