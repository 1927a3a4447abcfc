"""Asking to be forgotten: what goes, what stays, by when they hear; and changing one's mind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.limits import limiter
from respite.core.redraw import drawn
from respite.core.times import day_and_month
from respite.guest_page.access import for_page
from respite.guest_page.service import asking
from respite.guest_page.service.opening import Page
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint
from respite.guests.models import AskKind
from respite.guests.service.asks import asks_to_be_forgotten
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import rules_now

ASKED_AT_MOST = "30 per hour"


@blueprint.get("/g/<token>/forget")
@for_page()
def forget_form(page: Page) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    house = session.get_one(House, page.house_id)
    asked = asks_to_be_forgotten(session, page.guest_id)
    by = local(now, house.timezone).date() + timedelta(days=rules_now(session, house.id).answer_days)
    facts: dict[str, Any] = {"asked": None, "by": day_and_month(by)}
    if asked is not None:
        facts = {
            "asked": day_and_month(local(asked.asked_at, house.timezone).date()),
            "by": day_and_month(asked.answer_by) if asked.answer_by else None,
            "answer": asked.answer,
            "ask_id": asked.id,
        }
    return drawn("guest_page/forget.html", token=page.token, place=house.name, **facts)


@blueprint.post("/g/<token>/forget")
@limiter.limit(ASKED_AT_MOST)
@for_page()
def forget(page: Page) -> ResponseReturnValue:
    def act() -> str:
        asking.ask(page.actor, AskKind.FORGET, now=house_now())
        return _("We have it.")

    return tapped(page, act, url_for("guest_page.forget_form", token=page.token))
