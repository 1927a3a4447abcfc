"""What can be refused about texts, in the words a person reads."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class NoNumber(Refusal):
    sentence = _l("There is no telephone number to text. Please add one first.")


class NumberOptedOut(Refusal):
    sentence = _l("This number asked for no more texts. Please call instead; START from their phone undoes it.")


class NumberUnusable(Refusal):
    sentence = _l("The last texts to this number did not reach its owner. Please ask for the right one.")


class NotSafeToText(Refusal):
    sentence = _l("They said that texts are not safe for them. Please call, or wait until they say otherwise.")


class NoContactWanted(Refusal):
    sentence = _l("This person is not to be texted.")


class WordingNotFit(Refusal):
    """`facts["wrong"]` holds what stands in the way, as `policy.wording.Wrong`."""

    status = 422
    sentence = _l("Please change the words: somebody else may read this phone.")


class TooLong(Refusal):
    status = 422
    sentence = _l("This is too long for a text.")


class AlreadyDecided(Refusal):
    sentence = _l("Somebody has already seen to this text.")


class RestNeedsAnother(Refusal):
    sentence = _l("Resting from a number needs two people. Please ask somebody else to agree.")


class RestAsked(Refusal):
    sentence = _l("Somebody has already asked to rest from this number.")


class NoRestAsked(Refusal):
    sentence = _l("Nobody is asking to rest from this number any more.")


class NothingToAnswer(Refusal):
    sentence = _l("They have not written to us, so there is nothing to answer. Please call instead.")


class LineNotSetUp(Refusal):
    sentence = _l("No number for texts is set up yet.")


class TriedOften(Refusal):
    status = 429
    sentence = _l("Enough test texts for this hour. Please wait a little.")
