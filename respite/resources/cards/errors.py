"""What stands against a card, or against texting it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class NotToBeTexted(Refusal):
    sentence = _l("They did not say yes to texts about what they ask for, or are not to be texted now. Paper goes.")


class AskedForNoMore(Refusal):
    sentence = _l("This number asked for no more texts, so none goes there. Paper goes.")


class TextedOften(Refusal):
    status = 429
    sentence = _l("Enough cards went out by text for this hour. Paper goes, and the link can be read out.")


class NotAsRead(Refusal):
    sentence = _l("The text would be another one now. Please read it once more.")


class TextedAlready(Refusal):
    sentence = _l("This card was texted already. For somebody else please make one of its own.")
