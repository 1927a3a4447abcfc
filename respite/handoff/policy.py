"""The rules of the log and the handoff: values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

LONGEST_ENTRY = 280
LONGEST_WORDS = 1000
LONGEST_FEELINGS = 280
FORGOTTEN_AFTER = timedelta(days=7)
READ_FOR = timedelta(days=1)  # what was taken late is not gone within the hour
LATEST_ENTRY = timedelta(days=2)  # how long ago something may have happened that is written down now
COMES_SOON = timedelta(hours=3)  # whose shift begins within this can take the handoff before it
UNDONE = "guest.act.undone"
#: What takes back an act that has no Undo of guests.
TAKES_BACK = {
    "promise.word.open-again": ("promise.word.kept", "promise.word.let-go"),
    "house.bed.unreadied": ("house.bed.readied",),
    "guest.ask.taken-back": ("guest.ask.made",),
}


class How(StrEnum):
    """How somebody took a handoff."""

    PAGE = "page"
    TEXT = "text"


class Asked(StrEnum):
    """Who was asked to take a handoff; not among what is done where the house is short of people."""

    ON_CALL = "handoff-on-call"
    LEAD = "handoff-lead"


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as the log tells it: ids, words of a list, counts, days."""

    version: int
    kind: str
    subject: UUID | None
    actor: str | None
    at: datetime
    data: dict[str, Any]


def without_undone(events: Sequence[Happened]) -> list[Happened]:
    """The events in order, without those that were taken back, and without the taking back where both are here.

    What an earlier handoff told and was taken back since stays as "taken back".
    """
    told: list[Happened] = []
    for event in events:
        for place in range(len(told) - 1, -1, -1):
            if told[place].subject == event.subject and _takes_back(event, told[place].kind):
                del told[place]
                break
        else:
            told.append(event)
    return told


def _takes_back(event: Happened, kind: str) -> bool:
    if event.kind == UNDONE:
        return kind.replace(".", "-") == event.data.get("what")
    return kind in TAKES_BACK.get(event.kind, ())
