"""Why something of the handoff was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class NobodyTakes(Refusal):
    sentence = _l("Please say who takes it: at least one of those who work here.")


class GivenMeanwhile(Refusal):
    sentence = _l("Another handoff was given meanwhile. Please read it; what you typed is still here.")


class NotYours(Refusal):
    sentence = _l("Only whoever wrote a line can take it off, within the hour.")
