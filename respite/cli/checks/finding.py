"""What a check found, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Weight(StrEnum):
    FINE = "fine"
    LOOK = "look"  # works, but somebody should look at it
    MEND = "mend"  # does not work, or will not for long


@dataclass(frozen=True, slots=True)
class Finding:
    weight: Weight
    what: str
    do: str = ""


def in_utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def fine(what: str) -> Finding:
    return Finding(Weight.FINE, what)


def look(what: str, do: str) -> Finding:
    return Finding(Weight.LOOK, what, do)


def mend(what: str, do: str) -> Finding:
    return Finding(Weight.MEND, what, do)
