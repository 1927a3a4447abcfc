"""Agreements on a guest's own page: read, agreed to, or left."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.limits import limiter
from respite.core.redraw import drawn
from respite.guest_page.access import for_page
from respite.guest_page.service.agreeing import keep_read
from respite.guest_page.service.opening import Page
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint
from respite.guests.agreement_queries import standing_of
from respite.guests.views.agreements import how_in, said_of
from respite.houses.models import House

TAPS = "60 per minute"


@blueprint.get("/g/<token>/agreements")
@for_page()
def agreements(page: Page) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    zone = session.get_one(House, page.house_id).timezone
    texts = standing_of(session, page.house_id, page.guest_id)
    return drawn(
        "guest_page/agreements.html", token=page.token, texts=[(each, said_of(each, zone, now)) for each in texts]
    )


@blueprint.post("/g/<token>/agreements/<uuid:text_id>")
@limiter.limit(TAPS)
@for_page()
def agreement(page: Page, text_id: uuid.UUID) -> ResponseReturnValue:
    how = how_in(Form(request.form))

    def act() -> str:
        keep_read(page.actor, text_id, how, now=house_now())
        return _("Taken back.") if how is None else _("Kept, with today's date.")

    return tapped(page, act, url_for("guest_page.agreements", token=page.token))
