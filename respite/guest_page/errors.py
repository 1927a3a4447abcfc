"""What a guest's page refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class PageShut(Refusal):
    """The page is not open in this browser, or its link opens nothing: the answer is the same for all."""

    status = 404
    sentence = _l("This page is shut. Open it again with your link.")


class NoLink(Refusal):
    """There is no link that could stay open for longer."""

    sentence = _l("There is no link that opens now. Please give them a new one.")


class NotHere(Refusal):
    sentence = _l("You are not in the house now, so nobody looks in.")


class NumberUnheard(Refusal):
    """The number was never gone through with anybody here, so it may be somebody else's."""

    sentence = _l("Please tell one of us your number first. Then you can say yes here.")


class StoppedNumber(Refusal):
    sentence = _l("This number takes no texts from us. If you want some, text START to us from it, or ask one of us.")


class PlanFull(Refusal):
    sentence = _l("Your plan is full. Take something away first.")
