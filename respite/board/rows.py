"""The board's rows: what the desk and the wall are drawn from. Values only, so they may be kept and shared."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time

from respite.guests.policy.stay_states import BedState
from respite.promises.queries import PromiseRow
from respite.staffing.queries.gaps import NOTHING_OPEN, Ahead
from respite.staffing.queries.night import ALL_IS_WELL, Night


@dataclass(frozen=True, slots=True)
class HouseRow:
    id: uuid.UUID
    slug: str
    name: str
    zone: str
    language: str
    has_beds: bool
    has_chairs: bool
    night_turns_at: time
    quiet: bool
    """Whether the house is in its quiet hours: the wall is dark then."""


@dataclass(frozen=True, slots=True)
class Door:
    """A bed as it is now. Words of and about a guest are for the desk; the wall gets `wall_label` and `picture`."""

    id: uuid.UUID
    name: str
    room: str
    tags: tuple[str, ...]
    state: BedState
    version: int
    # The stay that is behind the door or saved for tonight.
    stay_id: uuid.UUID | None = None
    stay_version: int | None = None
    guest_label: str | None = None
    pronouns: str | None = None
    nameless: bool = False
    until: date | None = None
    """The leaving day; where free, the first night claimed later; where closed, the day it opens again."""
    until_is: str = ""
    """What a free door's `until` is: held, stay or closure."""
    saved_until: datetime | None = None
    confirmed: bool = False
    offered: bool = False
    """Kept for somebody on the list while they are asked; saved for nobody yet."""
    coming: str | None = None
    call_before: datetime | None = None
    """From when somebody should call, where a saved bed is about to run out and nobody has."""
    out: bool = False
    back_about: datetime | None = None
    check_in_wish: str | None = None
    companions: tuple[tuple[str, int], ...] = ()
    settled_in: bool = True
    ready_since: datetime | None = None
    awaited: bool = False
    """Whether a door that is got ready is somebody's tonight already: then whose, and until when it is saved."""
    awaited_name: str | None = None
    awaited_until: datetime | None = None
    closure_id: uuid.UUID | None = None
    closure_version: int | None = None
    reason: str = ""
    # What the guest chose to show, and the house allows.
    wall_label: str | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A chair of the living room, and who sits in it."""

    id: uuid.UUID
    name: str
    visit_id: uuid.UUID | None
    visit_version: int | None
    guest_label: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class OnNow:
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class NextOn:
    at: datetime
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    tonight: date
    free: int
    arriving: int
    leaving: int
    waiting: int
    chairs_free: int


@dataclass(frozen=True, slots=True)
class GatheringRow:
    title: str
    detail: str
    meal: bool
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingRow:
    id: uuid.UUID
    name: str
    wish: str | None
    nights: int | None
    since: datetime
    asked: tuple[tuple[str, datetime], ...] = ()
    """The doors that they are being asked about, and until when each is kept for them."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for the people at the desk to look at. `kind`: no-door, call, offer, visit."""

    kind: str
    subject: uuid.UUID
    name: str | None
    place: str = ""
    at: datetime | None = None
    minutes: int = 0
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """How many texts wait for a person; no word of them, and not whose they are."""

    unread: int = 0
    soon: int = 0
    decide: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    house: HouseRow
    version: int
    as_of: datetime
    next_change_at: datetime
    """When anything shown changes by itself, if nobody does anything before."""
    doors: tuple[Door, ...]
    chairs: tuple[Seat, ...]
    here_now: tuple[OnNow, ...]
    on_call: tuple[OnNow, ...]
    next_on: NextOn | None
    summary: Summary
    gatherings: tuple[GatheringRow, ...]
    left_line: str | None
    waiting: tuple[WaitingRow, ...]
    notices: tuple[Notice, ...]
    texts: Texts = Texts()
    night: Night = ALL_IS_WELL
    gaps: Ahead = NOTHING_OPEN
    promises: tuple[PromiseRow, ...] = ()
    asks: int = 0
    """How much of what guests asked has no answer yet."""
    yes_asked: int = 0
    """How much waits for a coordinator's yes: for them alone, and no word of what it is."""
    handoff_given_at: datetime | None = None
    """When the newest handoff was given, while nobody has taken it."""
    paper_waits: bool = False
    """Tonight's sheet is ready, and nobody has printed it."""
    moments: int = 0
    """How many hard moments the house has not talked over yet; no word of them."""
    to_tell: int = 0
    """How many people are to be told something in person: for who leads the house, and no word of what it is."""

    def door(self, bed_id: uuid.UUID) -> Door | None:
        return next((door for door in self.doors if door.id == bed_id), None)
