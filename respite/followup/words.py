"""What pages call the steps after a stay, their ways and states."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.followup.models import Came, State
from respite.followup.policy.steps import Asks, Way

WAYS: dict[str, Any] = {Way.TEXT: _l("a text"), Way.CALL: _l("a call"), Way.NONE: _l("not at all")}
ASKS: dict[str, Any] = {Asks.HOW: _l("How it goes"), Asks.CALL: _l("Whether they would like a call")}
STATES: dict[str, Any] = {
    State.CHOSEN: _l("chosen"),
    State.PLANNED: _l("planned"),
    State.ASKED: _l("asked"),
    State.ANSWERED: _l("answered"),
    State.OVER: _l("over"),
}
CAME: dict[str, Any] = {
    Came.NOT_WANTED: _l("not wanted"),
    Came.NO_YES: _l("no yes to such texts"),
    Came.STOPPED: _l("no more texts, as asked"),
    Came.MISSED: _l("its time went by"),
    Came.NOT_SENT: _l("the text was not sent"),
    Came.QUIET: _l("left in peace"),
    Came.NO_ANSWER: _l("nobody answered the call"),
    Came.LET_GO: _l("the call was let go"),
    Came.NEWER: _l("a newer stay has its own"),
    Came.ENDED: _l("ended"),
}


def window_words(window: str) -> str:
    """ "48 hours after", "Day 7"."""
    number = int(window[1:])
    if window[0] == "d":
        return _("Day %(number)s", number=number)
    return _("%(number)s hours after", number=number)
