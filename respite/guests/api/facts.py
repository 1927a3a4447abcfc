"""A stay or a visit as the API tells it, read in the act's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from respite.core.db import db
from respite.guests.models import Stay, Visit
from respite.guests.policy.stay_states import SAVED, StayState, state_at
from respite.guests.policy.visits import visit_minutes
from respite.houses.models import BedNight, House


def stay_facts(stay: Stay, now: datetime) -> dict[str, Any]:
    """What has run out is over when read; its nights are then nobody's."""
    state = state_at(StayState(stay.state), stay.saved_until, now)
    return {
        "id": stay.id,
        "version": stay.version,
        "house": _slug(stay),
        "state": state,
        "guest_id": stay.guest_id,
        "guest_label": stay.guest.name if stay.guest else None,
        "bed_id": stay.bed_id,
        "first_night": stay.first_night,
        "until": stay.until,
        "nights": (stay.until - stay.first_night).days,
        "claims": [] if state in (StayState.RAN_OUT, StayState.NOT_TAKEN) else _claims(stay),
        "extensions": stay.extensions,
        "hold_expires_at": stay.saved_until if state in SAVED else None,
        "confirmed_at": stay.confirmed_at,
        "arrived_at": stay.arrived_at,
        "left_at": stay.left_at,
        "how": stay.ended_how,
        "follow_up": stay.follow_up_wanted,
    }


def visit_facts(visit: Visit, now: datetime) -> dict[str, Any]:
    return {
        "id": visit.id,
        "version": visit.version,
        "house": _slug(visit),
        "chair_id": visit.chair_id,
        "guest_id": visit.guest_id,
        "guest_label": visit.guest.name if visit.guest else None,
        "arrived_at": visit.arrived_at,
        "left_at": visit.left_at,
        "minutes": visit_minutes(visit.arrived_at, visit.left_at, now),
        "went_to_stay_id": visit.went_to_stay_id,
    }


def _claims(stay: Stay) -> list[dict[str, Any]]:
    rows = db.session.execute(
        sa.select(BedNight.bed_id, BedNight.night).where(BedNight.claim_id == stay.id).order_by(BedNight.night)
    )
    return [{"bed_id": bed_id, "night": night} for bed_id, night in rows]


def _slug(row: Stay | Visit) -> str:
    return db.session.get_one(House, row.house_id).slug
