"""What can be refused, and in which words.

A use case raises a Refusal named for the rule that was broken. Pages show its sentence; the API answers
with problem+json whose `type` ends in the rule's name.
"""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l


class Refusal(Exception):
    """A rule stands against the act. `sentence` is what the person reads; nothing was changed."""

    status = 409
    sentence: Any = _l("That is not possible just now.")

    def __init__(self, sentence: Any = None, **facts: Any) -> None:
        if sentence is not None:
            self.sentence = sentence
        self.facts = facts
        super().__init__(type(self).__name__)

    @classmethod
    def rule(cls) -> str:
        """The rule's name in addresses: BedTaken is `bed-taken`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(Refusal):
    """There is no such thing for this actor. Existence is private too, so never `forbidden`."""

    status = 404
    sentence = _l("There is nothing here by that address, or it is not yours to open.")


class Invalid(Refusal):
    """What was sent cannot be used. `fields` maps a field's name to its sentence."""

    status = 422
    sentence = _l("Something in what you sent needs another look.")

    def __init__(self, sentence: Any = None, fields: dict[str, Any] | None = None, **facts: Any) -> None:
        super().__init__(sentence, **facts)
        self.fields = fields or {}


class StaleVersion(Refusal):
    """Somebody else changed the thing since it was read."""

    status = 412
    sentence = _l(
        "Somebody changed this while you had it open. Here it is as it stands now; please look and try again."
    )


class IdempotencyKeyReused(Refusal):
    """The same key came with other content."""

    status = 422
    sentence = _l("This form was already used for something else. Please open the page again.")


class Busy(Refusal):
    """The database could not be had in time. Trying again is safe."""

    status = 503
    sentence = _l("The house's book is busy for a moment. Nothing was changed; please try again.")
