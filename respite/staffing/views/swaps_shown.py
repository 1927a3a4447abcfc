"""Questions between peers as pages show them: whom to ask, what stands, and how it ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import houses_of
from respite.staffing.models import Shift
from respite.staffing.policy.swaps import Ended
from respite.staffing.queries.shifts import people_for_shifts
from respite.staffing.queries.swaps import (
    Swap,
    ended_lately,
    said_no,
    shifts_to_swap,
    standing_of_house,
    standing_of_person,
)
from respite.staffing.roster.reasons import Reason, Rule
from respite.staffing.service.swap_rules import Against, hands_of, speaks_against
from respite.staffing.service.swaps import is_looked_at
from respite.staffing.views.offers_shown import shift_words
from respite.staffing.views.reason_words import Wording


@dataclass(frozen=True, slots=True)
class Choice:
    """A colleague, or a shift of theirs, that can be asked for; or why not, in words."""

    id: uuid.UUID
    label: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Colleague:
    id: uuid.UUID
    name: str
    shifts: list[Choice]


@dataclass(frozen=True, slots=True)
class Standing:
    """A question that stands, as one of the two or whoever keeps the shifts reads it."""

    id: uuid.UUID
    shift_id: uuid.UUID
    house: str
    asker: str
    other: str
    shift: str
    other_shift: str | None
    mine: bool  # the reader asked it
    agreed: bool
    looked_at: bool  # by the house's rules somebody says yes to each
    reasons: list[str]
    until: datetime


# -- choosing whom to ask ---------------------------------------------------------------------------------------------


def colleagues_for(session: Session, house: House, shift: Shift, now: datetime) -> list[Choice]:
    """Everybody else who could have a shift of the house: first those whom it fits, each by name."""
    asked = said_no(session, shift)
    found = [
        Choice(person.id, person.name, _no(session, house, shift, None, person.id, now, asked))
        for person in people_for_shifts(session, house.id)
        if person.id != shift.person_id
    ]
    return sorted(found, key=lambda each: bool(each.reasons))


def shifts_of_colleague(
    session: Session, house: House, shift: Shift, person_id: uuid.UUID, now: datetime
) -> Colleague | None:
    """A colleague's coming shifts, in order, with what speaks against a swap on either side."""
    person = next((each for each in people_for_shifts(session, house.id) if each.id == person_id), None)
    if person is None or person.id == shift.person_id:
        return None
    asked = said_no(session, shift)
    choices = [
        Choice(each.id, shift_words(each, house), _no(session, house, shift, each, person.id, now, asked))
        for each in shifts_to_swap(session, house.id, person.id, now)
    ]
    return Colleague(person.id, person.name, choices)


def _no(
    session: Session,
    house: House,
    shift: Shift,
    other_shift: Shift | None,
    person_id: uuid.UUID,
    now: datetime,
    asked: set[tuple[uuid.UUID, uuid.UUID | None]],
) -> list[str]:
    assert shift.person_id is not None
    if (person_id, other_shift.id if other_shift else None) in asked:
        return [_("Can’t take this one.")]
    found = speaks_against(session, house, hands_of(shift, person_id, other_shift, shift.person_id), now)
    return against_words(session, house, found, reader=shift.person_id, named=other_shift is not None)


# -- questions that stand ---------------------------------------------------------------------------------------------


def swaps_of_me(session: Session, actor: Actor, now: datetime) -> list[Standing]:
    """What somebody asked and was asked, of all their houses; for `staffing/_swaps.html`."""
    houses = {house.id: house for house in houses_of(actor)}
    return [
        _standing(session, houses[swap.request.house_id], swap, now, reader=actor.id)
        for swap in standing_of_person(session, actor.id, now)
        if swap.request.house_id in houses
    ]


def news_of_me(session: Session, actor: Actor, now: datetime) -> list[str]:
    """How questions of somebody ended in these days, a sentence each."""
    houses = {house.id: house for house in houses_of(actor)}
    found = (each for each in ended_lately(session, actor.id, now) if each.request.house_id in houses)
    return [said for swap in found if (said := _news(swap, houses[swap.request.house_id], actor.id))]


def standing_in(session: Session, house: House, now: datetime) -> list[Standing]:
    """What stands in a house, for whoever keeps its shifts."""
    return [_standing(session, house, swap, now, reader=None) for swap in standing_of_house(session, house.id, now)]


def in_question(session: Session, house: House, actor: Actor, now: datetime) -> dict[str, Any]:
    """The signs of a week: shifts about which a question stands, as far as the reader is part of it or keeps the
    shifts, and for whoever keeps them how many wait for their word."""
    keeps = actor.may(May.KEEP_SHIFTS, house.id)
    requests = (each.request for each in standing_of_house(session, house.id, now))
    seen = [each for each in requests if keeps or actor.id in (each.asker_id, each.other_id)]
    return {
        "in_question": {one for each in seen for one in (each.shift_id, each.other_shift_id) if one is not None},
        "swaps_wait": sum(each.agreed_at is not None for each in seen) if keeps else 0,
    }


def _standing(session: Session, house: House, swap: Swap, now: datetime, *, reader: uuid.UUID | None) -> Standing:
    request = swap.request
    found: list[Against] = []
    if request.agreed_at is not None:
        hands = hands_of(swap.shift, request.other_id, swap.other_shift, request.asker_id)
        found = speaks_against(session, house, hands, now)
    return Standing(
        id=request.id,
        shift_id=request.shift_id,
        house=house.name,
        asker=swap.asker,
        other=swap.other,
        shift=shift_words(swap.shift, house),
        other_shift=shift_words(swap.other_shift, house) if swap.other_shift is not None else None,
        mine=request.asker_id == reader,
        agreed=request.agreed_at is not None,
        looked_at=is_looked_at(session, house, swap.shift),
        reasons=against_words(session, house, found, reader=reader),
        until=request.until,
    )


def _news(swap: Swap, house: House, reader: uuid.UUID) -> str:
    values = {"shift": shift_words(swap.shift, house), "asker": swap.asker, "other": swap.other}
    asked = swap.request.asker_id == reader
    match swap.request.ended_why:
        case Ended.DONE if swap.other_shift is not None:
            theirs = shift_words(swap.other_shift, house)
            if asked:
                return _("Swapped: %(theirs)s is yours, and %(other)s has %(shift)s.", theirs=theirs, **values)
            return _("Swapped: %(shift)s is yours, and %(asker)s has %(theirs)s.", theirs=theirs, **values)
        case Ended.DONE:
            return _("%(other)s has %(shift)s.", **values) if asked else _("%(shift)s is yours.", **values)
        case Ended.DECLINED:
            return _("%(other)s can’t take %(shift)s. It is still yours.", **values) if asked else ""
        case Ended.TAKEN_BACK:
            return "" if asked else _("%(asker)s took the question about %(shift)s back.", **values)
        case _:
            return _("The question about %(shift)s is over, and it changed nothing.", **values)


def against_words(
    session: Session, house: House, found: Iterable[Against], *, reader: uuid.UUID | None, named: bool = True
) -> list[str]:
    """Reasons as sentences. Of somebody else a peer reads that they cannot, and not what keeps them."""
    said: list[str] = []
    for each in found:
        words = Wording(session, house, local(each.shift.starts_at, house.timezone).date())
        reasons = each.reasons if reader in (None, each.taker) else map(_short, each.reasons)
        said += [words.reason(reason, named=named) for reason in reasons]
    return list(dict.fromkeys(each[:1].upper() + each[1:] for each in said))


def _short(reason: Reason) -> Reason:
    """Without what keeps somebody away: days off, nights, another house are theirs to tell."""
    return replace(reason, tag="week") if reason.rule == Rule.AWAY else reason
