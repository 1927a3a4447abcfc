"""A door as it is now: its state by precedence, who is behind it, and what the wall may show of that."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from respite.board.found import Found
from respite.board.rows import Door
from respite.guests.models import Guest, Stay, WallChoice
from respite.guests.policy.stay_states import SAVED, BedState, StayState, bed_state, hold_stands
from respite.houses.models import Bed, BedNight, ClaimKind

WALL_ORDER = (WallChoice.NOTHING, WallChoice.PICTURE, WallChoice.INITIAL, WallChoice.NAME)


def door_rows(found: Found, now: datetime) -> tuple[Door, ...]:
    behind = {stay.occupies_bed_id: stay for stay in found.stays.values() if stay.occupies_bed_id}
    return tuple(_door(found, bed, behind.get(bed.id), now) for bed in found.beds)


def _door(found: Found, bed: Bed, inside: Stay | None, now: datetime) -> Door:
    claims = [claim for claim in found.claims.get(bed.id, ()) if _stands(claim, found.stays, now)]
    tonight = next((claim for claim in claims if claim.night == found.tonight), None)
    saved = found.stays.get(tonight.claim_id) if tonight and tonight.kind != ClaimKind.CLOSURE else None
    state = bed_state(
        occupied=inside is not None,
        closed_tonight=tonight is not None and tonight.kind == ClaimKind.CLOSURE,
        readying=bed.getting_ready_since is not None,
        held_now=saved is not None and saved.state in SAVED,
    )
    door = _Drawn(found, bed, state)
    if state == BedState.OCCUPIED and inside is not None:
        return door.here(inside)
    if state == BedState.CLOSED and tonight is not None:
        return door.closed(tonight)
    if state == BedState.READYING:
        return door.readying(saved)
    if state == BedState.HELD and saved is not None:
        return door.saved(saved, now)
    return door.free(claims)


def _stands(claim: BedNight, stays: Mapping[uuid.UUID, Stay], now: datetime) -> bool:
    """Whether a claim still counts: a saved bed whose time is over is over when read, sweep or no sweep."""
    if claim.kind != ClaimKind.HELD:
        return True
    stay = stays.get(claim.claim_id)
    return stay is not None and (stay.state not in SAVED or hold_stands(stay.saved_until, now))


class _Drawn:
    """One bed on its way to a row."""

    def __init__(self, found: Found, bed: Bed, state: BedState) -> None:
        self.found, self.bed, self.state = found, bed, state

    def plain(self, **more: object) -> Door:
        return Door(
            id=self.bed.id,
            name=self.bed.name,
            room=self.bed.room.name,
            tags=tuple(self.bed.tags),
            state=self.state,
            version=self.bed.version,
            **more,  # type: ignore[arg-type]
        )

    def here(self, stay: Stay) -> Door:
        label, picture = wall_choice(stay.guest, self.found.rules.wall_most)
        return self.plain(
            **_stay_facts(stay),
            out=stay.out_since is not None,
            back_about=stay.back_about if stay.out_since else None,
            check_in_wish=stay.check_in_wish,
            companions=tuple((companion.kind, companion.number) for companion in stay.companions),
            settled_in=stay.settled_in_at is not None,
            wall_label=label,
            picture=picture,
        )

    def saved(self, stay: Stay, now: datetime) -> Door:
        return self.plain(
            **_stay_facts(stay),
            offered=stay.state == StayState.OFFERED,
            saved_until=stay.saved_until,
            confirmed=stay.confirmed_at is not None,
            coming=stay.coming,
            companions=tuple((companion.kind, companion.number) for companion in stay.companions),
            call_before=call_from(stay, self.found.ask_minutes[stay.id], now),
        )

    def readying(self, saved: Stay | None) -> Door:
        """A door got ready says whom it is for, where it is somebody's already; it has no stay to act on yet."""
        comes = saved if saved is not None and saved.state == StayState.HELD else None
        return self.plain(
            ready_since=self.bed.getting_ready_since,
            awaited=comes is not None,
            awaited_name=comes.guest.name if comes and comes.guest else None,
            awaited_until=comes.saved_until if comes else None,
        )

    def closed(self, claim: BedNight) -> Door:
        closure = self.found.closures.get(claim.claim_id)
        return self.plain(
            until=closure.until if closure else None,
            closure_id=closure.id if closure else None,
            closure_version=closure.version if closure else None,
            reason=closure.reason if closure else "",
        )

    def free(self, claims: Sequence[BedNight]) -> Door:
        later = next((claim for claim in claims if claim.night > self.found.tonight), None)
        return self.plain(until=later.night if later else None, until_is=later.kind if later else "")


def _stay_facts(stay: Stay) -> dict[str, object]:
    guest = stay.guest
    return {
        "stay_id": stay.id,
        "stay_version": stay.version,
        "guest_label": guest.name if guest else None,
        "pronouns": guest.pronouns if guest else None,
        "nameless": guest is None and stay.state != StayState.OFFERED,
        "until": stay.until,
    }


def call_from(stay: Stay, minutes_before: int, now: datetime) -> datetime | None:
    """When a saved bed runs out, once it is time to call the person and nobody has said they did."""
    if stay.saved_until is None or stay.call_made_at is not None or stay.state != StayState.HELD:
        return None
    asks_at = stay.saved_until - timedelta(minutes=minutes_before)
    return stay.saved_until if asks_at <= now < stay.saved_until else None


def wall_choice(guest: Guest | None, most: str) -> tuple[str | None, str | None]:
    """The word and the picture that the wall shows: exactly what the guest chose, where the house allows it.

    A choice that goes beyond what the house allows shows nothing; a lesser thing is not what they chose.
    """
    if guest is None or WALL_ORDER.index(WallChoice(guest.wall_choice)) > WALL_ORDER.index(WallChoice(most)):
        return None, None
    if guest.wall_choice == WallChoice.PICTURE:
        return None, guest.picture
    name = guest.name
    if guest.wall_choice == WallChoice.NAME:
        return name, None
    if guest.wall_choice == WallChoice.INITIAL and name:
        return f"{name.strip()[:1].upper()}.", None
    return None, None
