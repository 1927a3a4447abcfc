"""The seam to whoever carries texts: Twilio, or the phone simulator of demo mode.

Handing a text over has four ends, and the difference between them is what keeps it from being lost or sent
twice: taken; certainly not taken (refused, or never reached); or *unclear*, which is never tried again blindly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from flask import current_app

from respite.messaging.errors import LineNotSetUp


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it; `status` is its first word for it."""

    sid: str
    status: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider certainly did not take it. `retry_after` in seconds where it says so."""

    http: int
    code: int | None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class NotReached:
    """No byte of it left this machine: the name did not resolve, the connection was refused."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have been taken or not: a timeout, a dropped line, a 5xx, an answer that cannot be read."""

    http: int | None = None


Answer = Accepted | Refused | NotReached | Unclear


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as the provider lists it. Times are the provider's."""

    sid: str
    to: str
    sender: str | None
    body: str
    status: str
    error_code: int | None
    outbound: bool
    made_at: datetime
    media: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """What the provider listed, and its own clock at that moment."""

    at: datetime
    texts: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing about the account or the number that a person setting it up has to know."""

    name: str  # a word of a list that the page has sentences for: views.check_words.TITLES
    ok: bool | None  # none: could not be found out
    facts: Mapping[str, str] = field(default_factory=dict)  # words of the provider, such as an address; no secrets


class LineDown(Exception):
    """The provider could not be asked, or its answer not be read. Nothing follows from it."""


class CalledOff(Exception):
    """Something stood against a text when all but its words was ready. Nothing of it was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: The last look: entered when only the request is left to be written, left as soon as it was. Raises CalledOff.
Leaving = Callable[[], AbstractContextManager[None]]


class Gateway(Protocol):
    @property
    def tells_statuses(self) -> bool:
        """Whether statuses come back by themselves, so that a text is not at its end when it was taken."""
        ...

    @property
    def ahead(self) -> timedelta | None:
        """How far the provider's clock stands ahead of this machine's, as last heard; none before that."""
        ...

    def send(self, *, to: str, body: str, attempt_id: str, valid_for: int, leaving: Leaving) -> Answer:
        """Hand a text over; it is worth carrying for `valid_for` seconds (1 to 36,000). Never raises for the line.

        Writes nothing of it but inside `leaving`, and waits for the answer outside. Raises CalledOff where that does.
        """
        ...

    def outbound_to(self, number: str, since: datetime) -> Listing:
        """Texts to a number made since then by the provider's clock, newest first. Raises LineDown."""
        ...

    def outbound(self, since: datetime, until: datetime) -> Listing:
        """All texts from our sender made in that time. Raises LineDown."""
        ...

    def inbound(self, since: datetime) -> Listing:
        """All texts to our sender made since then. Raises LineDown."""
        ...

    def fetch(self, sid: str) -> Seen | None:
        """One text, or none where the provider knows no such SID. Raises LineDown."""
        ...

    def signed(self, url: str, form: Mapping[str, str], signature: str) -> bool:
        """Whether the provider itself sent this form to this address."""
        ...

    def checks(self, inbound_url: str) -> list[Check]:
        """What stands at the provider, for whoever sets the number up. Never raises for the line."""
        ...


def is_set_up() -> bool:
    """Whether there is anybody to carry texts. A house may do without."""
    return current_app.extensions.get("respite.gateway") is not None


def gateway() -> Gateway:
    """Whoever carries texts here. Raises LineNotSetUp."""
    found: Gateway | None = current_app.extensions.get("respite.gateway")
    if found is None:
        raise LineNotSetUp
    return found


A_MINUTE = timedelta(minutes=1)


def put_right(now: datetime) -> datetime:
    """The time by the provider's clock, where this machine's is known to be more than a minute off.

    A machine whose clock is ten minutes fast would otherwise text people ten minutes before their hours. People's
    acts keep the house's clock; only when a text may leave is put right.
    """
    ahead = gateway().ahead if is_set_up() else None
    return now if ahead is None or abs(ahead) <= A_MINUTE else now + ahead
