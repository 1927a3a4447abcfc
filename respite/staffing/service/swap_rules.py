"""What speaks against shifts changing hands between two people: the judge of rules both ways, and the shifts' needs.

The judge asks about one person. That a shift would be left without anybody who holds what it needs, once one of those
on it is another, is asked here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.staffing.models import Shift
from respite.staffing.queries.places import Place, place_of
from respite.staffing.queries.tags import held_by, holds
from respite.staffing.roster.reasons import Reason, Rule
from respite.staffing.service.fitting import against
from respite.staffing.service.overruling import rules_of


@dataclass(frozen=True, slots=True)
class Hand:
    """A shift goes to somebody, who gives the ones in `gives` away by the same act."""

    shift: Shift
    taker: uuid.UUID
    gives: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against one shift going to one person; days of the reasons count from the shift's own."""

    shift: Shift
    taker: uuid.UUID
    reasons: tuple[Reason, ...]


def hands_of(shift: Shift, other_id: uuid.UUID, other_shift: Shift | None, asker_id: uuid.UUID) -> list[Hand]:
    """Giving a shift away is one hand, a swap two."""
    if other_shift is None:
        return [Hand(shift, other_id)]
    return [Hand(shift, other_id, (other_shift.id,)), Hand(other_shift, asker_id, (shift.id,))]


def speaks_against(session: Session, house: House, hands: Sequence[Hand], now: datetime) -> list[Against]:
    """What speaks against all of the hands together; none: nothing does."""
    after = {hand.shift.id: hand.taker for hand in hands}
    found = []
    for hand in hands:
        reasons = against(session, house, hand.taker, hand.shift.id, now, instead_of=hand.gives)
        reasons += _left_without(session, house, hand.shift, after)
        if reasons:
            found.append(Against(hand.shift, hand.taker, tuple(reasons)))
    return found


def rules_in(found: Iterable[Against]) -> list[str]:
    """The names of the rules, each once."""
    return rules_of([reason for each in found for reason in each.reasons])


def _left_without(session: Session, house: House, shift: Shift, after: dict[uuid.UUID, uuid.UUID]) -> list[Reason]:
    """Needs of a shift that fewer than its least would meet, and fewer than now."""
    place = place_of(session, house, shift.id, drafts=False)
    if place is None or not place.needs:
        return []
    on = _on(session, house, place)
    now_on, then_on = set(on.values()), {after.get(each, person) for each, person in on.items()}
    held = held_by(session, house.id, now_on | then_on)
    reasons = []
    for tag, least in place.needs:
        have, stay = (sum(holds(held, each, tag, place.day) for each in people) for people in (now_on, then_on))
        if stay < least and stay < have:
            reasons.append(Reason(Rule.LEFT_WITHOUT, "", 0, place.group, tag=tag, have=stay, limit=least))
    return reasons


def _on(session: Session, house: House, place: Place) -> dict[uuid.UUID, uuid.UUID]:
    """Who has the shifts of its kind that stand from its begin to its end, by shift."""
    found = session.execute(
        sa.select(Shift.id, Shift.person_id).where(
            Shift.house_id == house.id,
            Shift.kind == place.kind,
            Shift.published_at.is_not(None),
            Shift.person_id.is_not(None),
            Shift.starts_at <= place.starts_at,
            Shift.ends_at >= place.ends_at,
        )
    )
    return {shift_id: person_id for shift_id, person_id in found if person_id is not None}
