"""The board as it is now. Its rows are kept until the house's version moves or something changes by itself."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from flask import current_app

from respite.accounts.unseen import kept_from_viewer
from respite.audit.queries import versions
from respite.board.doors import call_from, door_rows
from respite.board.found import Found, find
from respite.board.rows import (
    Board,
    GatheringRow,
    HouseRow,
    NextOn,
    Notice,
    OnNow,
    Seat,
    Summary,
    Texts,
    WaitingRow,
)
from respite.core.db import db, end_read
from respite.guests.models import Visit
from respite.guests.policy.offers import How
from respite.guests.policy.stay_states import SAVED, BedState, StayState, hold_stands
from respite.guests.policy.visits import quiet_notices
from respite.handoff.policy import paper_ready_at
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local, night_turns, quiet, quiet_turns
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.gaps import gaps_ahead

MOST_KEPT = 400  # boards; a network has some dozens of houses, each with two
#: Wall times at which the words for the time of day, or today, change.
TURNING_TIMES = (time(0), time(6), time(12), time(18), time(22))


#: Whose board, whether it is that of those who keep shifts, and the guests of whom its viewer is shown nothing.
Key = tuple[uuid.UUID, bool, frozenset[uuid.UUID]]


class Kept:
    """The boards of this process. A board is a value, so requests share it."""

    def __init__(self) -> None:
        self._boards: dict[Key, tuple[tuple[int, int], Board]] = {}
        self._lock = threading.Lock()

    def get(self, key: Key, seen: tuple[int, int], now: datetime) -> Board | None:
        with self._lock:
            kept = self._boards.get(key)
        # A demo clock may also have been put back.
        if kept is None or kept[0] != seen or not kept[1].as_of <= now < kept[1].next_change_at:
            return None
        return kept[1]

    def put(self, key: Key, seen: tuple[int, int], board: Board) -> None:
        with self._lock:
            if len(self._boards) >= MOST_KEPT:
                self._boards.clear()
            self._boards[key] = (seen, board)


def board_of(house: House, now: datetime) -> Board:
    """The house's board at `now`. Ends the read transaction, so that nothing is held while it is drawn."""
    return _kept(house, False, now, lambda seen: draw(find(db.session(), house, now), seen, now))


def lead_board_of(house: House, now: datetime) -> Board:
    """The board with what is not covered in the coming days, for those who keep shifts: walls never wait for that."""
    return _kept(house, True, now, lambda _seen: _with_gaps(board_of(house, now), house, now))


def _with_gaps(board: Board, house: House, now: datetime) -> Board:
    gaps = gaps_ahead(db.session(), house, now)
    turns = min([board.next_change_at, *(gap.ends_at for gap in gaps.gaps if gap.ends_at > now)])
    return replace(board, as_of=now, next_change_at=turns, gaps=gaps)


def _kept(house: House, lead: bool, now: datetime, drawn: Callable[[int], Board]) -> Board:
    kept: Kept = current_app.extensions["respite.boards"]
    key = (house.id, lead, kept_from_viewer())
    try:
        # Read first: rows read after it are at least as new, so a board is never older than its version.
        seen = versions(house.id)
        board = kept.get(key, seen, now)
        if board is None:
            board = drawn(seen[0])
            kept.put(key, seen, board)
        return board
    finally:
        end_read()


def draw(found: Found, version: int, now: datetime) -> Board:
    """The rows from what was found. Nothing is read here."""
    doors = door_rows(found, now)
    seats = tuple(_seat(chair.id, chair.name, visit) for chair, visit in found.seats)
    here = tuple(_on(found, ShiftKind.FLOOR, now))
    return Board(
        house=_house(found, now),
        version=version,
        as_of=now,
        next_change_at=min(at for at in _changes(found, now) if at > now),
        doors=doors,
        chairs=seats,
        here_now=here,
        on_call=tuple(_on(found, ShiftKind.ON_CALL, now)),
        next_on=_next_on(found, now),
        summary=Summary(
            tonight=found.tonight,
            free=sum(door.state == BedState.FREE for door in doors),
            arriving=sum(door.awaited or (door.state == BedState.HELD and not door.offered) for door in doors),
            leaving=_leaving(found, now),
            waiting=len(found.waiting),
            chairs_free=sum(seat.visit_id is None for seat in seats),
        ),
        gatherings=tuple(_gatherings(found)),
        left_line=found.left_line,
        waiting=tuple(_waiting(found)),
        notices=tuple(_notices(found, now)),
        texts=Texts(found.texts.texts, found.texts.soon, found.texts.decide),
        night=found.night,
        promises=tuple(found.promises),
        asks=found.asks,
        yes_asked=found.yes_asked,
        handoff_given_at=found.handoff_given_at,
        paper_waits=_paper_waits(found, now),
        moments=found.moments,
        to_tell=found.to_tell,
    )


def _waiting(found: Found) -> Iterator[WaitingRow]:
    doors = {bed.id: bed.name for bed in found.beds}
    for row in found.waiting:
        asked = tuple((doors.get(o.bed_id, ""), o.runs_out_at) for o in found.offers if o.waiting_id == row.id)
        yield WaitingRow(row.id, row.name or "", row.wish, row.nights, row.since, asked)


def _house(found: Found, now: datetime) -> HouseRow:
    house, rules = found.house, found.rules
    return HouseRow(
        id=house.id,
        slug=house.slug,
        name=house.name,
        zone=house.timezone,
        language=house.language,
        has_beds=house.has_beds,
        has_chairs=house.has_chairs,
        night_turns_at=rules.night_turns_at,
        quiet=quiet(now, house.timezone, rules.quiet_from, rules.quiet_until),
    )


def _seat(chair_id: uuid.UUID, name: str, visit: Visit | None) -> Seat:
    if visit is None:
        return Seat(chair_id, name, None, None, None, None)
    return Seat(chair_id, name, visit.id, visit.version, visit.guest.name if visit.guest else None, visit.arrived_at)


def _on(found: Found, kind: ShiftKind, now: datetime) -> Iterator[OnNow]:
    for shift in found.shifts:
        if shift.kind == kind and shift.name and shift.is_here(now):
            yield OnNow(shift.name, shift.ends_at)


def _next_on(found: Found, now: datetime) -> NextOn | None:
    """Those who begin next, together."""
    coming = [s for s in found.shifts if s.kind == ShiftKind.FLOOR and s.starts_at > now and s.came_at is None]
    if not coming:
        return None
    at = coming[0].starts_at
    return NextOn(at, tuple(shift.name for shift in coming if shift.starts_at == at and shift.name))


def _leaving(found: Found, now: datetime) -> int:
    today = local(now, found.house.timezone).date()
    return sum(stay.state == StayState.HERE and stay.until <= today for stay in found.stays.values())


def _gatherings(found: Found) -> list[GatheringRow]:
    """Meals and what is on for guests today, the soonest first."""
    rows = [GatheringRow(g.title, g.detail, g.kind == "meal", g.starts_at) for g in found.gatherings]
    rows += [GatheringRow(each.title, each.place, False, each.starts_at) for each in found.activities]
    return sorted(rows, key=lambda row: row.starts_at)


def _paper_waits(found: Found, now: datetime) -> bool:
    """Whether tonight's sheet is ready, and not printed yet."""
    ready_at = paper_ready_at(found.tonight, found.rules.paper_at, found.house.timezone)
    return ready_at is not None and ready_at <= now and found.printed_for != found.tonight


def _notices(found: Found, now: datetime) -> Iterator[Notice]:
    names = {bed.id: bed.name for bed in found.beds}
    for stay in found.stays.values():
        name = stay.guest.name if stay.guest else None
        if stay.state != StayState.HELD or not hold_stands(stay.saved_until, now):
            continue
        if stay.bed_id is None:
            yield Notice("no-door", stay.id, name, version=stay.version)
        elif (runs_out := call_from(stay, found.ask_minutes[stay.id], now)) is not None:
            yield Notice("call", stay.id, name, names.get(stay.bed_id, ""), runs_out, version=stay.version)
    yield from _offers_to_call(found, names, now)
    for chair, visit in found.seats:
        if visit is None:
            continue
        past = [n.minutes for n in quiet_notices(visit.arrived_at, found.rules.visit_notices, now) if n.past]
        if past and past[-1] > visit.notices_seen:
            name = visit.guest.name if visit.guest else None
            yield Notice("visit", visit.id, name, chair.name, visit.arrived_at, past[-1], visit.version)


def _offers_to_call(found: Found, doors: Mapping[uuid.UUID, str], now: datetime) -> Iterator[Notice]:
    """Whom somebody is to call about a bed; and who has not answered a text when its time is nearly over."""
    waiting = {row.id: row.name for row in found.waiting}
    for offer in found.offers:
        minutes = found.ask_minutes.get(offer.stay_id, found.rules.ask_minutes_before)
        nearly = offer.runs_out_at - timedelta(minutes=minutes) <= now
        if offer.how == How.CALL or nearly:
            name, door = waiting.get(offer.waiting_id), doors.get(offer.bed_id, "")
            yield Notice("offer", offer.id, name, door, offer.runs_out_at)


def _changes(found: Found, now: datetime) -> Iterator[datetime]:
    """Instants at which something shown changes by itself; those that are past are of no matter."""
    house, rules = found.house, found.rules
    yield night_turns(found.tonight, house.timezone, rules.night_turns_at)
    turns = quiet_turns(now, house.timezone, rules.quiet_from, rules.quiet_until)
    if turns is not None:
        yield turns
    ready_at = paper_ready_at(found.tonight, rules.paper_at, house.timezone)
    if ready_at is not None:
        yield ready_at
    today = local(now, house.timezone).date()
    for day in (today, today + timedelta(days=1)):
        for at in TURNING_TIMES:
            yield instant_of(datetime.combine(day, at), house.timezone)
    for stay in found.stays.values():
        if stay.state in SAVED and stay.saved_until is not None:
            yield stay.saved_until
            yield stay.saved_until - timedelta(minutes=found.ask_minutes[stay.id])
    yield from (promise.due_at for promise in found.promises if promise.due_at is not None)
    if found.texts.changes_at is not None:
        yield found.texts.changes_at
    for shift in found.shifts:
        yield shift.starts_at
        yield shift.ends_at
    for row in found.night.not_here:
        yield row.waits_until or row.ends_at
        yield row.ends_at
    yield from (call.until for call in found.night.calls)
    yield from (gathering.ends_at for gathering in found.gatherings)
    yield from (activity.ends_at for activity in found.activities)
    for _chair, visit in found.seats:
        if visit is not None:
            yield from (notice.due_at for notice in quiet_notices(visit.arrived_at, rules.visit_notices, now))
