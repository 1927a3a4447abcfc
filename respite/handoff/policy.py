"""The rules of the log and the handoff: values in, values out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from respite.houses.policy.house_time import instant_of

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
#: What Undo says was taken back and the log tells by another kind.
TOLD_AS = {"guest-visit-went-on": "guest-stay-began"}
#: What an act brings with it, told by itself and taken back with it.
COMES_WITH = ("guest.waiting.ended", "promise.word.let-go")


def paper_ready_at(night: date, paper_at: time | None, zone: str) -> datetime | None:
    """When that night's sheet is ready; never where the house has no hour for it."""
    return None if paper_at is None else instant_of(datetime.combine(night, paper_at), zone)


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


def without_undone(events: Sequence[Happened], kinds: Collection[str]) -> list[Happened]:
    """The events in order, without those that were taken back, and without the taking back where both are here.

    What an earlier handoff told and was taken back since stays as "taken back"; of what is not among the `kinds` that
    are told the taking back is not told either.
    """
    words = {kind.replace(".", "-") for kind in kinds}
    told: list[Happened] = []
    for event in events:
        if event.kind == UNDONE and _what(event) not in words:
            continue
        for place in range(len(told) - 1, -1, -1):
            if told[place].subject == event.subject and _takes_back(event, told[place].kind):
                act = told.pop(place)
                if event.kind == UNDONE:
                    told = [each for each in told if not _came_with(act, each)]
                break
        else:
            told.append(event)
    return told


def _what(event: Happened) -> str:
    said = str(event.data.get("what"))
    return TOLD_AS.get(said, said)


def _came_with(act: Happened, other: Happened) -> bool:
    """Of one tap: by the same colleague at the same instant, and of a kind that is put back with it."""
    said_yes = other.kind == "guest.offer.ended" and other.data.get("how") == "accepted"
    return (other.actor, other.at) == (act.actor, act.at) and (said_yes or other.kind in COMES_WITH)


def _takes_back(event: Happened, kind: str) -> bool:
    if event.kind == UNDONE:
        return kind.replace(".", "-") == _what(event)
    return kind in TAKES_BACK.get(event.kind, ())
