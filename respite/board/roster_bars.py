"""The roster drawn from what was found: values only, nothing is read here."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from respite.board.roster import (
    Bar,
    BarKind,
    DoorRow,
    Free,
    Roster,
    Run,
    Taken,
    WithoutDoor,
    free_counts,
    free_doors,
    nights_free_from,
    pieces,
    window,
)
from respite.board.roster_found import Claimed, Found, find
from respite.core.db import db, end_read
from respite.guests.models import Guest, Stay, WallChoice
from respite.guests.policy.calculator import for_guest
from respite.guests.policy.return_rule import NightsRule, NightsUsed, return_rule_of
from respite.guests.policy.stay_states import SAVED, StayState
from respite.guests.service.moving import extension_rule
from respite.houses.models import Bed, Closure, House
from respite.houses.policy.house_time import ONE_DAY, day_begins, night_turns, nights_between

MOST_MORE = 30  # nights that a bar's end can be drawn further at once


@dataclass(frozen=True, slots=True)
class Viewer:
    """As whom the roster is drawn: with or without names, and in which role more nights would be granted."""

    names: bool
    role: str | None


def roster_of(house: House, first: date | None, nights: int, viewer: Viewer, now: datetime) -> Roster:
    """The house's roster for `nights` nights from `first`, or from tonight. Ends the read transaction."""
    try:
        return draw(find(db.session(), house, first, nights, now), nights, viewer, now)
    finally:
        end_read()


def draw(found: Found, count: int, viewer: Viewer, now: datetime) -> Roster:
    nights, rules = window(found.first, count), found.rules
    drawing = _Drawing(found, nights, viewer)
    rule = NightsRule(return_rule_of(rules.return_kind, rules.return_nights, rules.return_days), rules.longest_stay)
    taken = {bed_id: set(nights) for bed_id, nights in found.taken.items()}
    return Roster(
        house_id=found.house.id,
        slug=found.house.slug,
        zone=found.house.timezone,
        version=found.version,
        as_of=now,
        next_change_at=min(_changes(found, now)),
        today=found.today,
        tonight=found.tonight,
        nights=nights,
        rows=tuple(drawing.door(bed) for bed in found.beds),
        without_door=tuple(drawing.without_door()),
        free=free_counts(nights, [found.taken[bed.id] for bed in found.beds]),
        someone_new=for_guest(found.tonight, NightsUsed(), rule, taken),
    )


def _changes(found: Found, now: datetime) -> Iterator[datetime]:
    """Instants ahead at which something shown changes by itself: a night or a day turns, a saved bed runs out."""
    zone = found.house.timezone
    yield night_turns(found.tonight, zone, found.rules.night_turns_at)
    yield day_begins(found.today + ONE_DAY, zone)
    for stay in found.stays.values():
        if stay.state in SAVED and stay.saved_until is not None and stay.saved_until > now:
            yield stay.saved_until


class _Drawing:
    """What was found, on its way to rows."""

    def __init__(self, found: Found, nights: Sequence[date], viewer: Viewer) -> None:
        self._found, self._nights, self._viewer = found, nights, viewer
        self._doors = [found.taken[bed.id] for bed in found.beds]
        self._extending = extension_rule(found.rules)
        self._behind = {stay.occupies_bed_id: stay for stay in found.stays.values() if stay.occupies_bed_id}

    def door(self, bed: Bed) -> DoorRow:
        row = DoorRow(
            id=bed.id,
            name=bed.name,
            getting_ready=bed.getting_ready_since is not None,
            pieces=self._pieces(self._found.taken[bed.id], bed.id),
        )
        stay = self._behind.get(bed.id)
        if stay is None or stay.until > self._found.today:
            return row
        return replace(row, leaving=stay.until, leaver=self._name(stay.guest))

    def without_door(self) -> Iterator[WithoutDoor]:
        for stay in self._found.stays.values():
            if stay.state == StayState.HELD and stay.bed_id is None:
                own = dict.fromkeys(nights_between(stay.first_night, stay.until), Claimed(stay.id, False))
                yield WithoutDoor(
                    stay_id=stay.id,
                    name=self._name(stay.guest),
                    first=stay.first_night,
                    last=stay.until - ONE_DAY,
                    pieces=self._pieces(own, None),
                )

    def _pieces(self, taken: Taken[Claimed], bed_id: uuid.UUID | None) -> tuple[Bar | Free, ...]:
        return tuple(
            piece if isinstance(piece, Free) else self._bar(piece, taken, bed_id)
            for piece in pieces(self._nights, taken)
        )

    def _bar(self, run: Run[Claimed], taken: Taken[Claimed], bed_id: uuid.UUID | None) -> Bar:
        claim_id = run.claim.claim_id
        first, last = self._nights[run.column], self._nights[run.column + run.span - 1]
        before, after = taken.get(first - ONE_DAY), taken.get(last + ONE_DAY)
        bar = Bar(
            kind=BarKind.CLOSED,
            claim_id=claim_id,
            column=run.column,
            span=run.span,
            first=first,
            last=last,
            began_before=before is not None and before.claim_id == claim_id,
            goes_on=after is not None and after.claim_id == claim_id,
            past_leaving=run.claim.past_leaving,
        )
        stay = self._found.stays.get(claim_id)
        if stay is not None:
            return self._of_stay(_whole(bar, run.claim, taken, stay), stay, bed_id)
        closure = self._found.closures[claim_id]
        standing = closure.opened_at is None and closure.until > self._found.tonight
        bar = _whole(bar, run.claim, taken, closure)
        return replace(bar, version=closure.version, reason=closure.reason, standing=standing)

    def _of_stay(self, bar: Bar, stay: Stay, bed_id: uuid.UUID | None) -> Bar:
        guest = stay.guest if self._viewer.names else None
        bar = replace(
            bar,
            kind=_kind(stay, bed_id),
            version=stay.version,
            name=self._name(stay.guest),
            picture=guest.picture if guest is not None and guest.wall_choice == WallChoice.PICTURE else None,
            nameless=self._viewer.names and guest is None and stay.state != StayState.OFFERED,
        )
        if bar.kind == BarKind.WAS:
            return bar
        if stay.state == StayState.OFFERED:  # nobody's yet: what can be done stands with who is asked
            return replace(bar, saved_until=stay.saved_until)
        return replace(
            bar,
            standing=True,
            saved_until=stay.saved_until if bar.kind == BarKind.SAVED else None,
            moves_to=self._moves_to(stay),
            more_nights=self._more_nights(stay, bed_id) if bed_id is not None else 0,
            ends_here=not bar.goes_on and bar.last >= stay.until - ONE_DAY,
        )

    def _name(self, guest: Guest | None) -> str | None:
        return guest.name if guest is not None and self._viewer.names else None

    def _moves_to(self, stay: Stay) -> tuple[int, ...]:
        first = max(stay.first_night, self._found.tonight)
        # Somebody in the house needs at least tonight, past their leaving day too.
        free = free_doors(nights_between(first, max(first, stay.until)) or (first,), self._doors)
        return tuple(place for place in sorted(free) if self._found.beds[place].id != stay.bed_id)

    def _more_nights(self, stay: Stay, bed_id: uuid.UUID) -> int:
        rules = self._found.rules
        if self._viewer.role not in self._extending.granted_by or stay.extensions >= rules.extensions_most:
            return 0
        taken = self._found.taken[bed_id]
        most = min(MOST_MORE, rules.extension_nights, rules.longest_stay - (stay.until - stay.first_night).days)
        return nights_free_from(
            max(stay.until, self._found.tonight),
            lambda night: night in taken and taken[night].claim_id != stay.id,
            max(0, most),
        )


def _whole(bar: Bar, claim: Claimed, taken: Taken[Claimed], agreed: Stay | Closure) -> Bar:
    """The bar with its first and last night outside the window, too.

    Nights before the window are not all read: past its edge, what was agreed says where the bar lies.
    """
    first, last = bar.first, bar.last
    while taken.get(first - ONE_DAY) == claim:
        first -= ONE_DAY
    while taken.get(last + ONE_DAY) == claim:
        last += ONE_DAY
    if first < bar.first:
        first = min(first, agreed.first_night)
    if last > bar.last and not claim.past_leaving:
        last = max(last, agreed.until - ONE_DAY)
    return replace(bar, first=first, last=last)


def _kind(stay: Stay, bed_id: uuid.UUID | None) -> BarKind:
    if stay.state in SAVED:
        return BarKind.SAVED
    return BarKind.HERE if stay.occupies_bed_id == bed_id else BarKind.WAS
