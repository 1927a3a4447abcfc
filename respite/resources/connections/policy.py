"""How a connection goes: pure rules over what was said, by whom, in the order in which it happened.

Nobody is in touch with anybody for a guest who did not say that they want it, and nothing is connected before the
guest or the place itself says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TAKEN_BACK_WITHIN = timedelta(minutes=30)
LONGEST_PLACE, LONGEST_WHY = 120, 300


class State(StrEnum):
    OFFERED = "offered"
    WANTED = "wanted"
    NOT_WANTED = "not-wanted"
    CONTACT = "contact"  # made together
    REACHED = "reached"
    CONNECTED = "connected"
    NOT_A_FIT = "not-a-fit"
    DROPPED = "dropped"  # by the guest
    ENDED = "ended"  # it goes on no longer, and no reason is kept


class Who(StrEnum):
    """Who said so."""

    GUEST = "guest"
    SERVICE = "service"
    HOUSE = "house"  # whoever works here saw it or did it


class Why(StrEnum):
    """Why it was not a fit: of the place, never of the person."""

    FULL = "full"
    FAR = "far"
    COST = "cost"
    HOURS = "hours"
    LANGUAGE = "language"
    CLOSED = "closed"  # it is not there any more
    NOT_FOR_THEM = "not-for-them"  # it is for others
    NOT_LIKED = "not-liked"
    OTHER = "other"


class Category(StrEnum):
    """What a connection is about, for the house's figures."""

    HOUSING = "housing"
    FOOD = "food"
    MONEY = "money"
    WORK = "work"
    LEARNING = "learning"
    HEALTH = "health"
    PEERS = "peers"
    COMMUNITY = "community"
    FAMILY = "family"
    LEGAL = "legal"
    TRANSPORT = "transport"
    PAPERS = "papers"
    OTHER = "other"


_OUT = (State.CONNECTED, State.NOT_A_FIT, State.DROPPED)
#: What may follow what.
NEXT: Mapping[State | None, frozenset[State]] = {
    None: frozenset({State.OFFERED}),
    State.OFFERED: frozenset({State.WANTED, State.NOT_WANTED, State.ENDED}),
    State.NOT_WANTED: frozenset({State.WANTED}),
    State.WANTED: frozenset({State.CONTACT, State.REACHED, State.ENDED, *_OUT}),
    State.CONTACT: frozenset({State.REACHED, State.ENDED, *_OUT}),
    State.REACHED: frozenset({State.ENDED, *_OUT}),
    State.CONNECTED: frozenset({State.CONNECTED, State.NOT_A_FIT}),  # the other of the two says so as well
    State.NOT_A_FIT: frozenset({State.WANTED}),
    State.DROPPED: frozenset({State.WANTED}),
    State.ENDED: frozenset({State.WANTED}),
}
#: Whose word it takes.
SAYS: Mapping[State, frozenset[Who]] = {
    State.OFFERED: frozenset({Who.HOUSE}),
    State.WANTED: frozenset({Who.GUEST}),
    State.NOT_WANTED: frozenset({Who.GUEST}),
    State.CONTACT: frozenset({Who.GUEST, Who.HOUSE}),
    State.REACHED: frozenset(Who),
    State.CONNECTED: frozenset({Who.GUEST, Who.SERVICE}),
    State.NOT_A_FIT: frozenset({Who.GUEST, Who.SERVICE}),
    State.DROPPED: frozenset({Who.GUEST}),
    State.ENDED: frozenset({Who.HOUSE}),
}
#: Those that go on: somebody may be asked how it went.
OPEN = (State.WANTED, State.CONTACT, State.REACHED)
#: Those that may come about still.
UNDER_WAY = (State.OFFERED, *OPEN)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said. `number` is its place in the order in which things were written down."""

    state: State
    who: Who
    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Stands:
    """How a connection stands. `wanted`: the guest wanted it at some time; `by`: who confirmed that it came about."""

    state: State
    wanted: bool = False
    contact: bool = False
    by: frozenset[Who] = frozenset()


class DoesNotFollow(ValueError):
    """Something said does not follow what was said before it; `after` is what stood then."""

    def __init__(self, said: Said, after: State | None) -> None:
        self.said, self.after = said, after
        super().__init__(f"{said.state} by {said.who} after {after}")


def in_order(said: Iterable[Said]) -> list[Said]:
    return sorted(said, key=lambda each: (each.at, each.number))


def stands(said: Iterable[Said]) -> Stands | None:
    """Where all of it leads, in the order in which it happened; none where nothing was said. Raises DoesNotFollow."""
    now: Stands | None = None
    for each in in_order(said):
        before = now.state if now is not None else None
        again = now is not None and each.state == State.CONNECTED == before and each.who in now.by
        if each.state not in NEXT[before] or each.who not in SAYS[each.state] or again:
            raise DoesNotFollow(each, before)
        by = frozenset({each.who}) | (now.by if now else frozenset()) if each.state == State.CONNECTED else frozenset()
        now = Stands(
            state=each.state,
            wanted=each.state == State.WANTED or (now is not None and now.wanted),
            contact=each.state == State.CONTACT or (now is not None and now.contact),
            by=by,
        )
    return now


def may_follow(state: State, by: Iterable[Who] = ()) -> dict[State, frozenset[Who]]:
    """What can be said next, and by whom. `by` are those who confirmed it already."""
    found = {each: SAYS[each] for each in State if each in NEXT[state]}
    if state == State.CONNECTED:
        found[State.CONNECTED] = SAYS[State.CONNECTED] - frozenset(by)
    return {each: whose for each, whose in found.items() if whose}
