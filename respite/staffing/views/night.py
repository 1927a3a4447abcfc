"""The taps of the living night: on my way, I stay, what somebody said on the telephone, a second person is wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.web import own_page
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.staffing.models import CallIn, Shift
from respite.staffing.policy.watching import COMES, LOOKS_AFTER, PASSES
from respite.staffing.service import answering, calling_in, coming, ends, holding_over
from respite.staffing.views import blueprint

ANSWERS = ("on-way", "cannot-come", COMES, PASSES, LOOKS_AFTER)


@blueprint.post("/shifts/<uuid:shift_id>/on-way")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def on_way(shift: Shift) -> ResponseReturnValue:
    return _say(shift, coming.on_way, _("We know that you are on your way."), "staffing.not_on_way")


@blueprint.post("/shifts/<uuid:shift_id>/not-on-way")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def not_on_way(shift: Shift) -> ResponseReturnValue:
    return _say(shift, coming.not_on_way_after_all, _("You are not on your way yet."), "staffing.on_way")


@blueprint.post("/shifts/<uuid:shift_id>/stays")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def stays(shift: Shift) -> ResponseReturnValue:
    return _say(shift, holding_over.stays, _("Thank you for staying on. You hear as soon as somebody is here."))


@blueprint.post("/shifts/<uuid:shift_id>/cannot-stay")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def cannot_stay(shift: Shift) -> ResponseReturnValue:
    said = _("That is fine. Thank you for all you did; others are asked.")
    return _say(shift, holding_over.cannot_stay, said, "staffing.not_went")


@blueprint.post("/shifts/<uuid:shift_id>/answered")
@for_row(Shift, "shift", May.KEEP_BEDS)
def answered(shift: Shift) -> ResponseReturnValue:
    return _told_by_phone(shift, answering.answered)


@blueprint.post("/shifts/<uuid:shift_id>/longer")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def stay_longer(shift: Shift) -> ResponseReturnValue:
    until = _until()
    said = _("Your shift is longer now. Thank you.")
    return _say(shift, lambda actor, shift_id, now: ends.stay_longer(actor, shift_id, until=until, now=now), said)


@blueprint.post("/shifts/<uuid:shift_id>/earlier")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def leave_early(shift: Shift) -> ResponseReturnValue:
    until = _until()
    said = _("Your shift ends earlier, and the rest of it is open for others.")
    return _say(shift, lambda actor, shift_id, now: ends.leave_early(actor, shift_id, at=until, now=now), said)


@blueprint.post("/shifts/<uuid:shift_id>/open")
@for_row(Shift, "shift", May.KEEP_SHIFTS)
def open_for_others(shift: Shift) -> ResponseReturnValue:
    return _say(shift, ends.open_for_others, _("The shift is open for others."))


def _until() -> time:
    form = Form(request.form)
    until = form.clock_time("until")
    form.done()
    return until


@blueprint.post("/houses/<slug>/second")
@for_house(May.KEEP_BEDS)
def want_second(house: House) -> ResponseReturnValue:
    house_id, page = house.id, _page(house.id)

    def act() -> Answer:
        call = calling_in.want_second(acting(), house_id, now=house_now())
        said = _("Those on call are asked now, one after another.")
        return done(page, said, url_for("staffing.call_ended", call_id=call.id))

    return act_form(acting(), act)


@blueprint.post("/calls/<uuid:call_id>/answered")
@for_row(CallIn, "call", May.KEEP_BEDS)
def call_answered(call: CallIn) -> ResponseReturnValue:
    return _told_by_phone(call, calling_in.call_answered)


@blueprint.post("/calls/<uuid:call_id>/ended")
@for_row(CallIn, "call", May.KEEP_BEDS)
def call_ended(call: CallIn) -> ResponseReturnValue:
    call_id, page = call.id, _page(call.house_id)

    def act() -> Answer:
        calling_in.end_call(acting(), call_id, now=house_now())
        return done(page, _("Nobody else is asked."))

    return act_form(acting(), act)


def _say(shift: Shift, say: Callable[..., Shift], words: str, undo: str | None = None) -> ResponseReturnValue:
    shift_id, page = shift.id, _page(shift.house_id)

    def act() -> Answer:
        say(acting(), shift_id, now=house_now())
        return done(page, words, url_for(undo, shift_id=shift_id) if undo else None, back=page)

    return act_form(acting(), act)


def _told_by_phone(about: Shift | CallIn, note: Callable[..., object]) -> ResponseReturnValue:
    """What somebody said when they were called."""
    form, about_id, page = Form(request.form), about.id, _page(about.house_id)
    person_id, answer = form.uuid("person"), form.choice("answer", ANSWERS)
    form.done()

    def act() -> Answer:
        assert person_id is not None
        note(acting(), about_id, person_id, answer, now=house_now())
        return done(page, _("Noted."))

    return act_form(acting(), act)


def _page(house_id: object) -> str:
    """The desk, or the page that the tap came from."""
    return own_page(f"/houses/{db.session.get_one(House, house_id).slug}/board")
