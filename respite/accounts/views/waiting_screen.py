"""A screen on the wall that is not paired yet: eight letters, and never a sign-in."""

from __future__ import annotations

from typing import Any

import segno
from flask import Response, current_app, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from respite.accounts import cookies, displays
from respite.accounts.cookies import Cookie
from respite.accounts.service import pairing
from respite.accounts.views import blueprint
from respite.core.db import end_read
from respite.core.limits import limiter

LOOK_EVERY = 5  # seconds


def pairing_or_display() -> displays.Screen | Response:
    """The paired screen that asks for the wall, or the page that pairs it.

    A screen whose letters were typed gets its token here and comes again with it.
    """
    screen: displays.Screen | None = g.get("screen")
    if screen is not None:
        return screen
    secret = cookies.read(Cookie.PAIRING)
    token = pairing.collect(secret) if secret else None
    if token is not None:
        paired = make_response(redirect(url_for("board.wall"), 303))
        cookies.put(paired, Cookie.DISPLAY, token)
        cookies.drop(paired, Cookie.PAIRING)
        return paired
    waiting = pairing.waiting(secret) if secret else None
    return _letters(waiting) if waiting else _new_letters()


@limiter.limit("60 per hour")
def _new_letters() -> Response:
    secret = pairing.begin()
    waiting = pairing.waiting(secret)
    assert waiting is not None
    response = _letters(waiting)
    cookies.put(response, Cookie.PAIRING, secret)
    return response


def _letters(waiting: pairing.Waiting) -> Response:
    end_read()
    address = f"{current_app.config['PUBLIC_URL']}{url_for('screens.pair_here', code=waiting.code)}"
    page: dict[str, Any] = {
        "code": waiting.code,
        "address": current_app.config["PUBLIC_URL"].split("://")[-1],
        "qr": segno.make(address, error="m").svg_data_uri(scale=8, border=2, dark="#2b2925", light="#fff"),
        "look_every": LOOK_EVERY,
    }
    return make_response(render_template("accounts/pairing.html", **page))


@blueprint.get("/wall/pairing")
def wall_pairing() -> ResponseReturnValue:
    """What the waiting screen asks every five seconds: do its letters still stand, or is it to come again?"""
    secret = cookies.read(Cookie.PAIRING)
    waits = g.get("screen") is None and secret is not None and pairing.waiting(secret) is not None
    end_read()
    return jsonify(waits=waits)


def keep_screen_cookie(response: Response) -> Response:
    """Renews a paired screen's token with the wall's page, never with a part of it that a script fetches."""
    if request.path == "/wall" and request.method == "GET" and response.status_code == 200:
        return displays.keep_cookie(response)
    return response
