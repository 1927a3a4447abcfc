"""Open shifts: what is on offer to whom, taking one with a tap, "I can't come", and phoning round.

Questions between peers about their shifts stand on the same page, for whoever keeps the shifts.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.audit.queries import versions
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.web import own_page
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.messaging.views.live import lived, parts_of
from respite.staffing.models import Shift, ShiftOffer
from respite.staffing.service import cannot_come as leaving
from respite.staffing.service import offers as service
from respite.staffing.service import phoning
from respite.staffing.service.offers import Took
from respite.staffing.service.overruling import LONGEST_WHY
from respite.staffing.views import blueprint
from respite.staffing.views.offers_shown import look_again, opened, shift_words
from respite.staffing.views.swaps_shown import standing_in

PARTS = {"offers": "staffing/_open_list.html", "swaps": "staffing/_swaps_standing.html"}


@blueprint.get("/houses/<slug>/shifts/open", endpoint="open_shifts")
@for_house(May.SEE_SHIFTS)
def open_list(house: House) -> ResponseReturnValue:
    return draw_open_shifts(house)


@blueprint.get("/houses/<slug>/shifts/open/parts", endpoint="open_shifts_parts")
@for_house(May.SEE_SHIFTS)
def open_parts(house: House) -> ResponseReturnValue:
    version = versions(house.id)[0]
    values, again = _values(house)
    return parts_of(PARTS, values, version, again)


def _values(house: House, refusal: Refusal | None = None) -> tuple[dict[str, object], datetime]:
    """What the page and its parts are drawn from, and when it looks different by itself."""
    session, actor, now = db.session(), acting(), house_now()
    keeps = actor.may(May.KEEP_SHIFTS, house.id)
    found, further = opened(session, actor, house, now, far=_far() is not None, phone=_phone() or "")
    swaps = standing_in(session, house, now) if keeps else []
    values = {
        "house": house,
        "shifts": found,
        "far": _far(),
        "further": further,
        "swaps": swaps,
        "keeps": keeps,
        "back": url_for("staffing.open_shifts", slug=house.slug, phone=_phone(), far=_far()),
        "form": shown({"why": ""}, refusal),
        "wrong_for": request.form.get("person", ""),
        "wrong_swap": request.form.get("swap", ""),
    }
    return values, min([look_again(found, house, now), *(each.until for each in swaps)])


def _phone() -> str | None:
    """The offer whose list to phone is wanted."""
    return request.args.get("phone")


def _far() -> str | None:
    """Whether all weeks are asked for, as the address says it."""
    return "on" if request.args.get("far") == "on" else None


def draw_open_shifts(house: House, refusal: Refusal | None = None) -> str:
    version = versions(house.id)[0]  # read first: what is read after it is at least as new
    values, again = _values(house, refusal)
    parts = url_for("staffing.open_shifts_parts", slug=house.slug, phone=_phone(), far=_far())
    return drawn("staffing/open_shifts.html", **values, **lived(house, version, again, parts))


# -- on offer -----------------------------------------------------------------------------------------------------


@blueprint.post("/shifts/<uuid:shift_id>/offer", endpoint="offer")
@for_row(Shift, "shift", May.KEEP_SHIFTS)
def start(shift: Shift) -> ResponseReturnValue:
    shift_id, page = shift.id, _page(shift.house_id)

    def act() -> Answer:
        offer = service.start(acting(), shift_id, now=house_now())
        said = _("On offer. Those whom it fits are asked now.")
        return done(page, said, url_for("staffing.stop_offer", offer_id=offer.id), back=page)

    return act_form(acting(), act)


@blueprint.post("/offers/<uuid:offer_id>/stop", endpoint="stop_offer")
@for_row(ShiftOffer, "offer", May.KEEP_SHIFTS)
def stop(offer: ShiftOffer) -> ResponseReturnValue:
    offer_id, shift_id, page = offer.id, offer.shift_id, _page(offer.house_id)

    def act() -> Answer:
        service.stop(acting(), offer_id, now=house_now())
        return done(
            page, _("Nobody is asked for it any more."), url_for("staffing.offer", shift_id=shift_id), back=page
        )

    return act_form(acting(), act)


@blueprint.post("/shifts/<uuid:shift_id>/take", endpoint="take_shift")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def take(shift: Shift) -> ResponseReturnValue:
    shift_id, page, words = shift.id, own_page(url_for("staffing.mine")), shift_words(shift)

    def act() -> Answer:
        took = service.claim(acting(), shift_id, acting().id, now=house_now())
        if not took.yours:
            return done(page, _why_not(took))  # and no refusal: that they offered is kept, and seen
        undo = url_for("staffing.cannot_come", shift_id=shift_id)
        return done(page, _("Thank you. %(shift)s is yours.", shift=words), undo, back=page)

    return act_form(acting(), act)


def _why_not(took: Took) -> str:
    return str(service.refusal_of(took).sentence)


@blueprint.post("/offers/<uuid:offer_id>/pass", endpoint="pass_offer")
@for_row(ShiftOffer, "offer", May.SEE_SHIFTS)
def pass_on(offer: ShiftOffer) -> ResponseReturnValue:
    offer_id, page = offer.id, own_page(url_for("staffing.mine"))

    def act() -> Answer:
        service.pass_on(acting(), offer_id, now=house_now())
        return done(page, _("Thank you for telling us. We won’t ask you about this one again."))

    return act_form(acting(), act)


# -- I can't come -------------------------------------------------------------------------------------------------


@blueprint.post("/shifts/<uuid:shift_id>/cannot-come")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def cannot_come(shift: Shift) -> ResponseReturnValue:
    words = _("Thank you for telling us. %(shift)s is open, and others are asked.", shift=shift_words(shift))
    return _own(shift, leaving.cannot_come, words, "staffing.can_come")


@blueprint.post("/shifts/<uuid:shift_id>/can-come")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def can_come(shift: Shift) -> ResponseReturnValue:
    words = _("%(shift)s is yours again.", shift=shift_words(shift))
    return _own(shift, leaving.can_after_all, words, "staffing.cannot_come")


def _own(shift: Shift, say: Callable[..., Shift], words: str, undo: str) -> ResponseReturnValue:
    shift_id, page = shift.id, own_page(url_for("staffing.mine"))

    def act() -> Answer:
        say(acting(), shift_id, now=house_now())
        return done(page, words, url_for(undo, shift_id=shift_id), back=page)

    return act_form(acting(), act)


# -- phoning round ------------------------------------------------------------------------------------------------


@blueprint.post("/offers/<uuid:offer_id>/phoned")
@for_row(ShiftOffer, "offer", May.SEE_SHIFTS)
def phoned(offer: ShiftOffer) -> ResponseReturnValue:
    form, offer_id = Form(request.form), offer.id
    page = own_page(_page(offer.house_id))
    person_id, said = form.uuid("person"), form.choice("said", ("yes", "no"))
    form.done()

    def act() -> Answer:
        phoning.phoned(acting(), offer_id, person_id, takes_it=said == "yes", now=house_now())
        return done(page, _("It is theirs, and they have it in writing.") if said == "yes" else _("Noted."))

    return act_form(acting(), act)


@blueprint.post("/offers/<uuid:offer_id>/anyway", endpoint="put_on_anyway")
@for_row(ShiftOffer, "offer", May.KEEP_SHIFTS)
def anyway(offer: ShiftOffer) -> ResponseReturnValue:
    house = db.session.get_one(House, offer.house_id)
    return or_redraw(lambda: _anyway(offer), lambda refusal: draw_open_shifts(house, refusal))


def _anyway(offer: ShiftOffer) -> ResponseReturnValue:
    form, offer_id, page = Form(request.form), offer.id, _page(offer.house_id)
    person_id, why = form.uuid("person"), form.text("why", needed=False, most=LONGEST_WHY)
    form.done()

    def act() -> Answer:
        phoning.put_on_anyway(acting(), offer_id, person_id, why or "", now=house_now())
        return done(page, _("They are on. Your reason stands beside the shift."))

    return act_form(acting(), act)


def _page(house_id: uuid.UUID) -> str:
    return url_for("staffing.open_shifts", slug=db.session.get_one(House, house_id).slug)
