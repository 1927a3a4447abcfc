"""Another door, another's door, or more nights."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import locked_row, role_now
from respite.accounts.roles import May, Role
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import NotFound, Refusal, StaleVersion
from respite.core.times import day_and_month
from respite.guests import events
from respite.guests.errors import (
    AlreadyHere,
    ExtensionsUsedUp,
    NightsUsedUp,
    NotYoursToGrant,
    SomebodyBehindTheDoor,
    StayTooLong,
    TooManyNightsAtOnce,
)
from respite.guests.models import Stay
from respite.guests.policy.apart import What
from respite.guests.policy.extension import ExtensionAnswer, ExtensionAsk, ExtensionRule, ExtensionStop, may_extend
from respite.guests.policy.return_rule import NightsUsed
from respite.guests.policy.stay_states import StayAct, StayState
from respite.guests.service.apart_who import Comes
from respite.guests.service.arriving import set_census
from respite.guests.service.ground import Ground, door, ground, locked_bed, must_fit, nights_used, occupant_of
from respite.guests.service.undo import undoing
from respite.guests.service.yes_first import must_have_a_yes
from respite.houses.errors import BedTaken
from respite.houses.models import Bed, ClaimKind, HouseRules
from respite.houses.policy.house_time import nights_between
from respite.houses.service.claims import claim, nights_of_claim, release, taken

_AT_LEAST = {
    "peer": {Role.PEER, Role.SUPERVISOR, Role.COORDINATOR, Role.DIRECTOR},
    "supervisor": {Role.SUPERVISOR, Role.COORDINATOR, Role.DIRECTOR},
    "coordinator": {Role.COORDINATOR, Role.DIRECTOR},
    "director": {Role.DIRECTOR},
}


def move(
    actor: Actor, stay_id: uuid.UUID, bed_id: uuid.UUID, *, version_seen: int | None = None, now: datetime
) -> Stay:
    """Another door from tonight on, for somebody here or saved for. Raises BedTaken, SomebodyBehindTheDoor."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        must_fit(stay, StayAct.MOVE, now)
        here = ground(session, stay.house_id, at=None, now=now)
        bed = locked_bed(session, stay.house_id, bed_id)
        old = session.get(Bed, stay.bed_id) if stay.bed_id else None
        if old is not None and old.id == bed.id:
            raise BedTaken
        if _needs_it_now(stay, here) and occupant_of(session, bed.id) is not None:
            raise SomebodyBehindTheDoor
        with undoing(session, actor, stay.house_id, events.STAY_MOVED, stay, bed, old) as undo:
            undo.parts = (*door(bed.id, stay.bed_id), "notices")
            release(session, stay.id, from_night=here.tonight)
            claim(session, bed, nights_from_tonight(stay, here), _kind(stay), stay.id)
            stay.bed_id = bed.id
            if stay.state == StayState.HERE:
                stay.occupies_bed_id = bed.id
                bed.getting_ready_since = None
                if old is not None:
                    old.getting_ready_since = now
        record(
            session,
            stay.house_id,
            events.STAY_MOVED,
            subject=stay.id,
            actor=actor,
            at=now,
            parts=(*door(bed.id, old.id if old else None), "notices"),
            from_bed_id=old.id if old else None,
            to_bed_id=bed.id,
        )
    return stay


def swap(
    actor: Actor,
    stay_id: uuid.UUID,
    other_id: uuid.UUID,
    *,
    version_seen: int | None = None,
    other_version_seen: int | None = None,
    now: datetime,
) -> tuple[Stay, Stay]:
    """Two guests change doors in one act, from tonight on. Raises BedTaken where a third is in the way."""
    with transaction() as session:
        one = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        two = session.get(Stay, other_id, populate_existing=True)
        if two is None or two.house_id != one.house_id or two.id == one.id:
            raise NotFound
        if other_version_seen is not None and other_version_seen != two.version:
            raise StaleVersion
        must_fit(one, StayAct.MOVE, now)
        must_fit(two, StayAct.MOVE, now)
        here = ground(session, one.house_id, at=None, now=now)
        beds = [session.get(Bed, stay.bed_id) if stay.bed_id else None for stay in (one, two)]
        if beds[0] is None or beds[1] is None or beds[0].id == beds[1].id:
            raise BedTaken
        parts = (*door(one.bed_id, two.bed_id), "notices")
        with undoing(session, actor, one.house_id, events.STAYS_SWAPPED, one, two, *beds) as undo:
            undo.parts = parts
            _change_doors(session, here, (one, beds[1]), (two, beds[0]))
        record(
            session,
            one.house_id,
            events.STAYS_SWAPPED,
            subject=one.id,
            actor=actor,
            at=now,
            parts=parts,
            with_stay_id=two.id,
        )
    return one, two


def _change_doors(session: Session, here: Ground, *pairs: tuple[Stay, Bed]) -> None:
    for stay, _bed in pairs:
        release(session, stay.id, from_night=here.tonight)
        stay.occupies_bed_id = None
    session.flush()
    for stay, bed in pairs:
        other = occupant_of(session, bed.id)
        if other is not None and _needs_it_now(stay, here):
            raise SomebodyBehindTheDoor
        claim(session, bed, nights_from_tonight(stay, here), _kind(stay), stay.id)
        stay.bed_id = bed.id
        if stay.state == StayState.HERE:
            stay.occupies_bed_id = bed.id
            bed.getting_ready_since = None
        session.flush()


def nights_from_tonight(stay: Stay, here: Ground) -> list[date]:
    """The nights a stay still needs; somebody in the house needs at least tonight."""
    first = max(stay.first_night, here.tonight)
    nights = list(nights_between(first, max(first, stay.until)))
    return nights or ([here.tonight] if stay.state == StayState.HERE else [])


def _needs_it_now(stay: Stay, here: Ground) -> bool:
    return stay.state == StayState.HERE or stay.first_night <= here.tonight


def _kind(stay: Stay) -> ClaimKind:
    return ClaimKind.STAY if stay.state == StayState.HERE else ClaimKind.HELD


def extend(actor: Actor, stay_id: uuid.UUID, nights: int, *, version_seen: int | None = None, now: datetime) -> Stay:
    """More nights, as the house's extension rule has it. Raises the rule in the way, with what is possible instead."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        must_fit(stay, StayAct.EXTEND, now)
        if not 1 <= nights <= 366:
            raise TooManyNightsAtOnce
        here = ground(session, stay.house_id, at=None, now=now)
        _must_be_allowed(_answer(session, actor, stay, nights, here))
        leaves = max(stay.until, here.tonight) + timedelta(days=nights)
        must_have_a_yes(session, actor, here, Comes(What.BED, stay.guest, max(stay.until, here.tonight), leaves))
        with undoing(session, actor, stay.house_id, events.STAY_EXTENDED, stay) as undo:
            undo.parts = door(stay.bed_id)
            first = max(stay.until, here.tonight)
            until = max(stay.until, here.tonight) + timedelta(days=nights)
            if stay.bed_id is not None:
                bed = session.get_one(Bed, stay.bed_id)
                own = taken_by(session, stay, first, until)
                claim(session, bed, set(nights_between(first, until)) - own, _kind(stay), stay.id)
            stay.until = until
            stay.extensions += 1
            if stay.state == StayState.HERE:
                set_census(session, here.house, here.rules, stay)
        record(
            session,
            stay.house_id,
            events.STAY_EXTENDED,
            subject=stay.id,
            actor=actor,
            at=now,
            parts=door(stay.bed_id),
            nights=nights,
            until=stay.until,
            rules=here.rules.number,
        )
    return stay


def taken_by(session: Session, stay: Stay, first: date, until: date) -> set[date]:
    """Nights that the stay claims already (an overstayer's census nights)."""
    return {night for night in nights_of_claim(session, stay.id) if first <= night < until}


def _answer(session: Session, actor: Actor, stay: Stay, nights: int, here: Ground) -> ExtensionAnswer:
    leaving = max(stay.until, here.tonight)
    wanted = nights_between(leaving, leaving + timedelta(days=nights))
    used = (
        nights_used(session, stay.guest_id, without=stay.id, leaving=leaving)
        if stay.guest_id is not None
        else NightsUsed(this_stay=frozenset(nights_between(stay.first_night, leaving)))
    )
    others = (
        set()
        if stay.bed_id is None
        else taken(session, stay.bed_id, wanted) - taken_by(session, stay, wanted[0], wanted[-1] + timedelta(days=1))
    )
    ask = ExtensionAsk(leaving, nights, stay.extensions, frozenset(_roles(session, actor, stay.house_id)))
    return may_extend(ask, extension_rule(here.rules), here.nights_rule, used, others)


def extension_rule(rules: HouseRules) -> ExtensionRule:
    granted_by = frozenset(str(role) for role in _AT_LEAST[rules.extension_by])
    return ExtensionRule(rules.extensions_most, rules.extension_nights, granted_by)


def _roles(session: Session, actor: Actor, house_id: uuid.UUID) -> set[str]:
    if actor.kind in (ActorKind.CLOCK, ActorKind.COMMAND):
        return {Role.DIRECTOR}
    role = role_now(session, actor, house_id)
    return {str(role)} if role else set()


def _must_be_allowed(answer: ExtensionAnswer) -> None:
    if answer.allowed:
        return
    refusal: type[Refusal] = {
        ExtensionStop.NOT_THEIRS_TO_GRANT: NotYoursToGrant,
        ExtensionStop.TIMES_USED_UP: ExtensionsUsedUp,
        ExtensionStop.TOO_MANY_AT_ONCE: TooManyNightsAtOnce,
        ExtensionStop.LONGEST_STAY: StayTooLong,
        ExtensionStop.RETURN_RULE: NightsUsedUp,
        ExtensionStop.OWN_OTHER_STAY: AlreadyHere,
        ExtensionStop.BED_TAKEN: BedTaken,
    }[answer.stops[0]]
    if answer.possible_in_this_bed < 1:
        raise refusal(_nothing_possible(answer) if refusal is NightsUsedUp else None)
    raise refusal(_possible(answer), possible=answer.possible_in_this_bed)


def _nothing_possible(answer: ExtensionAnswer) -> str:
    return ngettext(
        "The house's nights rule leaves no further night from %(day)s.",
        "The house's nights rule leaves no further nights from %(day)s.",
        answer.nights_asked,
        day=day_and_month(answer.leaving_day),
    )


def _possible(answer: ExtensionAnswer) -> str:
    return ngettext(
        "The house's rules and this bed leave room for %(num)s more night, until %(day)s.",
        "The house's rules and this bed leave room for %(num)s more nights, until %(day)s.",
        answer.possible_in_this_bed,
        day=day_and_month(answer.leaves_then),
    )
