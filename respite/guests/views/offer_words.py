"""What pages say of offers: how somebody is asked, what speaks against asking them now, and what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.core.phones import shown as phone_shown
from respite.guests.models import BedOffer, Waiting
from respite.guests.policy.offers import Fact, How, InLine, Said
from respite.guests.service.offer_ends import text_of
from respite.guests.views.wording import moment, until
from respite.houses.models import Bed, House
from respite.messaging.models import Message
from respite.messaging.policy.states import State


def how_words() -> list[tuple[str, str, str]]:
    return [
        (How.TEXT, _("By text"), _("Where they said yes to texts about a bed. They answer with one letter.")),
        (How.CALL, _("By telephone"), _("You call them, and say here what they said.")),
    ]


def said_words() -> list[tuple[str, str]]:
    return [
        ("", _("Nobody is passed over")),
        (Said.NOT_REACHED, _("We could not reach them")),
        (Said.DOES_NOT_FIT, _("They said that this bed does not fit them")),
    ]


def fact_words(fact: Fact, each: InLine, house: House, now: datetime) -> str:
    if fact == Fact.OTHER_HOURS:
        return _("can answer from %(at)s on", at=moment(each.can_answer_at, house, now))
    if fact == Fact.RULE_SAYS_NO:
        return _("rule %(number)s says no", number=each.rule_says_no)
    return {
        Fact.ASKED_NOW: _("is being asked about another bed"),
        Fact.NOT_NOW: _("said not now"),
        Fact.NO_ANSWER: _("did not answer in time"),
        Fact.NO_NUMBER: _("left no number"),
        Fact.WILL_CALL: _("rather calls us"),
        Fact.NO_NIGHTS: _("has no nights open here now"),
    }[fact]


def unasked_words(each: InLine) -> str | None:
    many = each.rules_not_asked
    return ngettext("%(num)s rule not asked", "%(num)s rules not asked", many) if many else None


def asked_now(session: Session, house: House, now: datetime) -> list[dict[str, Any]]:
    """Everybody who is being asked, as the page of the list shows them."""
    rows = session.execute(
        sa.select(BedOffer, Waiting, Bed)
        .join(Waiting, Waiting.id == BedOffer.waiting_id)
        .join(Bed, Bed.id == BedOffer.bed_id)
        .where(BedOffer.house_id == house.id, BedOffer.ended_at.is_(None), BedOffer.runs_out_at > now)
        .order_by(BedOffer.made_at)
    ).all()
    texts = sa.select(Message.dedupe_key, Message.state).where(
        Message.dedupe_key.in_([text_of(offer) for offer, _waiting, _bed in rows])
    )
    states = {row.dedupe_key: row.state for row in session.execute(texts)}
    return [_asked(offer, waiting, bed, states.get(text_of(offer)), house, now) for offer, waiting, bed in rows]


def _asked(
    offer: BedOffer, waiting: Waiting, bed: Bed, state: str | None, house: House, now: datetime
) -> dict[str, Any]:
    by_text = offer.how == How.TEXT
    number = waiting.guest.phone if waiting.guest is not None else None
    at = moment(offer.made_at, house, now)
    return {
        "id": offer.id,
        "version": offer.version,
        "name": waiting.name,
        "door": bed.name,
        "asked": _("Asked by text at %(at)s.", at=at) if by_text else _("To be called since %(at)s.", at=at),
        "text": _text_words(state) if by_text else None,
        "until": _("They can answer %(until)s.", until=until(offer.runs_out_at, house, now)),
        "then": _("Without a yes, the next in line is asked by itself.")
        if offer.goes_on
        else _("Without a yes, the bed is free again, and nobody is asked by itself."),
        "phone": phone_shown(number) if number else None,
        "number": number,
        "calls": not by_text,
    }


def _text_words(state: str | None) -> str | None:
    match state:
        case State.DELIVERED:
            return _("The text has arrived.")
        case State.SCHEDULED:
            return _("The text leaves in their hours.")
        case State.UNDELIVERED | State.FAILED | State.SUPPRESSED | State.EXPIRED | State.CANCELED | State.NEEDS_HUMAN:
            return _("The text could not be sent. Please call them.")
    return None
