"""On a guest's own page: someone they would not want to meet here.

Whether the house knows anybody of that name is not said.
"""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.limits import limiter
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.guest_page.access import for_page
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import while_open
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint
from respite.guests.service.apart import prolong_apart, say_apart, take_apart_back, wishes_of
from respite.guests.service.people import LONGEST_NAME
from respite.guests.service.yes_first import rules_of

SENT_AT_MOST = "30 per hour"


@blueprint.route("/g/<token>/apart", methods=["GET", "POST"])
@limiter.limit(SENT_AT_MOST, methods=["POST"])
@for_page()
def apart(page: Page) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _say(page), lambda refusal: _draw(page, refusal))
    return _draw(page)


@blueprint.post("/g/<token>/apart/<uuid:apart_wish_id>")
@limiter.limit(SENT_AT_MOST)
@for_page()
def apart_changed(page: Page, apart_wish_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    longer = form.flag("longer")
    form.done()

    def act() -> str:
        with while_open(page.actor, house_now()):
            if longer:
                prolong_apart(page.actor, apart_wish_id, now=house_now())
                return _("It counts for longer now.")
            take_apart_back(page.actor, apart_wish_id, now=house_now())
            return _("It is gone.")

    return tapped(page, act, url_for("guest_page.apart", token=page.token))


def _say(page: Page) -> ResponseReturnValue:
    form = Form(request.form)
    name = form.text("name", most=LONGEST_NAME)
    form.done()

    def act() -> str:
        with while_open(page.actor, house_now()):
            say_apart(page.actor, page.guest_id, name, now=house_now())
            return _("Kept.")

    return tapped(page, act, url_for("guest_page.apart", token=page.token))


def _draw(page: Page, refusal: Refusal | None = None) -> str:
    session = db.session()
    rows = wishes_of(session, page.guest_id)
    return drawn(
        "guest_page/apart.html",
        token=page.token,
        wishes=[(row.id, row.other_name, day_and_month(row.until, year=True)) for row in rows],
        months=rules_of(session, page.house_id)[1],
        form=shown({}, refusal),
        longest=LONGEST_NAME,
    )
