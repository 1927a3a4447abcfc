"""What overnight mode refuses, named by the rule."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class BeenHereBefore(Refusal):
    """Whether it is the same person can only be asked on the door's own page."""

    sentence = _l(
        "Somebody of that name has been here before. Please welcome them on the door's own page, "
        "where you say whether it is them."
    )


class PutAside(Refusal):
    """The page sent it several times and the server failed each time, or somebody said not to try again."""

    sentence = _l(
        "The house's book could not take this, though it was tried several times. It does not stand there. "
        "Please do it on its own page, or try again."
    )


class CannotBeOpened(Refusal):
    """It was sealed for a key that is not in the house's key ring any more, or is damaged."""

    sentence = _l("This can no longer be opened. Please enter it once more.")


class TooLongAgo(Refusal):
    """Past the time for which an entry that was taken is known again."""

    sentence = _l("That is longer ago than can be entered here (31 days).")


class StillToCome(Refusal):
    """The tablet's clock was wrong, or was put right meanwhile."""

    sentence = _l("This says a time that is still to come. Please give the time it happened.")
