"""The steps of a house's plan: how long after a stay somebody is asked, and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

A_DAY = 24  # hours
MOST_STEPS = 6
#: What a guest says yes to names three months and six texts (`messaging.policy.consent_words`), so no plan has more.
SHORTEST, LONGEST = 12, 92 * A_DAY
#: The first sentence that asked for a yes spoke of one month: it lets nothing leave after it.
FIRST_SENTENCE_COVERS = 31 * A_DAY


class Asks(StrEnum):
    HOW = "how"  # how it goes, in free words
    CALL = "call"  # whether they would like a call


class Way(StrEnum):
    TEXT = "text"
    CALL = "call"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Step:
    """`after` counts hours on the wall's clock: 48 is the same time two days later. `connections` asks, beside it,
    whether what they wanted came about."""

    after: int
    asks: Asks = Asks.HOW
    connections: bool = False
    on: bool = True

    @property
    def window(self) -> str:
        """What the step is called in figures: `h48`, `d7`. No two of a plan are the same."""
        return window_of(self.after)


#: The template that asks whether they would like a call, and the kind of that question.
CALL_TEXT = "follow-up-call"

#: What a house has that decided nothing.
SHIPPED = (
    Step(48),
    Step(7 * A_DAY, connections=True),
    Step(30 * A_DAY, Asks.CALL, connections=True),
    Step(90 * A_DAY, connections=True),
)


def window_of(after: int) -> str:
    return f"d{after // A_DAY}" if after % A_DAY == 0 and after > 3 * A_DAY else f"h{after}"


def covers(wording: int, after: int) -> bool:
    """Whether a yes in the words of this version of the sentence is one to a text so long after."""
    return wording > 1 or after <= FIRST_SENTENCE_COVERS


def as_stored(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [{"after": s.after, "asks": str(s.asks), "connections": s.connections, "on": s.on} for s in steps]


def from_stored(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(Step(row["after"], Asks(row["asks"]), row["connections"], row["on"]) for row in rows)


def templates_of(asked: Sequence[Asks]) -> list[str]:
    """The template of each text that somebody chose, in order: the first says when texts are read, the last that it is
    the last."""
    last = len(asked) - 1
    names = []
    for place, asks in enumerate(asked):
        between = f"follow-up-{2 + (place - 1) % 2}"
        name = "follow-up-1" if place == 0 else "follow-up-4" if place == last else between
        names.append(CALL_TEXT if asks == Asks.CALL else name)
    return names
