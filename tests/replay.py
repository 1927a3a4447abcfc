"""Real stays, day by day, through the use cases that the desk uses, with a clock that moves; and a count of our own.

Each day's departures come before its arrivals, in the order of the list, and a door is made ready as soon as it
was left. The leaving day is known. A stay of no nights needs a bed that day and lets it go. Every other stay with
nights comes by telephone first, the rest are simply at the door.
"""

from __future__ import annotations

import csv
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from respite.accounts.actor import COMMAND, Actor
from respite.board.queries import board_of
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.due import sweep
from respite.core.errors import Refusal
from respite.guests.models import Stay
from respite.guests.policy.stay_states import BedState
from respite.guests.service.arriving import welcome, welcome_new
from respite.guests.service.leaving import leave
from respite.guests.service.people import Named
from respite.guests.service.saving import confirm, save_bed
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of
from respite.houses.service.doors import make_ready
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.full_house import database_digest

ONE_DAY = timedelta(days=1)
ZONE = "America/Denver"
LEAVING, COMING, EVENING = time(10), time(15), time(20)
WIDE_OPEN = {"longest_stay": 366, "return_kind": "none"}


@dataclass(frozen=True)
class Written:
    """A stay as the list has it."""

    number: int
    guest: int
    arrived_on: date
    left_on: date

    @property
    def nights(self) -> int:
        return (self.left_on - self.arrived_on).days


def read(path: Path) -> list[Written]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Written(
                int(row["stay"]),
                int(row["guest"]),
                date.fromisoformat(row["arrived_on"]),
                date.fromisoformat(row["left_on"]),
            )
            for row in csv.DictReader(file)
        ]


# -- a count of our own ----------------------------------------------------------------------------------------------


@dataclass
class Counted:
    """What must come out, worked out from the list alone."""

    refused: list[int]
    guests_on: Counter[date]


def counted(written: Iterable[Written], beds: int) -> Counted:
    """First come, first bed that is free for the whole stay; nothing of the product is used here."""
    doors: list[set[date]] = [set() for _ in range(beds)]
    refused: list[int] = []
    guests_on: Counter[date] = Counter()
    for stay in written:
        nights = {stay.arrived_on + n * ONE_DAY for n in range(stay.nights)}
        needs = nights or {stay.arrived_on}
        door = next((taken for taken in doors if not taken & needs), None)
        if door is None:
            refused.append(stay.number)
        else:
            door |= nights
            guests_on.update(nights)
    return Counted(refused, guests_on)


# -- the replay ------------------------------------------------------------------------------------------------------


@dataclass
class Replayed:
    house: House
    #: Stays before and after which the whole database is compared, where they are refused.
    watched: frozenset[int]
    refused: dict[int, str] = field(default_factory=dict)
    half_written: list[int] = field(default_factory=list)
    #: How many doors the board showed with somebody behind them, each evening.
    board_on: dict[date, int] = field(default_factory=dict)
    ended: Counter[str | None] = field(default_factory=Counter)


def replay(clock: StillClock, written: list[Written], beds: int, watched: Iterable[int]) -> Replayed:
    """Open a house and live through the list in it. Whoever is not refused comes, stays and leaves on their day."""
    actor = COMMAND
    first, last = min(stay.arrived_on for stay in written), max(stay.left_on for stay in written)
    clock.at = at(first, LEAVING)
    house = open_house(actor, name="Bar House", kind="respite", timezone=ZONE, beds=beds, now=clock.now())
    change_rules(actor, house.id, WIDE_OPEN, number_seen=None, now=clock.now())
    told = Replayed(house, frozenset(watched))
    here: dict[uuid.UUID, Written] = {}
    for day in _days(first, last):
        clock.at = at(day, LEAVING)
        sweep(clock.now())
        for stay_id in [stay_id for stay_id, stay in here.items() if stay.left_on == day]:
            _go(actor, stay_id, clock.now(), told)
            del here[stay_id]
        clock.at = at(day, COMING)
        for stay in (each for each in written if each.arrived_on == day):
            arrived = _come(actor, house, stay, clock, told)
            if arrived is None:
                continue
            if stay.nights:
                here[arrived.id] = stay
            else:
                _go(actor, arrived.id, clock.now(), told)
        clock.at = at(day, EVENING)
        told.board_on[day] = sum(door.state == BedState.OCCUPIED for door in board_of(house, clock.now()).doors)
    return told


def at(day: date, wall: time) -> datetime:
    return instant_of(datetime.combine(day, wall), ZONE)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * ONE_DAY for n in range((last - first).days + 1))


def _come(actor: Actor, house: House, stay: Written, clock: StillClock, told: Replayed) -> Stay | None:
    who = Named(f"Guest {stay.guest}", phone=f"303555{stay.guest:04}")
    before = database_digest() if stay.number in told.watched else None
    try:
        if stay.nights and stay.number % 2:
            saved = save_bed(actor, house.id, who=who, nights=stay.nights, now=clock.now())
            confirm(actor, saved.id, now=clock.now())
            return welcome(actor, saved.id, now=clock.now())
        return welcome_new(actor, house.id, who=who, nights=stay.nights, now=clock.now())
    except Refusal as refusal:
        told.refused[stay.number] = refusal.rule()
        if before is not None and database_digest() != before:
            told.half_written.append(stay.number)
        return None


def _go(actor: Actor, stay_id: uuid.UUID, now: datetime, told: Replayed) -> None:
    door = db.session.get_one(Stay, stay_id).occupies_bed_id
    assert door is not None
    told.ended[leave(actor, stay_id, now=now).ended_how] += 1
    make_ready(actor, door, now=now)
