"""What a guest asked and what was answered, on their own page."""

from __future__ import annotations

import uuid

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.core.clock import house_now
from respite.core.web import own_page
from respite.guest_page.access import for_page
from respite.guest_page.service import asking
from respite.guest_page.service.opening import Page
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint


@blueprint.post("/g/<token>/asks/<uuid:ask_id>/back")
@for_page()
def take_ask_back(page: Page, ask_id: uuid.UUID) -> ResponseReturnValue:
    """They changed their mind. Sent twice, it is gone all the same."""

    def act() -> str:
        asking.take_back(page.actor, ask_id, now=house_now())
        return _("Taken back. It is gone.")

    return tapped(page, act, own_page(url_for("guest_page.show", token=page.token)))
