"""What a text is for, and what follows from that: consent, hours, how a try of unclear end goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    FOLLOW_UP = "follow-up"
    CARING = "caring"
    CONNECTIONS = "connections"
    STAY = "stay"  # about a bed they asked for: an offer, a call back
    SHIFTS = "shifts"
    DUTY = "duty"  # about a shift that is on, or about to begin, and whoever is on call for it
    HANDOFF = "handoff"
    READ_SOON = "read-soon"  # asks a peer to read what came in
    ANSWER = "answer"  # a person answers a text
    AUTOMATIC = "automatic"  # what STOP, START, HELP and danger words are answered with
    CARD = "card"  # whoever is at the telephone or the door asks for a card of places, to their own phone, now
    TRYING = "trying"  # the test text of whoever sets the number up


@dataclass(frozen=True, slots=True)
class PurposeRules:
    """`settle` is how long the provider's listings must stay empty before a text of unclear end counts as not sent
    (seconds of its clock; sms.md E: 120 at least, 600 for what may come late). `sent_again` says whether it is then
    tried once more or put to a person. `counted` ones are kept to one a day and three a week for each guest."""

    consent: bool
    any_hour: bool
    settle: int
    sent_again: bool
    counted: bool = False
    rank: int = 1
    lasts: timedelta = timedelta(days=2)  # how long after its time it is still worth sending, unless its cause says
    number_kept: timedelta | None = None  # then the number goes from the text, where nothing else knows whose it is


_KIND = PurposeRules(consent=True, any_hour=False, settle=600, sent_again=False, counted=True)
_USEFUL = PurposeRules(consent=True, any_hour=False, settle=150, sent_again=True)
_ANSWER = PurposeRules(consent=False, any_hour=True, settle=150, sent_again=True, rank=0, lasts=timedelta(hours=12))
_DUTY = PurposeRules(consent=True, any_hour=True, settle=150, sent_again=True, rank=0, lasts=timedelta(hours=8))

RULES: dict[Purpose, PurposeRules] = {
    Purpose.FOLLOW_UP: PurposeRules(consent=True, any_hour=False, settle=150, sent_again=True, counted=True),
    Purpose.CARING: _KIND,
    Purpose.CONNECTIONS: _KIND,
    Purpose.STAY: _USEFUL,
    Purpose.SHIFTS: _USEFUL,
    Purpose.DUTY: _DUTY,
    Purpose.HANDOFF: _DUTY,
    Purpose.READ_SOON: _DUTY,
    Purpose.ANSWER: _ANSWER,
    Purpose.AUTOMATIC: _ANSWER,
    # Their yes is said to whoever sends it, for this one text and this hour: there is nobody to keep a consent of.
    Purpose.CARD: PurposeRules(
        consent=False,
        any_hour=True,
        settle=150,
        sent_again=True,
        rank=0,
        lasts=timedelta(hours=1),
        number_kept=timedelta(days=1),
    ),
    Purpose.TRYING: PurposeRules(
        consent=False,
        any_hour=True,
        settle=150,
        sent_again=False,
        rank=0,
        lasts=timedelta(hours=1),
        number_kept=timedelta(days=7),
    ),
}

#: What a guest, or a peer, is asked about.
GUEST_PURPOSES = (Purpose.FOLLOW_UP, Purpose.CONNECTIONS, Purpose.CARING, Purpose.STAY)
PEER_PURPOSES = (Purpose.SHIFTS, Purpose.DUTY, Purpose.HANDOFF, Purpose.READ_SOON)

MOST_A_DAY = 1
MOST_A_WEEK = 3
MOST_TRIES = 6


def rules_of(purpose: str) -> PurposeRules:
    return RULES[Purpose(purpose)]
