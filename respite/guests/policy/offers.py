"""Offers of a bed: how they are made, how they end, and who of those who wait is asked next. Values in, values out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class How(StrEnum):
    TEXT = "text"
    CALL = "call"


class Ended(StrEnum):
    ACCEPTED = "accepted"
    NOT_NOW = "not-now"
    RAN_OUT = "ran-out"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    """They have a bed by now: the yes to another one answered this one too."""


class Said(StrEnum):
    """What a peer can say of those who asked earlier and are passed over this time."""

    NOT_REACHED = "not-reached"
    DOES_NOT_FIT = "does-not-fit"


#: What frees a bed for the next in line.
GOES_ON_AFTER = frozenset({Ended.NOT_NOW, Ended.RAN_OUT, Ended.ANSWERED})


class Fact(StrEnum):
    """What speaks against asking somebody about this bed now. They keep their place all the same."""

    ASKED_NOW = "asked-now"
    NOT_NOW = "not-now"
    NO_ANSWER = "no-answer"
    NO_NUMBER = "no-number"
    WILL_CALL = "will-call"
    NO_NIGHTS = "no-nights"
    RULE_SAYS_NO = "rule-says-no"
    OTHER_HOURS = "other-hours"


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody who waits, as far as it matters for one bed from one night on."""

    waiting_id: uuid.UUID
    since: datetime
    nights: int  # how many of this bed they could have
    can_answer_at: datetime
    answered: Ended | None = None  # how the last offer of this bed ended, in this line or for this night
    asked_now: bool = False
    number: bool = True
    will_call: bool = False
    by_text: bool = False
    rule_says_no: int | None = None  # the number of the house's rule
    rules_not_asked: int = 0

    def fact(self, now: datetime) -> Fact | None:
        """What speaks against asking them now; None where nothing does."""
        if self.asked_now:
            return Fact.ASKED_NOW
        if self.answered == Ended.NOT_NOW:
            return Fact.NOT_NOW
        if self.answered == Ended.RAN_OUT:
            return Fact.NO_ANSWER
        if self.nights < 1:
            return Fact.NO_NIGHTS
        if self.rule_says_no is not None:
            return Fact.RULE_SAYS_NO
        if self.will_call:
            return Fact.WILL_CALL
        if not self.number:
            return Fact.NO_NUMBER
        return Fact.OTHER_HOURS if self.can_answer_at > now else None


def in_order(line: Sequence[InLine]) -> list[InLine]:
    """Who asked first comes first, and nothing else counts."""
    return sorted(line, key=lambda each: (each.since, each.waiting_id))


def next_in_line(line: Sequence[InLine], now: datetime) -> InLine | None:
    """The first who can be asked now; where all others only have other hours, the first whose clock waits for those."""
    order = in_order(line)
    now_free = [each for each in order if each.fact(now) is None]
    later = [each for each in order if each.fact(now) == Fact.OTHER_HOURS]
    return next(iter(now_free or later), None)


def passed_over(line: Sequence[InLine], waiting_id: uuid.UUID, now: datetime) -> list[InLine]:
    """Those who asked before this one and could be asked now."""
    order = in_order(line)
    place = next((n for n, each in enumerate(order) if each.waiting_id == waiting_id), 0)
    return [each for each in order[:place] if each.fact(now) is None]
