"""What stands against an act on a hard moment."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class PutAway(Refusal):
    sentence = _l("This one is put away. Open it again to write in it.")


class OpenNow(Refusal):
    sentence = _l("This one is open already.")


class CannotTakeBack(Refusal):
    sentence = _l("Something was written since, so it cannot be taken back.")


class SaidAlready(Refusal):
    sentence = _l("Their account is here already.")


class BegunOnTheirPage(Refusal):
    sentence = _l("They have begun on their own page, so it goes on there.")
