"""What somebody who waits for a bed reads and does on their own page. Nobody else can be told from it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.core.clock import house_now
from respite.core.errors import Refusal
from respite.core.forms import Form, Unusable, as_uuid
from respite.core.limits import limiter
from respite.core.phones import shown as phone_shown
from respite.core.times import moment_words
from respite.guest_page.access import for_page
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import while_open
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint
from respite.guests.errors import CoordinatorFirst, NoNumber
from respite.guests.models import BedOffer, TellIf, Waiting
from respite.guests.policy.bed_fit import noes
from respite.guests.service import waiting_own
from respite.guests.service.bed_fit import judged_of
from respite.guests.service.bed_fit_words import to_read
from respite.guests.service.callbacks import open_callbacks
from respite.guests.service.ground import Ground
from respite.guests.service.offer_ends import open_offers
from respite.guests.service.waiting import place_of
from respite.guests.views.wording import until
from respite.houses.elsewhere import places_of
from respite.houses.policy.elsewhere import PlaceKind
from respite.promises.policy import Way

TAPS = "60 per minute"


def waits(session: Session, guest_id: uuid.UUID, here: Ground) -> dict[str, Any] | None:
    """What the page says to who waits; none for whoever does not."""
    row = place_of(session, guest_id)
    house, now = here.house, here.at
    if row is None:
        lately = waiting_own.lately_off(session, guest_id, now)
        return {"off": True} if lately is not None else None
    calls = [each for each in open_callbacks(session, house.id, [row.id]) if each.way != Way.THEIRS]
    call = calls[0].due_at if calls else None
    # Their nights stand on the page already.
    against = [each for each in noes(judged_of(session, here, [guest_id])[guest_id]) if each.rule is not None]
    places = places_of(session, house.id)
    return {
        "off": False,
        "since": moment_words(row.since, house.timezone, now),
        "before": _before(session, row) if here.rules.tells_place else None,
        "offers": [
            {"id": offer.id, "until": until(offer.runs_out_at, house, now)}
            for offer in open_offers(session, BedOffer.waiting_id == row.id, BedOffer.runs_out_at > now)
        ],
        "call": moment_words(call, house.timezone, now) if call is not None else None,
        "may_call": row.guest is not None and row.guest.phone is not None,
        "phone": phone_shown(house.phone) if house.phone else None,
        "chairs": house.has_chairs,
        "living_rooms": [each for each in places if each.kind == PlaceKind.CHAIR],
        "houses": [each for each in places if each.kind == PlaceKind.HOUSE],
        "support": [each for each in places if each.kind == PlaceKind.SUPPORT] if against else [],
        "against": [to_read(each) for each in against],
        "tell_if": [(str(each), words, each in row.tell_if) for each, words in _tell_if()],
    }


def _before(session: Session, row: Waiting) -> str:
    many = session.scalar(
        sa.select(sa.func.count()).where(
            Waiting.house_id == row.house_id,
            Waiting.ended_at.is_(None),
            sa.or_(Waiting.since < row.since, sa.and_(Waiting.since == row.since, Waiting.id < row.id)),
        )
    )
    if not many:
        return _("Nobody who is on the list asked before you.")
    return ngettext("%(num)s person asked before you.", "%(num)s people asked before you.", many)


def _tell_if() -> list[tuple[TellIf, str]]:
    return [
        (TellIf.ANY_BED, _("a bed is free for fewer nights than I asked for")),
        (TellIf.SAME_DAY, _("a bed is free at short notice: I can come that day")),
    ]


@blueprint.post("/g/<token>/waiting")
@for_page()
@limiter.limit(TAPS)
def wait_act(page: Page) -> ResponseReturnValue:
    """One tap of somebody who waits."""
    what, home = request.form.get("what", ""), url_for("guest_page.show", token=page.token)
    try:
        return tapped(page, lambda: _tapped(page, what, house_now()), home)
    except CoordinatorFirst:
        # A coordinator is asked by now. Whoever said yes is not told of it: it could say that somebody is in the way.
        return tapped(page, lambda: _yes_heard(page, house_now()), home)


def _tapped(page: Page, what: str, now: datetime) -> str:
    with while_open(page.actor, now):
        return _do(page, what, now)


def _do(page: Page, what: str, now: datetime) -> str:
    match what:
        case "talk":
            promise = waiting_own.ask_for_talk(page.actor, page.guest_id, now=now)
            return _("We will call you.") if promise is not None else _("A call is planned already.")
        case "tell-if":
            form = Form(request.form)
            chosen = form.choices("tell_if", TellIf)
            form.done()
            waiting_own.say_tell_if(page.actor, page.guest_id, chosen, now=now)
            return _("Noted. You keep your place.")
        case "yes" | "not-now":
            waiting_own.answer_offer(page.actor, page.guest_id, _offer(), what == "yes", now=now)
            return _("The bed is saved for you.") if what == "yes" else _("All right. You keep your place.")
        case "off":
            waiting_own.take_me_off(page.actor, page.guest_id, now=now)
            return _("You are off the list.")
        case "back":
            waiting_own.put_me_back(page.actor, page.guest_id, now=now)
            return _("You are on the list again, with the place you had.")
    raise NoSuchTap


def _yes_heard(page: Page, now: datetime) -> str:
    try:
        with while_open(page.actor, now):
            waiting_own.ask_for_talk(page.actor, page.guest_id, now=now)
    except NoNumber:
        return _("We have your yes. Please call us.")
    return _("We have your yes. One of us will call you.")


class NoSuchTap(Refusal):
    """Only what the page shows can be tapped."""

    status = 404


def _offer() -> uuid.UUID:
    try:
        return as_uuid(request.form.get("offer", ""))
    except Unusable:
        return uuid.UUID(int=0)
