"""What accounts refuse, named by the rule."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.core.errors import Invalid, Refusal


class SignInNeeded(Refusal):
    """Nobody is signed in, or no token came with the request."""

    status = 401
    sentence = _l("Please sign in first.")


class WrongSignIn(Refusal):
    """No account, another password, or an account that is closed: the answer is the same for all."""

    status = 422
    sentence = _l("That e-mail address and password do not go together. Please look at both and try again.")


class TooManyTries(Refusal):
    """Tried too often lately from this network. `seconds` says how long to wait."""

    status = 429

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        self.seconds = seconds
        super().__init__(
            ngettext(
                "That was tried a few times just now. Please wait %(num)s minute, then try again.",
                "That was tried a few times just now. Please wait %(num)s minutes, then try again.",
                minutes,
            )
        )


class WeakPassword(Invalid):
    """Too short, too long, or one that is guessed first."""


class WrongPassword(Invalid):
    """The current password, asked again, was another."""

    sentence = _l("That is not the password you have now.")


class WrongPin(Refusal):
    """Six other digits. After five of these only a full sign-in opens the way."""

    status = 422
    sentence = _l("Those are not the six digits. Please try again.")


class PinUsedUp(Refusal):
    """Five wrong PINs ended the session on this tablet."""

    status = 422
    sentence = _l("Those digits did not match five times. Please sign in with your password.")


class LinkUsed(Refusal):
    """A link of an invitation or of the first set-up works once, within its time."""

    status = 404
    sentence = _l("This link has been used or its time is over. Please ask for a new one.")


class AlreadySetUp(Refusal):
    """Somebody has an account here, so the first set-up is over."""

    sentence = _l("This installation is set up already. Somebody with an account can invite others.")


class EmailTaken(Invalid):
    sentence = _l("Somebody has that e-mail address here already.")


class LastLead(Refusal):
    """A house always has somebody who can invite people and pair screens."""

    sentence = _l("The house needs at least one coordinator or director. Please give somebody else that role first.")


class DirectorsOwn(Refusal):
    """Somebody who is no director would become one, or have one's account or role in hand."""

    sentence = _l("This house has a director. Only a director gives, takes or opens that role.")


class NotYoursToTakeBack(Refusal):
    """Stepping back is taken back by whoever said it: oneself, or somebody who leads the house."""

    sentence = _l("Whoever said it takes it back: they themselves, or for the house somebody who leads it.")


class LeadsElsewhere(Refusal):
    """A new link opens the whole account, so whoever makes it must lead every house it opens."""

    sentence = _l(
        "This person also belongs to another house, and a new link would open that too. "
        "Please ask somebody who coordinates both houses."
    )


class NoSuchCode(Invalid):
    """No screen shows that code at this moment."""

    sentence = _l("No screen shows that code now. A code changes every ten minutes: please read it once more.")
