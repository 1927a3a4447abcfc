"""What a house refuses, named by the rule."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Invalid, Refusal


class BedTaken(Refusal):
    """Another stay, saved bed or closure has one of the nights, or somebody is behind the door."""

    sentence = _l("That bed is taken for at least one of these nights. The house's other doors may be free.")


class BedNotReady(Refusal):
    """Only a bed that is getting ready can be made ready."""

    sentence = _l("That door is not getting ready any more. Somebody may have been faster.")


class NotClosed(Refusal):
    """The closure has been opened before."""

    sentence = _l("That door is open again already.")


class BedRetired(Refusal):
    sentence = _l("The house does not use that door any more.")


class ChairRetired(Refusal):
    sentence = _l("The house does not use that chair any more.")


class StillInUse(Refusal):
    """A bed or chair with somebody in it, or saved for somebody, cannot be taken out of the house."""

    sentence = _l("Somebody is there, or it is saved for somebody. Move them first, then take it out of the house.")


class NameTaken(Invalid):
    sentence = _l("The house has another one by that name already.")
