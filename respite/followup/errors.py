"""What stands against an act on what follows a stay."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class AskedAlready(Refusal):
    sentence = _l("This one is over, so it cannot be chosen any more.")


class NeedsYes(Refusal):
    sentence = _l("A text needs a yes to such texts first, at their own number.")


class NoNumberToCall(Refusal):
    sentence = _l("A call needs a telephone number.")
