"""The demo's clock: "skip ahead an hour, a day, a week". In a real house none of this is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts import tokens
from respite.accounts.acting import acting
from respite.accounts.actor import ActorKind
from respite.core.api.reading import read_object
from respite.core.clock import house_now
from respite.core.errors import Invalid, NotFound
from respite.core.forms import Unusable
from respite.core.redraw import drawn
from respite.core.settings import Settings
from respite.core.times import clock_words, weekday
from respite.core.web import back_to, csrf, guard
from respite.houses.policy.house_time import local
from respite.houses.queries import houses_of
from respite.messaging.simulator import phones_are_simulated
from respite.scheduler.durations import as_length
from respite.scheduler.walk import FARTHEST, skip_ahead

blueprint = Blueprint("demo_clock", __name__)


def _only_in_the_demo(_arguments: dict[str, Any]) -> None:
    """Somebody signed in, or an API token; in demo mode alone."""
    settings: Settings = current_app.extensions["respite.settings"]
    if not settings.demo:
        raise NotFound
    bearer = tokens.bearer()
    if bearer is not None:
        g.actor = tokens.by_token(bearer)
    elif request.method == "POST" and current_app.config["WTF_CSRF_ENABLED"]:
        # No cookie came into question above, so only a form of our own pages needs its token.
        csrf.protect()
    if acting().kind not in (ActorKind.PERSON, ActorKind.TOKEN):
        raise NotFound


in_the_demo = guard("demo", _only_in_the_demo)


@blueprint.get("/demo")
@in_the_demo
def page() -> ResponseReturnValue:
    now, houses = house_now(), houses_of(acting())
    g.house = houses[0] if len(houses) == 1 else None
    return drawn(
        "scheduler/demo.html",
        house=g.house,
        phones=phones_are_simulated(),
        houses=[
            (house, weekday(local(now, house.timezone).date()), clock_words(now, house.timezone)) for house in houses
        ],
    )


@blueprint.post("/demo/clock")
@csrf.exempt
@in_the_demo
def clock() -> ResponseReturnValue:
    try:
        length = as_length(_advance(), most=FARTHEST)
    except Unusable as unusable:
        if request.is_json:
            return jsonify(status=422, title="invalid", detail=str(unusable), errors={"advance": str(unusable)}), 422
        raise Invalid(fields={"advance": str(unusable)}) from unusable
    now, ran = skip_ahead(acting(), length)
    if request.is_json:
        return jsonify(now=now.isoformat(), ran=ran)
    flash({"text": _said(ran)})  # type: ignore[arg-type]  # ui.flashes() draws these facts
    return back_to(url_for("demo_clock.page"))


def _advance() -> str:
    sent: Mapping[str, Any] = request.form
    if request.is_json:
        try:
            sent = read_object(request.get_data())
        except Invalid:
            return ""
    advance = sent.get("advance")
    return advance if isinstance(advance, str) else ""


def _said(ran: int) -> str:
    if not ran:
        return _("Skipped ahead. Nothing became due.")
    return ngettext(
        "Skipped ahead. One thing became due and was done.",
        "Skipped ahead. %(num)s things became due and were done.",
        ran,
    )
