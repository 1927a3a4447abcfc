"""What stands against an act on a connection."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class NotNext(Refusal):
    sentence = _l("That does not follow from what was said before. Please look at what stands here.")


class CannotTakeBack(Refusal):
    sentence = _l("Something was said since, so it cannot be taken back.")


class OfferedAlready(Refusal):
    sentence = _l("This was offered to them already. It stands below.")
