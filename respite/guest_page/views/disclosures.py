"""What others may be told of a guest, and were, on their own page: yes or no to the very words, at any time."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.core.clock import house_now
from respite.core.db import db, joinable
from respite.core.forms import Form
from respite.core.limits import limiter
from respite.core.redraw import drawn
from respite.guest_page.access import for_page
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import acting_guest
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint
from respite.houses.models import House
from respite.resources.disclosures.service import agree_own, end_own
from respite.resources.disclosures.shown import lines_of

SENT_AT_MOST = "60 per hour"


@blueprint.get("/g/<token>/told")
@for_page()
def disclosures(page: Page) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    lines = lines_of(session, page.guest_id, session.get_one(House, page.house_id), now)
    return drawn("guest_page/disclosures.html", token=page.token, lines=lines)


@blueprint.post("/g/<token>/told/<uuid:disclosure_id>/yes")
@limiter.limit(SENT_AT_MOST)
@for_page()
def disclosure_agreed(page: Page, disclosure_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> str:
        form = Form(request.form)
        mark = form.text("mark", most=64)
        form.done()
        with joinable() as session:
            guest = acting_guest(session, page.actor, house_now())
            agree_own(session, page.actor, guest, disclosure_id, mark, house_now())
        return _("You said yes. You can take it back here at any time.")

    return tapped(page, act, url_for("guest_page.disclosures", token=page.token))


@blueprint.post("/g/<token>/told/<uuid:disclosure_id>/no")
@limiter.limit(SENT_AT_MOST)
@for_page()
def disclosure_ended(page: Page, disclosure_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> str:
        with joinable() as session:
            guest = acting_guest(session, page.actor, house_now())
            end_own(session, page.actor, guest, disclosure_id, house_now())
        return _("Nobody is told these words any more.")

    return tapped(page, act, url_for("guest_page.disclosures", token=page.token))
