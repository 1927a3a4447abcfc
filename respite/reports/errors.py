"""What stands against telling a figure."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class AlreadyShared(Refusal):
    sentence = _l("This house tells its figures already, and the month in which its year begins stays as it is.")


class NotClosed(Refusal):
    sentence = _l("That month, quarter or year is not closed yet.")


class TellsOfOthers(Refusal):
    sentence = _l(
        "Together with what is told already, that total would give away another small count. Nothing was released."
    )
