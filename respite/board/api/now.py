"""The board for programs: every door and chair as it is now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import marshmallow as ma

from respite.accounts.acting import acting
from respite.accounts.api import ApiBlueprint
from respite.accounts.roles import May
from respite.board.queries import board_of
from respite.board.rows import Board, Door, OnNow, Seat
from respite.core.api.fields import Choice, Day, Inside, Instant, Schema, Uuid, Whole
from respite.core.clock import house_now
from respite.guests.policy.stay_states import BedState
from respite.houses.access import for_house
from respite.houses.models import House

Facts = dict[str, Any]

api = ApiBlueprint("board", "A house as it is now")


class DoorShown(Schema):
    id = Uuid(required=True)
    name = ma.fields.String(required=True)
    room = ma.fields.String(required=True)
    kind = Choice(["bed"], required=True)
    state = Choice(list(BedState), required=True, metadata={"description": "As it is now, in this precedence."})
    guest_label = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The chosen name; for a role that sees no guests, what the guest shows on the wall."},
    )
    until = Day(
        required=True,
        allow_none=True,
        metadata={
            "description": "The leaving day; of a closed door the day it opens; of a free one the next night claimed."
        },
    )
    stay_id = Uuid(required=True, allow_none=True)
    hold_expires_at = Instant(required=True, allow_none=True)


class ChairShown(Schema):
    id = Uuid(required=True)
    name = ma.fields.String(required=True)
    kind = Choice(["chair"], required=True)
    state = Choice([BedState.OCCUPIED, BedState.FREE], required=True)
    guest_label = ma.fields.String(required=True, allow_none=True)
    since = Instant(required=True, allow_none=True)
    visit_id = Uuid(required=True, allow_none=True)


class OnShown(Schema):
    name = ma.fields.String(required=True)
    until = Instant(required=True, allow_none=True)


class BoardShown(Schema):
    house = ma.fields.String(required=True, metadata={"description": "The house's slug."})
    version = Whole(required=True, metadata={"description": "Moves with every act in the house."})
    as_of = Instant(required=True)
    beds = ma.fields.List(Inside(DoorShown), required=True)
    chairs = ma.fields.List(Inside(ChairShown), required=True)
    here_now = ma.fields.List(Inside(OnShown), required=True)
    on_call = ma.fields.List(Inside(OnShown), required=True)


@api.operation("GET", "/houses/<slug>/board", for_house(May.SEE_BOARD), gives=BoardShown)
def show_board(house: House) -> Facts:
    """Doors, chairs and who is on. A role that sees no guests gets what the wall shows."""
    actor, now = acting(), house_now()
    sees_guests, sees_shifts = actor.may(May.SEE_GUESTS, house.id), actor.may(May.SEE_SHIFTS, house.id)
    return board_facts(board_of(house, now), now, sees_guests=sees_guests, sees_shifts=sees_shifts)


def board_facts(board: Board, now: datetime, *, sees_guests: bool, sees_shifts: bool) -> Facts:
    return {
        "house": board.house.slug,
        "version": board.version,
        "as_of": now,
        "beds": [_door(door) if sees_guests else _door_of_wall(door) for door in board.doors],
        "chairs": [_chair(seat, sees_guests) for seat in board.chairs],
        "here_now": [_on(each, sees_shifts) for each in board.here_now],
        "on_call": [_on(each, sees_shifts) for each in board.on_call],
    }


def _door(door: Door) -> Facts:
    return _plain(door) | {
        "guest_label": door.guest_label,
        "until": door.until,
        "stay_id": door.stay_id,
        "hold_expires_at": door.saved_until,
    }


def _door_of_wall(door: Door) -> Facts:
    """Door and state, and what the guest chose to show: not who comes when, nor until when anybody stays."""
    return _plain(door) | {
        "guest_label": door.wall_label or door.picture,
        "until": door.until if door.state == BedState.CLOSED else None,
        "stay_id": None,
        "hold_expires_at": None,
    }


def _plain(door: Door) -> Facts:
    return {"id": door.id, "name": door.name, "room": door.room, "kind": "bed", "state": door.state}


def _chair(seat: Seat, sees_guests: bool) -> Facts:
    return {
        "id": seat.id,
        "name": seat.name,
        "kind": "chair",
        "state": BedState.FREE if seat.visit_id is None else BedState.OCCUPIED,
        "guest_label": seat.guest_label if sees_guests else None,
        "since": seat.since if sees_guests else None,
        "visit_id": seat.visit_id if sees_guests else None,
    }


def _on(each: OnNow, sees_shifts: bool) -> Facts:
    # When a shift ends tells of a gap behind it, which no wall shows.
    return {"name": each.name, "until": each.until if sees_shifts else None}
