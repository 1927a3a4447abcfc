"""What is not possible with a promise, in the words a person reads."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class NotOpenNow(Refusal):
    sentence = _l("Somebody was faster: this is not open any more.")


class OpenNow(Refusal):
    sentence = _l("This is open already.")
