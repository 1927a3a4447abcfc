"""The states of a stay, what may be done in each, and how a stay ends.

People read "saved" and "here"; code and API say held, because it is the word others can rely on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class StayState(StrEnum):
    OFFERED = "offered"
    """Kept for somebody on the list who was asked and has not answered. It is nobody's stay yet."""
    HELD = "held"
    HERE = "here"
    LEFT = "left"
    LET_GO = "let-go"
    """Freed by someone before the guest came."""
    RAN_OUT = "ran-out"
    """Nobody came or confirmed before its time was over."""
    NOT_TAKEN = "not-taken"
    """It was offered, and never became anybody's."""


#: A bed that is kept for somebody until its clock is over.
SAVED = (StayState.HELD, StayState.OFFERED)


class StayAct(StrEnum):
    CONFIRM = "confirm"
    HOLD_LONGER = "hold-longer"
    LET_GO = "let-go"
    RUN_OUT = "run-out"
    ARRIVE = "arrive"
    MOVE = "move"
    EXTEND = "extend"
    LEAVE = "leave"


class NotNow(StrEnum):
    """Why an act does not fit the stay as it is."""

    NOT_HERE_YET = "not-here-yet"
    ALREADY_HERE = "already-here"
    HAS_LEFT = "has-left"
    WAS_LET_GO = "was-let-go"
    HAS_RUN_OUT = "has-run-out"
    ONLY_OFFERED = "only-offered"


_LEADS_TO: Mapping[StayState, Mapping[StayAct, StayState]] = {
    StayState.OFFERED: {
        StayAct.LET_GO: StayState.NOT_TAKEN,
        StayAct.RUN_OUT: StayState.NOT_TAKEN,
    },
    StayState.HELD: {
        StayAct.CONFIRM: StayState.HELD,
        StayAct.HOLD_LONGER: StayState.HELD,
        StayAct.MOVE: StayState.HELD,
        StayAct.EXTEND: StayState.HELD,
        StayAct.ARRIVE: StayState.HERE,
        StayAct.LET_GO: StayState.LET_GO,
        StayAct.RUN_OUT: StayState.RAN_OUT,
    },
    StayState.HERE: {
        StayAct.MOVE: StayState.HERE,
        StayAct.EXTEND: StayState.HERE,
        StayAct.LEAVE: StayState.LEFT,
    },
    StayState.LEFT: {},
    StayState.LET_GO: {},
    StayState.RAN_OUT: {},
    StayState.NOT_TAKEN: {},
}

_REFUSED_BECAUSE: Mapping[StayState, NotNow] = {
    StayState.OFFERED: NotNow.ONLY_OFFERED,
    StayState.HELD: NotNow.NOT_HERE_YET,
    StayState.HERE: NotNow.ALREADY_HERE,
    StayState.LEFT: NotNow.HAS_LEFT,
    StayState.LET_GO: NotNow.WAS_LET_GO,
    StayState.RAN_OUT: NotNow.HAS_RUN_OUT,
    StayState.NOT_TAKEN: NotNow.WAS_LET_GO,
}


def hold_stands(runs_out_at: datetime | None, now: datetime) -> bool:
    """Whether a saved bed is still saved at `now`. One that was confirmed has no time to run out (None)."""
    return runs_out_at is None or now < runs_out_at


def state_at(stored: StayState, runs_out_at: datetime | None, now: datetime) -> StayState:
    """The state as it is at `now`: what has run out is over when read, even if no sweep has said so."""
    if stored is StayState.HELD and not hold_stands(runs_out_at, now):
        return StayState.RAN_OUT
    if stored is StayState.OFFERED and not hold_stands(runs_out_at, now):
        return StayState.NOT_TAKEN
    return stored


def refuse(state: StayState, act: StayAct) -> NotNow | None:
    """Why this act does not fit this state (given as `state_at` reads it); None where it does."""
    return None if act in _LEADS_TO[state] else _REFUSED_BECAUSE[state]


def after(state: StayState, act: StayAct) -> StayState:
    """The state an act leads to. Ask `refuse` first: an act that does not fit raises ValueError."""
    try:
        return _LEADS_TO[state][act]
    except KeyError:
        raise ValueError(f"{act} does not fit a stay that is {state}") from None


class EndKind(StrEnum):
    AS_PLANNED = "as-planned"
    SOONER_OWN_CHOICE = "sooner-own-choice"
    ASKED_TO_LEAVE = "asked-to-leave"
    TAKEN_BY_AMBULANCE = "taken-by-ambulance"
    TAKEN_BY_POLICE = "taken-by-police"


class EndFact(StrEnum):
    """What is written down about an end besides its kind. The guest reads all of it."""

    RULE_NUMBER = "rule-number"
    DECIDED_BY = "decided-by"
    HOW_TO_ASK_AGAIN = "how-to-ask-again"
    MAY_RETURN_ON = "may-return-on"
    WHO_CALLED = "who-called"
    CHOSEN_BY_GUEST = "chosen-by-guest"


class WhoCalled(StrEnum):
    """Who called the ambulance or the police."""

    HOUSE = "house"
    GUEST = "guest"
    OTHER = "other"


_TAKEN = frozenset({EndFact.WHO_CALLED, EndFact.CHOSEN_BY_GUEST})
_NEEDS: Mapping[EndKind, frozenset[EndFact]] = {
    EndKind.AS_PLANNED: frozenset(),
    EndKind.SOONER_OWN_CHOICE: frozenset(),
    EndKind.ASKED_TO_LEAVE: frozenset(
        {EndFact.RULE_NUMBER, EndFact.DECIDED_BY, EndFact.HOW_TO_ASK_AGAIN, EndFact.MAY_RETURN_ON}
    ),
    EndKind.TAKEN_BY_AMBULANCE: _TAKEN,
    EndKind.TAKEN_BY_POLICE: _TAKEN,
}


@dataclass(frozen=True, slots=True)
class EndFacts:
    """Facts that an end of this kind still needs, and facts given that do not belong to it."""

    missing: frozenset[EndFact]
    out_of_place: frozenset[EndFact]

    @property
    def complete(self) -> bool:
        return not self.missing and not self.out_of_place


def facts_needed(kind: EndKind) -> frozenset[EndFact]:
    """The facts that an end of this kind is written down with; no others may be."""
    return _NEEDS[kind]


def check_facts(kind: EndKind, given: Collection[EndFact]) -> EndFacts:
    """Compares the facts given (a "no" is given too) with those that an end of this kind needs."""
    facts = frozenset(given)
    return EndFacts(missing=_NEEDS[kind] - facts, out_of_place=facts - _NEEDS[kind])


def usual_end(left_on: date, planned_on: date) -> EndKind:
    """The end to suppose where nobody says more: leaving is always the guest's own choice."""
    return EndKind.SOONER_OWN_CHOICE if left_on < planned_on else EndKind.AS_PLANNED


class BedState(StrEnum):
    """In order of precedence."""

    OCCUPIED = "occupied"
    CLOSED = "closed"
    READYING = "readying"
    HELD = "held"
    FREE = "free"


def bed_state(*, occupied: bool, closed_tonight: bool, readying: bool, held_now: bool) -> BedState:
    """What a bed is now. `held_now` counts only holds for tonight that still stand (`hold_stands`).

    A person behind the door comes first: whatever else is written about a bed, it is not free.
    """
    in_order = (
        (occupied, BedState.OCCUPIED),
        (closed_tonight, BedState.CLOSED),
        (readying, BedState.READYING),
        (held_now, BedState.HELD),
    )
    return next((state for stands, state in in_order if stands), BedState.FREE)
