"""Asking a colleague to take one's shift or to swap it, answering, and what whoever keeps the shifts says to it."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form, Unusable, as_uuid
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.web import own_page
from respite.houses.access import for_row
from respite.houses.models import House
from respite.staffing.errors import QuestionOver
from respite.staffing.models import Shift, SwapRequest
from respite.staffing.policy.swaps import Ended
from respite.staffing.service import swaps as service
from respite.staffing.service.overruling import LONGEST_WHY
from respite.staffing.service.swaps import Agreed
from respite.staffing.views import blueprint
from respite.staffing.views.offers import draw_open_shifts
from respite.staffing.views.offers_shown import shift_words
from respite.staffing.views.swaps_shown import colleagues_for, shifts_of_colleague


@blueprint.get("/shifts/<uuid:shift_id>/ask", endpoint="ask_colleague")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def asking(shift: Shift) -> ResponseReturnValue:
    return _draw(shift)


@blueprint.post("/shifts/<uuid:shift_id>/ask", endpoint="ask_for_shift")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def ask(shift: Shift) -> ResponseReturnValue:
    return or_redraw(lambda: _ask(shift), lambda refusal: _draw(shift, refusal))


def _draw(shift: Shift, refusal: Refusal | None = None) -> str:
    if shift.person_id != acting().id:
        raise NotFound
    session, now, house = db.session(), house_now(), db.session.get_one(House, shift.house_id)
    with_id = _with()
    return drawn(
        "staffing/swap_ask.html",
        house=house,
        shift=shift,
        words=shift_words(shift, house),
        form=shown({}, refusal),
        colleague=shifts_of_colleague(session, house, shift, with_id, now) if with_id else None,
        colleagues=colleagues_for(session, house, shift, now) if not with_id else [],
    )


def _with() -> uuid.UUID | None:
    """The colleague whose shifts are wanted."""
    try:
        return as_uuid(request.values.get("with", ""))
    except Unusable:
        return None


def _ask(shift: Shift) -> ResponseReturnValue:
    form, shift_id, page = Form(request.form), shift.id, url_for("staffing.mine")
    other_id, other_shift_id = form.uuid("person"), form.uuid("other", needed=False)
    form.done()

    def act() -> Answer:
        asked = service.ask(acting(), shift_id, other_id, other_shift_id=other_shift_id, now=house_now())
        name = db.session.get_one(Person, other_id).name
        said = _("%(name)s is asked. Until they say yes the shift is yours.", name=name)
        if not asked.texted:
            said = _("%(name)s sees it on their page. No text reaches them, so you may like to call.", name=name)
        return done(page, said, url_for("staffing.take_swap_back", swap_id=asked.swap.id), back=page)

    return act_form(acting(), act)


# -- answering --------------------------------------------------------------------------------------------------------


@blueprint.post("/swaps/<uuid:swap_id>/yes", endpoint="agree_to_swap")
@for_row(SwapRequest, "swap", May.SEE_SHIFTS)
def say_yes(swap: SwapRequest) -> ResponseReturnValue:
    swap_id, page = swap.id, url_for("staffing.mine")

    def act() -> Answer:
        return done(page, _answer(service.say_yes(acting(), swap_id, now=house_now())))

    return act_form(acting(), act)


def _answer(agreed: Agreed) -> str:
    if agreed.happened:
        return _("Thank you. It is done, and your colleague knows.")
    if agreed.ended is not None:
        return str(QuestionOver.sentence)
    return _("Thank you. Somebody who keeps the shifts looks at it first. Nothing changes until then.")


@blueprint.post("/swaps/<uuid:swap_id>/no", endpoint="decline_swap")
@for_row(SwapRequest, "swap", May.SEE_SHIFTS)
def say_no(swap: SwapRequest) -> ResponseReturnValue:
    swap_id, page = swap.id, url_for("staffing.mine")

    def act() -> Answer:
        service.say_no(acting(), swap_id, now=house_now())
        return done(page, _("Thank you for telling us. Your colleague knows, and keeps the shift."))

    return act_form(acting(), act)


@blueprint.post("/swaps/<uuid:swap_id>/take-back", endpoint="take_swap_back")
@for_row(SwapRequest, "swap", May.SEE_SHIFTS)
def take_back(swap: SwapRequest) -> ResponseReturnValue:
    swap_id, page = swap.id, own_page(url_for("staffing.mine"))

    def act() -> Answer:
        service.take_back(acting(), swap_id, now=house_now())
        return done(page, _("Nobody is asked any more. The shift is yours."))

    return act_form(acting(), act)


# -- whoever keeps the shifts -----------------------------------------------------------------------------------------


@blueprint.post("/swaps/<uuid:swap_id>/happen", endpoint="let_swap_happen")
@for_row(SwapRequest, "swap", May.KEEP_SHIFTS)
def let_happen(swap: SwapRequest) -> ResponseReturnValue:
    house = db.session.get_one(House, swap.house_id)
    return or_redraw(lambda: _let_happen(swap, house), lambda refusal: draw_open_shifts(house, refusal))


def _let_happen(swap: SwapRequest, house: House) -> ResponseReturnValue:
    form, swap_id, page = Form(request.form), swap.id, url_for("staffing.open_shifts", slug=house.slug)
    why = form.text("why", needed=False, most=LONGEST_WHY)
    form.done()

    def act() -> Answer:
        happened = service.let_happen(acting(), swap_id, why, now=house_now()).ended_why == Ended.DONE
        return done(page, _("It is done, and both know.") if happened else str(QuestionOver.sentence))

    return act_form(acting(), act)


@blueprint.post("/swaps/<uuid:swap_id>/stop", endpoint="stop_swap")
@for_row(SwapRequest, "swap", May.KEEP_SHIFTS)
def stop(swap: SwapRequest) -> ResponseReturnValue:
    swap_id, house = swap.id, db.session.get_one(House, swap.house_id)
    page = url_for("staffing.open_shifts", slug=house.slug)

    def act() -> Answer:
        service.stop(acting(), swap_id, now=house_now())
        return done(page, _("The question is over. Both keep their shifts, and know."))

    return act_form(acting(), act)
