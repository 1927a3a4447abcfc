"""What telling and answering refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class AnsweredAlready(Refusal):
    sentence = _l("This one is answered already.")
