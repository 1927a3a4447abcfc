"""What the shifts refuse, named by the rule."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from respite.core.crypto import digest
from respite.core.errors import Refusal
from respite.staffing.roster.reasons import Reason


class AlreadyOn(Refusal):
    """One person has two shifts of a kind that overlap."""

    sentence = _l("They are on at that time already.")


class NotYourShift(Refusal):
    """Coming and going is each person's own to say."""

    sentence = _l("Only the person whose shift it is says that they came or went.")


class ShiftOver(Refusal):
    sentence = _l("That shift is over.")


class ShiftTooFar(Refusal):
    """Long before a shift nobody has come for it."""

    sentence = _l("That shift begins later. You can say that you are here up to three hours before.")


class NotHere(Refusal):
    sentence = _l("You had not said that you are here, or you went already.")


class AlreadyAnswered(Refusal):
    """Time off that was taken back, or answered otherwise, meanwhile."""

    sentence = _l("That has changed meanwhile. Please look at it once more.")


class NotAskedToStay(Refusal):
    sentence = _l("Nobody is waiting for you to stay.")


class NotAsked(Refusal):
    """An answer of somebody who was not asked."""

    sentence = _l("They were not asked about that.")


class RestTooShort(Refusal):
    """Staying longer would leave too little rest before their next shift."""

    sentence = _l("Your next shift would come too soon after that. Please ask whoever keeps the shifts.")


class TooFewAtOnce(Refusal):
    """By these patterns fewer people than the house's least would be in it at some hour."""

    sentence = _l("By this there would be hours with fewer people in the house than its least.")


class PatternOver(Refusal):
    """It ends before that day, or ended already."""

    sentence = _l("That pattern has ended by then.")


class HoursFirst(Refusal):
    """The rules of the credential ask for all hours before the exam."""

    sentence = _l("The rules ask for all the hours before the exam, and some are still to go.")


class TooEarlyToRenew(Refusal):
    """Said with the first day on which it can be renewed."""


class StandsAlready(Refusal):
    """Somebody has that credential already: it is renewed or changed rather than added again."""

    sentence = _l("They have that one in the list already. It can be renewed or changed there.")


class UndoIsOver(Refusal):
    """What was written down yesterday is part of the record: it can be ended, not taken out."""

    sentence = _l("That was written down more than a day ago. It can be ended instead.")


class AboutYourself(Refusal):
    """Said whatever stands, so that it tells nothing."""

    sentence = _l("What a guest says of you, somebody else writes down. Please ask a colleague.")


class NotOpen(Refusal):
    """Only a shift that nobody has can be offered or taken."""

    sentence = _l("Somebody has that shift, or it is over.")


class OfferOver(Refusal):
    """It was filled, stopped or moved in the meantime."""

    sentence = _l("That shift is not on offer any more. Thank you all the same.")


class ShiftFilled(Refusal):
    """Somebody was faster."""

    sentence = _l("That shift is filled. Thank you for being there.")


class DoesNotFit(Refusal):
    """Rules of duty speak against it, such as rest between two shifts."""

    sentence = _l("Thank you for offering. Rest, hours or another rule of the house stands in the way of this one.")


@dataclass(frozen=True, slots=True)
class Judged:
    """What speaks against one shift; days in the reasons count from `day`."""

    shift_id: uuid.UUID
    person_id: uuid.UUID
    day: date
    reasons: tuple[Reason, ...]


class RulesAgainst(Refusal):
    """Rules of the house speak against putting somebody on. With a reason of one's own it is possible all the same."""

    sentence = _l("A rule of the house speaks against this. It is possible all the same, with a reason.")

    def __init__(self, judged: Sequence[Judged]) -> None:
        super().__init__()
        self.judged = tuple(judged)

    @property
    def mark(self) -> str:
        """The same for the same reasons, so that a form says which of them were read."""
        said = sorted(f"{each.day} {reason!r}" for each in self.judged for reason in each.reasons)
        return digest(" ".join(said)).hex()[:16]


class BeginsTooSoon(Refusal):
    """Too late to ask one colleague; there is another way."""

    sentence = _l("That shift begins too soon for this. If you can’t come, please say so: others are asked at once.")


class AskedAlready(Refusal):
    """A shift is in one question of its owner at a time."""

    sentence = _l("You have asked somebody about this shift already. You can take that back first.")


class SaidNo(Refusal):
    """Nobody is asked the same thing twice."""

    sentence = _l("They said that they can’t take this one. Perhaps somebody else can.")


class StandsInTheWay(Refusal):
    """The judge of rules speaks against shifts changing hands between two peers."""

    sentence = _l("Rest, hours or another rule of the house stands in the way of this one.")


class QuestionOver(Refusal):
    """It was answered or taken back, or a shift of it changed."""

    sentence = _l("That question is over: it was answered or taken back, or one of the shifts has changed.")


class CameAlready(Refusal):
    """Who is there goes; they do not stay away."""

    sentence = _l("You have come for that shift already. When you leave, please say that you are going.")


class DaysInADraft(Refusal):
    """Each day is in one draft at most."""

    sentence = _l("Another draft has some of these days already.")


class RosterOver(Refusal):
    """A published roster is changed shift by shift, one that was put away not at all."""

    sentence = _l("That roster is not a draft any more.")


class AlreadyFilling(Refusal):
    """One roster is filled at a time: it takes the whole machine."""

    sentence = _l("A roster is being filled already. Please wait for it, or stop it.")


class StillChoosing(Refusal):
    """While people choose, nobody fills their shifts or gives them out."""

    sentence = _l("People are still choosing their shifts. Please end that first, or wait for its end.")


class ChoosingOver(Refusal):
    """What is chosen by then stays chosen."""

    sentence = _l("Choosing is over. You hear from us when the shifts are given out.")


class PlaceTaken(Refusal):
    """Somebody was faster with a place in a week in which people choose."""

    sentence = _l("Somebody chose that one a moment ago. Here is what is still open.")
