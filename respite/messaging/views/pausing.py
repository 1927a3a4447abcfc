"""Pausing texts and letting them go on: one tap each, and taken back with one."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.forms import Form
from respite.core.web import own_page
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging.purposes import Purpose
from respite.messaging.service import pausing
from respite.messaging.service.pausing import PERSON, PROVIDER
from respite.messaging.views.routes import blueprint


@blueprint.post("/houses/<slug>/texts/pauses")
@for_house(May.SET_RULES)
def pause(house: House) -> ResponseReturnValue:
    form, house_id, slug, page = Form(request.form), house.id, house.slug, _page(house)
    purpose = _purpose(form)
    form.done()

    def act() -> Answer:
        pausing.pause(acting(), house_id, purpose, house_now())
        said = _("Texts wait until somebody lets them go on.")
        undo = url_for("messaging.resume", slug=slug)
        return done(page, said, undo, back=page, why=PERSON, purpose=purpose or "")

    return act_form(acting(), act)


@blueprint.post("/houses/<slug>/texts/pauses/end")
@for_house(May.SET_RULES)
def resume(house: House) -> ResponseReturnValue:
    form, house_id, slug, page = Form(request.form), house.id, house.slug, _page(house)
    why = form.choice("why", (PERSON, PROVIDER))
    purpose = _purpose(form)
    form.done()

    def act() -> Answer:
        if why == PROVIDER:
            return done(page, _said(pausing.resume_line(acting(), house_id, house_now())))
        waited = pausing.resume(acting(), house_id, purpose, house_now())
        undo = url_for("messaging.pause", slug=slug)
        return done(page, _said(waited), undo, back=page, purpose=purpose or "")

    return act_form(acting(), act)


def _purpose(form: Form) -> Purpose | None:
    chosen = form.choice("purpose", Purpose, needed=False)
    return Purpose(chosen) if chosen and not form.wrong else None


def _said(waited: int) -> str:
    if not waited:
        return _("Texts leave again.")
    return ngettext("Texts leave again; one was waiting.", "Texts leave again; %(num)s were waiting.", waited)


def _page(house: House) -> str:
    """Where the tap came from."""
    return own_page(url_for("messaging.setup", slug=house.slug))
