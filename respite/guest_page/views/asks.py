"""Asking the house for something or suggesting it, and what was answered, on a guest's own page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form, new_key
from respite.core.limits import limiter
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import moment_words
from respite.core.web import own_page
from respite.guest_page.access import for_page
from respite.guest_page.service import asking
from respite.guest_page.service.opening import Page
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint
from respite.guests.ask_queries import own_asks
from respite.guests.models import AskKind, GuestAsk
from respite.guests.service.asks import LONGEST_ASK
from respite.houses.models import House

SENT_AT_MOST = "30 per hour"
KINDS = ("request", "suggestion", "nameless")


@blueprint.get("/g/<token>/asks")
@for_page()
def asks(page: Page) -> ResponseReturnValue:
    return _draw(page)


@blueprint.post("/g/<token>/asks")
@limiter.limit(SENT_AT_MOST)
@for_page()
def ask(page: Page) -> ResponseReturnValue:
    return or_redraw(lambda: _ask(page), lambda refusal: _draw(page, refusal))


def _ask(page: Page) -> ResponseReturnValue:
    form, here = Form(request.form), url_for("guest_page.asks", token=page.token)
    kind = form.choice("kind", KINDS)
    words = form.text("words", most=LONGEST_ASK, lines=True)
    form.done()
    if kind == "nameless":
        # Without `tapped`, which keeps for a day who sent which form.
        asking.send_nameless(page.actor, words, request.form.get("key") or new_key(), now=house_now())
        flash(_("Sent, without your name."))
        return redirect(here, 303)

    def act() -> str:
        asking.ask(page.actor, AskKind(kind), words, now=house_now())
        return _("We have it. The answer comes here.")

    return tapped(page, act, here)


@blueprint.post("/g/<token>/asks/<uuid:ask_id>/back")
@limiter.limit(SENT_AT_MOST)
@for_page()
def take_ask_back(page: Page, ask_id: uuid.UUID) -> ResponseReturnValue:
    """They changed their mind."""

    def act() -> str:
        asking.take_back(page.actor, ask_id, now=house_now())
        return _("Taken back. It is gone.")

    return tapped(page, act, own_page(url_for("guest_page.show", token=page.token)))


def _draw(page: Page, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    zone = session.get_one(House, page.house_id).timezone
    return drawn(
        "guest_page/asks.html",
        token=page.token,
        asked=[_line(row, zone, now) for row in own_asks(session, page.guest_id) if row.kind != AskKind.FORGET],
        form=shown({"kind": "request"}, refusal),
        longest=LONGEST_ASK,
    )


def _line(row: GuestAsk, zone: str, now: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "words": row.words,
        "when": moment_words(row.asked_at, zone, now),
        "answer": row.answer,
        "answered": moment_words(row.answered_at, zone, now) if row.answered_at else None,
        "seen_to": row.taken_by is not None,
        "open": row.ended_at is None,
    }
