"""That a stay ended, and that its end was taken back: told to whoever has something to do then, in the same
transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.guests.models import Stay


@dataclass(frozen=True, slots=True)
class StayEnded:
    """`follow_up` is what the guest said about being asked later, none where nobody asked them. `chosen` is what they
    chose for it, by the names of whoever offers it."""

    stay: Stay
    follow_up: bool | None = None
    chosen: Mapping[str, Any] = field(default_factory=dict)


#: Filled by features in their wiring, once each.
ended: list[Callable[[Session, StayEnded, Actor, datetime], None]] = []
undone: list[Callable[[Session, Stay, datetime], None]] = []
