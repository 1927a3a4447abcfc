"""What pages call the purposes of texts, and what they say about a provider that takes none."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.messaging.purposes import Purpose

PURPOSES: dict[Purpose, Any] = {
    Purpose.FOLLOW_UP: _l("How it goes after a stay"),
    Purpose.CARING: _l("A kind word now and then"),
    Purpose.CONNECTIONS: _l("Places and people they asked about"),
    Purpose.STAY: _l("A bed they asked for"),
    Purpose.SHIFTS: _l("Shifts"),
    Purpose.DUTY: _l("On shift and on call"),
    Purpose.HANDOFF: _l("Handing over"),
    Purpose.READ_SOON: _l("Asking a peer to read something soon"),
    Purpose.ANSWER: _l("Answers that a person writes"),
    Purpose.AUTOMATIC: _l("Answers that go out by themselves"),
    Purpose.CARD: _l("Places, to somebody who asks for them"),
    Purpose.TRYING: _l("Test texts"),
}

_BELIEVED = frozenset({20003, 20008, 20404})
_SENDER = frozenset({21212, 21603, 21606, 21659, 21660, 21661, 21703, 21704, 21705})
_REGISTERED = frozenset({30024, 30032, 30034})


def purpose_word(purpose: str) -> str:
    """What a purpose is called on a page: "Shifts"."""
    return str(PURPOSES[Purpose(purpose)])


def refusal_words(code: int | None) -> str:
    """Why the provider takes no texts, and the one thing to do, by its error code."""
    if code in _BELIEVED:
        return _("It does not believe that we are its customer. Please check the account and its token.")
    if code in _SENDER:
        return _("It does not take the number we send from. Please check which number or messaging service is set.")
    if code in _REGISTERED:
        return _("The number is not registered with the telephone companies yet. Please finish its registration.")
    if code == 30002:
        return _("Our account there is suspended. Please open it at the provider and see what it asks for.")
    if code == 21609:
        return _("It cannot use the address where we hear what became of a text. Please check our public address.")
    return _("Please look up what its error %(code)s means.", code=code if code is not None else "?")
