"""The house's nights rule, asked before nights are claimed, and answered with what is possible instead."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.core.times import day_and_month
from respite.guests.errors import AlreadyHere, NightsUsedUp, StayTooLong
from respite.guests.models import Guest, Stay
from respite.guests.policy.return_rule import NightsLimit, NightsUsed, nights_allowed, nights_answer, what_limits
from respite.guests.policy.stay_states import StayState
from respite.guests.service.ground import Ground, nights_used


def must_have_nights(
    session: Session, guest: Guest | None, first: date, nights: int, here: Ground, *, is_new: bool = False
) -> None:
    """The house's nights rule. Raises NightsUsedUp, StayTooLong or AlreadyHere with what is possible.

    Somebody new to the house has no nights behind them, and is not asked for.
    """
    if guest is None:
        if here.rules.longest_stay < nights:
            raise StayTooLong(_too_long(here.rules.longest_stay))
        return
    if not is_new and any_here(session, guest.id):
        raise AlreadyHere
    used = NightsUsed() if is_new else nights_used(session, guest.id)
    match what_limits(first, max(nights, 1), used, here.nights_rule):
        case NightsLimit.OWN_OTHER_STAY:
            raise AlreadyHere
        case NightsLimit.LONGEST_STAY:
            raise StayTooLong(_too_long(here.rules.longest_stay))
        case NightsLimit.RETURN_RULE:
            answer = nights_answer(first, used, here.nights_rule)
            raise NightsUsedUp(
                nights_sentence(answer.nights_open, first, answer.opens_on, answer.full_stay_opens_on),
                nights_open=answer.nights_open,
                opens_on=answer.opens_on,
                full_stay_opens_on=answer.full_stay_opens_on,
            )


def nights_open_for(session: Session, stay: Stay, here: Ground) -> int:
    """Of the nights from tonight to the stay's leaving day, those the rules leave. Raises NightsUsedUp for none."""
    used = NightsUsed()
    if stay.guest_id is not None:
        # This stay's own nights are what is asked about, not nights had before.
        used = replace(nights_used(session, stay.guest_id, without=stay.id), this_stay=frozenset())
    allowed = nights_allowed(here.tonight, (stay.until - here.tonight).days, used, here.nights_rule)
    if allowed < 1:
        answer = nights_answer(here.tonight, used, here.nights_rule)
        raise NightsUsedUp(nights_sentence(0, here.tonight, answer.opens_on, answer.full_stay_opens_on))
    return allowed


def any_here(session: Session, guest_id: uuid.UUID) -> bool:
    return session.scalar(sa.select(Stay.id).where(Stay.guest_id == guest_id, Stay.state == StayState.HERE)) is not None


def nights_sentence(nights_open: int, first: date, opens_on: date, full_on: date) -> str:
    """ "Three nights are open from Friday, a full stay from 6 February." """
    full = day_and_month(full_on)
    if nights_open == 0:
        return _(
            "Under the house's nights rule the next night is open from %(day)s, and a full stay from %(full)s.",
            day=day_and_month(opens_on),
            full=full,
        )
    return ngettext(
        "Under the house's nights rule %(num)s night is open from %(day)s, and a full stay from %(full)s.",
        "Under the house's nights rule %(num)s nights are open from %(day)s, and a full stay from %(full)s.",
        nights_open,
        day=day_and_month(first),
        full=full,
    )


def _too_long(longest: int) -> str:
    return ngettext(
        "The longest stay in this house is %(num)s night.", "The longest stay in this house is %(num)s nights.", longest
    )
