"""On a guest's own page: who of the house must not open it."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.actor import person_in
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.limits import limiter
from respite.core.redraw import drawn, or_redraw, shown
from respite.guest_page.access import for_page
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import while_open
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint
from respite.guests.service.kept_from import (
    could_be_named,
    keep_from,
    named_by,
    rows_told,
    somebody_may,
    take_off,
)

SENT_AT_MOST = "30 per hour"


@blueprint.route("/g/<token>/kept-from", methods=["GET", "POST"])
@limiter.limit(SENT_AT_MOST, methods=["POST"])
@for_page()
def kept_from(page: Page) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _name(page), lambda refusal: _draw(page, refusal))
    return _draw(page)


@blueprint.post("/g/<token>/kept-from/<uuid:kept_from_id>/off")
@limiter.limit(SENT_AT_MOST)
@for_page()
def kept_from_off(page: Page, kept_from_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> str:
        with while_open(page.actor, house_now()):
            take_off(page.actor, kept_from_id, person_in(page.given_by), now=house_now())
            return _("Taken off. They can open it again.")

    return tapped(page, act, url_for("guest_page.kept_from", token=page.token))


def _name(page: Page) -> ResponseReturnValue:
    form = Form(request.form)
    person_id = form.uuid("person")
    form.done()

    def act() -> str:
        with while_open(page.actor, house_now()):
            keep_from(page.actor, page.guest_id, person_id, now=house_now())
            if person_id == person_in(page.given_by):
                return _("Kept. They gave you this link, so it does not show here. Ask one of us for a new link.")
            return _("Kept. From now on they see your door, and nothing more.")

    return tapped(page, act, url_for("guest_page.kept_from", token=page.token))


def _draw(page: Page, refusal: Refusal | None = None) -> str:
    session = db.session()
    named = named_by(session, page.guest_id, person_in(page.given_by))
    told = {row.person_id for row in rows_told(session, page.guest_id, person_in(page.given_by))}
    return drawn(
        "guest_page/kept_from.html",
        token=page.token,
        named=named,
        people=[
            (str(person.id), person.name) for person in could_be_named(session, page.house_id) if person.id not in told
        ],
        nobody=not somebody_may(session, page.house_id, page.guest_id, May.KEEP_BEDS),
        nobody_decides=not somebody_may(session, page.house_id, page.guest_id, May.DECIDE_STAYS),
        form=shown({}, refusal),
    )
