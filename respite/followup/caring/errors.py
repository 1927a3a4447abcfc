"""What stands against kind words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class NotAskedFor(Refusal):
    sentence = _l("They have not said yes to a kind word now and then, or not at the number they have now.")


class SomebodyWrites(Refusal):
    sentence = _l("Somebody who was here writes to them already.")


class NothingLeft(Refusal):
    sentence = _l("These words are over. Nothing more is to come.")
